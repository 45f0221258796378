rule reads:
    input:
        reads=lambda wildcards: PLAN.samples[wildcards.sample].reads,
        reference=REFERENCE,
    output:
        alignments=f"{OUT}/reads/{{sample}}.bam",
        index=f"{OUT}/reads/{{sample}}.bam.bai",
        report=report(
            f"{OUT}/reads/{{sample}}.report.json",
            caption="../report/reads.rst",
            category="Reads",
        ),
    log:
        f"{LOGS}/reads/{{sample}}.log",
    wildcard_constraints:
        sample=of_kind("alignments"),
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
    shell:
        "seqmill reads --sample {wildcards.sample} {params.reads} --reference {input.reference}"
        " --aligner {params.aligner} {params.rename} --threads {threads}"
        " --output {output.alignments} --report {output.report} 2>&1 | tee {log}"


rule fragments:
    input:
        reads=lambda wildcards: PLAN.samples[wildcards.sample].reads,
        reference=REFERENCE,
    output:
        fragments=f"{OUT}/reads/{{sample}}.bed.gz",
        index=f"{OUT}/reads/{{sample}}.bed.gz.tbi",
        report=report(
            f"{OUT}/reads/{{sample}}.report.json",
            caption="../report/reads.rst",
            category="Reads",
        ),
    log:
        f"{LOGS}/reads/{{sample}}.log",
    wildcard_constraints:
        sample=of_kind("fragments"),
    conda:
        "../envs/seqmill.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=240,
    params:
        stage_version=1,
        rename=RENAME,
    shell:
        "seqmill reads --sample {wildcards.sample} --fragments {input.reads} --reference {input.reference}"
        " {params.rename} --output {output.fragments} --report {output.report} 2>&1 | tee {log}"
