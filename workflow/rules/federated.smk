FEDERATED = PLAN.config["federated"]
ROUNDS = f"{OUT}/federated"
AVERAGED = [f"{ROUNDS}/round-{FEDERATED['rounds']}/average"] if FEDERATED else []

if FEDERATED:

    wildcard_constraints:
        site="|".join(map(re.escape, FEDERATED["sites"])),
        round=r"[1-9]\d*",

    rule federated_start:
        input:
            config=f"{OUT}/configs/{FEDERATED['experiment']}.yaml",
            manifest=lambda wildcards: FEDERATED["sites"][wildcards.site],
        output:
            f"{ROUNDS}/round-0/{{site}}/checkpoint.ckpt",
        log:
            f"{LOGS}/federated/start.{{site}}.log",
        conda:
            "../envs/seqmill.yaml"
        threads: 1
        resources:
            mem_mb=4000,
            runtime=60,
        params:
            stage_version=1,
            seed=FEDERATED["seed"],
        shell:
            "seqmill federated start --config {input.config} dataset.manifest={input.manifest}"
            " seed={params.seed} --output {output} 2>&1 | tee {log}"

    rule federated_average:
        input:
            expand(
                f"{ROUNDS}/round-{{{{any}}}}/{{site}}/checkpoint.ckpt",
                site=FEDERATED["sites"],
            ),
        output:
            checkpoint=f"{ROUNDS}/round-{{any}}/average/checkpoint.ckpt",
            record=f"{ROUNDS}/round-{{any}}/average/train.json",
            config=f"{ROUNDS}/round-{{any}}/average/config.yaml",
        log:
            f"{LOGS}/federated/average.{{any}}.log",
        wildcard_constraints:
            any=r"\d+",
        conda:
            "../envs/seqmill.yaml"
        resources:
            mem_mb=4000,
            runtime=20,
        params:
            stage_version=1,
            folder=subpath(output.checkpoint, parent=True),
            name=f"{FEDERATED['experiment']}_federated",
        shell:
            "seqmill federated average {input} --output {params.folder}"
            " --experiment {params.name} 2>&1 | tee {log}"

    rule federated_train:
        input:
            config=rules.federated_start.input.config,
            manifest=rules.federated_start.input.manifest,
            tracking=rules.tracking.output[0],
            begin=lambda wildcards: f"{ROUNDS}/round-{int(wildcards.round) - 1}/average/checkpoint.ckpt",
        output:
            checkpoint=f"{ROUNDS}/round-{{round}}/{{site}}/checkpoint.ckpt",
            record=f"{ROUNDS}/round-{{round}}/{{site}}/train.json",
            config=f"{ROUNDS}/round-{{round}}/{{site}}/config.yaml",
        log:
            f"{LOGS}/federated/train.{{round}}.{{site}}.log",
        conda:
            "../envs/seqmill.yaml"
        threads: 1
        resources:
            mem_mb=4000,
            runtime=240,
        params:
            stage_version=1,
            folder=subpath(output.checkpoint, parent=True),
            uri=PLAN.tracking_uri(),
            experiment=PLAN.tracking_experiment(),
            epochs=FEDERATED["epochs"],
            seed=FEDERATED["seed"],
            name=lambda wildcards: (
                f"{FEDERATED['experiment']}_{wildcards.site}_{wildcards.round}"
            ),
        shell:
            "seqmill train --config {input.config} dataset.manifest={input.manifest}"
            " experiment={params.name} seed={params.seed} init_from={input.begin} trainer.epochs={params.epochs}"
            " --output {params.folder} --state-dir {OUT}/state --tracking-uri {params.uri}"
            " --tracking-experiment {params.experiment} --threads {threads}"
            " --time-limit {resources.runtime} 2>&1 | tee {log}"

    rule federated_evaluate:
        input:
            plan=f"{OUT}/plans/scoring.json",
            manifest=MANIFEST,
            checkpoint=f"{AVERAGED[0]}/checkpoint.ckpt",
            record=f"{AVERAGED[0]}/train.json",
        output:
            predictions=f"{AVERAGED[0]}/predictions.parquet",
            scored=f"{AVERAGED[0]}/items.parquet",
            metrics=f"{AVERAGED[0]}/metrics.json",
        log:
            f"{LOGS}/federated/evaluate.log",
        conda:
            "../envs/seqmill.yaml"
        threads: 1
        resources:
            mem_mb=4000,
            runtime=120,
        params:
            stage_version=1,
            folder=subpath(output.metrics, parent=True),
        shell:
            "seqmill evaluate --run {params.folder} --manifest {input.manifest}"
            " --plan {input.plan} --threads {threads} 2>&1 | tee {log}"
