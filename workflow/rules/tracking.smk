localrules:
    tracking,
    champion,


rule tracking:
    output:
        f"{OUT}/tracking.json",
    log:
        f"{LOGS}/tracking.log",
    conda:
        "../envs/seqmill.yaml"
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        stage_version=1,
        uri=PLAN.tracking_uri(),
        experiment=PLAN.tracking_experiment(),
        artifacts=f"{OUT}/artifacts",
    shell:
        "seqmill tracking init --tracking-uri {params.uri} --experiment {params.experiment}"
        " --artifact-root {params.artifacts} --output {output} 2>&1 | tee {log}"


rule champion:
    input:
        tracking=rules.tracking.output[0],
        metrics=[f"{run}/metrics.json" for run in RUNS["model"]],
    output:
        f"{OUT}/champion.json",
    log:
        f"{LOGS}/champion.log",
    conda:
        "../envs/seqmill.yaml"
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        stage_version=1,
        uri=PLAN.tracking_uri(),
        runs=" ".join(f"--run {run}" for run in RUNS["model"]),
        metric=PLAN.config["champion"],
        name=PLAN.model_name,
    shell:
        "seqmill tracking register --tracking-uri {params.uri} {params.runs} --metric {params.metric}"
        " --name {params.name} --output {output} 2>&1 | tee {log}"
