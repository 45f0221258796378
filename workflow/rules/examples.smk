localrules:
    plan,


rule plan:
    output:
        f"{OUT}/plan.json",
    log:
        f"{LOGS}/plan.log",
    params:
        plan=PLAN.document(),
    run:
        write_json(output[0], params.plan)


rule examples:
    input:
        plan=ancient(rules.plan.output[0]),
        alignments=rules.reads.output.alignments,
        index=rules.reads.output.index,
        report=rules.reads.output.report,
        labels=lambda wildcards: PLAN.samples[wildcards.sample].labels,
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
        stage_version=1,
        digest=lambda wildcards: PLAN.examples_digest(wildcards.sample),
    shell:
        "seqmill examples --plan {input.plan} --sample {wildcards.sample} --batch {wildcards.batch}"
        " --alignments {input.alignments} --read-report {input.report} --output {output.part}"
        " 2>&1 | tee {log}"


rule collect:
    input:
        plan=ancient(rules.plan.output[0]),
        parts=parts(),
        reports=expand(rules.reads.output.report, sample=PLAN.split_samples),
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
        digest=PLAN.dataset_digest(),
        folder=subpath(output.manifest, parent=True),
    shell:
        "seqmill collect --config {input.plan} --part {input.parts} --read-report {input.reports}"
        " --output-dir {params.folder} 2>&1 | tee {log}"
