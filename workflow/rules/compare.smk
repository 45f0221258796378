rule compare:
    input:
        manifest=MANIFEST,
        labels=rules.collect.output.labels,
        reports=[] if PLAN.config["profiles"] else rules.collect.input.reports,
        runs=[f"{run}/metrics.json" for run in RUNS["model"] + RUNS["baseline"]],
        ensembles=[f"{folder}/metrics.json" for folder in ENSEMBLES + AVERAGED],
        baselines=expand(rules.baseline.output.metrics, baseline=BASELINES),
        sweeps=SWEEPS,
        explained=EXPLAINED,
        tracking=ALL_TRACKED,
    output:
        leaderboard=report(
            f"{OUT}/leaderboard.tsv",
            caption="../report/leaderboard.rst",
            category="Comparison",
        ),
        paired=f"{OUT}/paired.tsv",
        strata=f"{OUT}/strata.tsv",
        report=report(
            f"{OUT}/report.html",
            caption="../report/comparison.rst",
            category="Comparison",
        ),
    log:
        f"{LOGS}/compare.log",
    conda:
        "../envs/seqmill.yaml"
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        stage_version=2,
        uri=PLAN.tracking_uri(),
        runs=" ".join(f"--run {run}" for run in RUNS["model"] + ENSEMBLES + AVERAGED),
        sweeps=" ".join(f"--sweeps {path}" for path in SWEEPS),
        explained=" ".join(f"--explanation {path}" for path in EXPLAINED),
        baselines=" ".join(
            f"--baseline {folder}"
            for folder in [
                *RUNS["baseline"],
                *[f"{OUT}/baselines/{name}" for name in BASELINES],
            ]
        ),
        folder=subpath(output.report, parent=True),
        reports=lambda wildcards, input: (
            f"--read-report {input.reports}" if input.reports else ""
        ),
    shell:
        "seqmill compare {params.runs} {params.baselines} {params.sweeps} {params.explained} --manifest {input.manifest}"
        " {params.reports} --tracking-uri {params.uri} --output-dir {params.folder} 2>&1 | tee {log}"
