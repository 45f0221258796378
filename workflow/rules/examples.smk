localrules:
    plan,


rule plan:
    output:
        f"{OUT}/plans/{{document}}.json",
    log:
        f"{LOGS}/plans/{{document}}.log",
    conda:
        "../envs/seqmill.yaml"
    resources:
        mem_mb=100,
        runtime=5,
    params:
        stage_version=1,
        content=lambda wildcards: DOCUMENTS[wildcards.document],
    shell:
        "printf '%s\\n' {params.content:q} > {output} 2> {log}"


rule examples:
    input:
        plan=f"{OUT}/plans/examples.{{sample}}.json",
        alignments=ALIGNMENTS,
        index=ALIGNMENTS_INDEX,
        report=f"{READS}/{{sample}}.report.json",
        labels=lambda wildcards: list(PLAN.samples[wildcards.sample].labels.values()),
        files=list(PLAN.files("examples").values()),
        reference=REFERENCE,
    output:
        part=f"{OUT}/examples/{{sample}}.{{batch}}.parquet",
    log:
        f"{LOGS}/examples/{{sample}}.{{batch}}.log",
    conda:
        "../envs/seqmill.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=240,
    params:
        stage_version=5,
    shell:
        "seqmill examples --plan {input.plan} --sample {wildcards.sample} --batch {wildcards.batch}"
        " --alignments {input.alignments} --read-report {input.report} --output {output.part}"
        " 2>&1 | tee {log}"


rule collect:
    input:
        plan=f"{OUT}/plans/dataset.json",
        parts=parts(),
        reports=expand(f"{READS}/{{sample}}.report.json", sample=PLAN.split_samples),
        reference=REFERENCE,
    output:
        manifest=MANIFEST,
        labels=report(
            f"{OUT}/dataset/labels.json",
            caption="../report/labels.rst",
            category="Examples",
        ),
    log:
        f"{LOGS}/collect.log",
    conda:
        "../envs/seqmill.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=240,
    params:
        stage_version=1,
        folder=subpath(output.manifest, parent=True),
    shell:
        "seqmill collect --plan {input.plan} --part {input.parts} --read-report {input.reports}"
        " --output-dir {params.folder} 2>&1 | tee {log}"
