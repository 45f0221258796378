localrules:
    compose,


rule compose:
    input:
        lambda wildcards: PLAN.experiments[wildcards.experiment].files,
    output:
        f"{OUT}/configs/{{experiment}}.yaml",
    log:
        f"{LOGS}/compose/{{experiment}}.log",
    priority: 100
    conda:
        "../envs/seqmill.yaml"
    resources:
        mem_mb=500,
        runtime=5,
    params:
        stage_version=1,
        base=lambda wildcards: PLAN.experiments[wildcards.experiment].base,
        overrides=lambda wildcards: PLAN.experiments[wildcards.experiment].overrides,
        hydra=PLAN.config["hydra"],
    shell:
        "seqmill compose experiment={params.base} {params.overrides:q} --name {wildcards.experiment}"
        " --config-dir {params.hydra} --output {output} 2>&1 | tee {log}"


rule train:
    input:
        config=rules.compose.output[0],
        manifest=MANIFEST,
        tracking=RUN_STORE,
        earlier=lambda wildcards: PLAN.earlier_checkpoints(wildcards.experiment),
    output:
        checkpoint=f"{OUT}/runs/{{experiment}}/seed-{{seed}}/checkpoint.ckpt",
        record=f"{OUT}/runs/{{experiment}}/seed-{{seed}}/train.json",
        config=f"{OUT}/runs/{{experiment}}/seed-{{seed}}/config.yaml",
    log:
        f"{LOGS}/train/{{experiment}}.seed-{{seed}}.log",
    conda:
        "../envs/seqmill.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=720,
    params:
        stage_version=2,
        run=subpath(output.checkpoint, parent=True),
        state=f"{OUT}/state",
        uri=lambda wildcards: PLAN.run_tracking_uri(**wildcards),
        experiment=PLAN.tracking_experiment(),
        launcher=launcher,
        processes=processes,
        scratch=scratch,
    shell:
        "{params.launcher} seqmill train {params.processes} --config {input.config} dataset.manifest={input.manifest} seed={wildcards.seed}"
        " --output {params.run} --state-dir {params.state}"
        " --tracking-uri {params.uri} --tracking-experiment {params.experiment}"
        " {params.scratch} --threads {threads} --time-limit {resources.runtime} 2>&1 | tee {log}"
