if PLAN.calls_peaks:

    rule peaks:
        input:
            alignments=rules.reads.output.alignments,
            report=rules.reads.output.report,
            control=lambda wildcards: expand(
                [rules.reads.output.alignments, rules.reads.output.report],
                sample=PLAN.controls(wildcards.sample),
            ),
            reference=REFERENCE,
        output:
            peaks=f"{OUT}/peaks/{{sample}}.{EXAMINED}",
            index=f"{OUT}/peaks/{{sample}}.{EXAMINED}.{EXAMINED_INDEX}",
            report=report(
                f"{OUT}/peaks/{{sample}}.report.json",
                caption="../report/peaks.rst",
                category="Peaks",
            ),
        log:
            f"{LOGS}/peaks/{{sample}}.log",
        conda:
            "../envs/macs3.yaml"
        threads: 1
        resources:
            mem_mb=8000,
            runtime=240,
        params:
            stage_version=1,
            options=lambda wildcards: PLAN.peak_options(wildcards.sample),
        shell:
            "seqmill peaks --sample {wildcards.sample} --alignments {input.alignments}"
            " --read-report {input.report} --reference {input.reference} {params.options:q}"
            " --output {output.peaks} --report {output.report} 2>&1 | tee {log}"
