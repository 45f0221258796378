if not PLAN.config["profiles"]:

    rule reads:
        input:
            reads=lambda wildcards: PLAN.samples[wildcards.sample].reads,
            reference=REFERENCE,
            contig_table=PLAN.contig_table,
        output:
            alignments=f"{OUT}/reads/{{sample}}.{STAGED}",
            index=f"{OUT}/reads/{{sample}}.{STAGED}.{INDEX}",
            report=report(
                f"{OUT}/reads/{{sample}}.report.json",
                caption="../report/reads.rst",
                category="Reads",
            ),
        log:
            f"{LOGS}/reads/{{sample}}.log",
        conda:
            "../envs/seqmill.yaml"
        threads: 1
        resources:
            mem_mb=2000,
            runtime=240,
        params:
            stage_version=1,
            reads=reads_option,
            aligner=PLAN.config["aligner"],
            rename=RENAME,
            private="--pseudonymous" if PLAN.pseudonymous else "",
        shell:
            "seqmill reads --sample {wildcards.sample} {params.reads} --reference {input.reference}"
            " --aligner {params.aligner} {params.rename} {params.private} --threads {threads}"
            " --output {output.alignments} --report {output.report} 2>&1 | tee {log}"
