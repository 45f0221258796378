rule evaluate:
    input:
        plan=f"{OUT}/plans/scoring.json",
        manifest=MANIFEST,
        checkpoint=rules.train.output.checkpoint,
        record=rules.train.output.record,
        labels=LABELS,
        reference=REFERENCE,
    output:
        predictions=f"{OUT}/runs/{{experiment}}/seed-{{seed}}/predictions.parquet",
        scored=f"{OUT}/runs/{{experiment}}/seed-{{seed}}/items.parquet",
        metrics=f"{OUT}/runs/{{experiment}}/seed-{{seed}}/metrics.json",
        curves=f"{OUT}/runs/{{experiment}}/seed-{{seed}}/curves.json",
        calibration=f"{OUT}/runs/{{experiment}}/seed-{{seed}}/calibration.json",
        calls=[
            f"{OUT}/runs/{{experiment}}/seed-{{seed}}/{name}"
            for name in APPLICATION.exports * PLAN.one_test
        ],
    log:
        f"{LOGS}/evaluate/{{experiment}}.seed-{{seed}}.log",
    conda:
        "../envs/seqmill.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=120,
    params:
        stage_version=1,
        run=subpath(output.metrics, parent=True),
        uri=lambda wildcards: PLAN.run_tracking_uri(**wildcards),
    shell:
        "seqmill evaluate --run {params.run} --manifest {input.manifest} --plan {input.plan}"
        " --tracking-uri {params.uri} --threads {threads} 2>&1 | tee {log}"


rule ensemble:
    input:
        plan=f"{OUT}/plans/scoring.json",
        manifest=MANIFEST,
        members=lambda wildcards: [
            f"{OUT}/runs/{name}/seed-{seed}/predictions.parquet"
            for name, seed in PLAN.members(wildcards.ensemble)
        ],
        labels=LABELS,
        reference=REFERENCE,
    output:
        predictions=f"{OUT}/ensembles/{{ensemble}}/predictions.parquet",
        scored=f"{OUT}/ensembles/{{ensemble}}/items.parquet",
        metrics=f"{OUT}/ensembles/{{ensemble}}/metrics.json",
        curves=f"{OUT}/ensembles/{{ensemble}}/curves.json",
        calibration=f"{OUT}/ensembles/{{ensemble}}/calibration.json",
    log:
        f"{LOGS}/ensembles/{{ensemble}}.log",
    wildcard_constraints:
        ensemble="|".join(map(re.escape, [*PLAN.experiments, *PLAN.mixtures])),
    conda:
        "../envs/seqmill.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=120,
    params:
        stage_version=1,
        members=lambda wildcards, input: [
            os.path.dirname(path) for path in input.members
        ],
        folder=subpath(output.metrics, parent=True),
    shell:
        "seqmill evaluate --member {params.members} --name {wildcards.ensemble}"
        " --manifest {input.manifest} --plan {input.plan} --output-dir {params.folder}"
        " --threads {threads} 2>&1 | tee {log}"


rule baseline:
    input:
        plan=f"{OUT}/plans/scoring.json",
        manifest=MANIFEST,
        alignments=expand(f"{READS}/{{sample}}.{STAGED}", sample=SCORED),
        reports=expand(f"{READS}/{{sample}}.report.json", sample=SCORED),
        labels=LABELS,
        files=list(PLAN.files("examples", "evaluate").values()),
        reference=REFERENCE,
    output:
        scored=f"{OUT}/baselines/{{baseline}}/items.parquet",
        metrics=f"{OUT}/baselines/{{baseline}}/metrics.json",
    log:
        f"{LOGS}/baselines/{{baseline}}.log",
    conda:
        "../envs/seqmill.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=240,
    params:
        stage_version=1,
        folder=subpath(output.metrics, parent=True),
        alignments=" ".join(
            f"--alignments {name}={READS}/{name}.{STAGED}" for name in SCORED
        ),
    shell:
        "seqmill evaluate --baseline {wildcards.baseline} --manifest {input.manifest}"
        " --plan {input.plan} {params.alignments} --output-dir {params.folder}"
        " --threads {threads} 2>&1 | tee {log}"
