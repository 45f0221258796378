localrules:
    tracking,
    store,
    merge,
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
        artifacts=(
            ""
            if PLAN.tracking_uri().startswith("http")
            else f"--artifact-root {OUT}/artifacts"
        ),
    shell:
        "seqmill tracking init --tracking-uri {params.uri} --experiment {params.experiment}"
        " {params.artifacts} --output {output} 2>&1 | tee {log}"


rule store:
    output:
        f"{OUT}/runs/{{experiment}}/seed-{{seed}}/tracking/store.json",
    log:
        f"{LOGS}/store/{{experiment}}.seed-{{seed}}.log",
    conda:
        "../envs/seqmill.yaml"
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        stage_version=1,
        uri=lambda wildcards: PLAN.run_tracking_uri(**wildcards),
        experiment=PLAN.tracking_experiment(),
    shell:
        "seqmill tracking init --tracking-uri {params.uri} --experiment {params.experiment}"
        " --output {output} 2>&1 | tee {log}"


rule merge:
    input:
        tracking=rules.tracking.output[0],
        metrics=[f"{run}/metrics.json" for run in RUNS["model"] + RUNS["baseline"]],
    output:
        f"{OUT}/merged.json",
    log:
        f"{LOGS}/merge.log",
    conda:
        "../envs/seqmill.yaml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        stage_version=1,
        uri=PLAN.tracking_uri(),
        stores=" ".join(
            f"--store {run}/tracking/mlflow.db"
            for run in RUNS["model"] + RUNS["baseline"]
        ),
    shell:
        "seqmill tracking merge --tracking-uri {params.uri} {params.stores} --output {output} 2>&1 | tee {log}"


# What has to be there before a run is opened, and before the common store has all runs.
RUN_STORE = rules.store.output[0] if PLAN.merges_tracking else rules.tracking.output[0]
ALL_TRACKED = (
    rules.merge.output[0] if PLAN.merges_tracking else rules.tracking.output[0]
)


rule champion:
    input:
        tracking=ALL_TRACKED,
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
