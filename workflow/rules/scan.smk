FINAL = [*rules.compare.output, *PREDICTIONS, *EXPLAINED, *ANNOTATED]
SCANNED = [f"{OUT}/scan.json"] if PLAN.identifiers else []


if PLAN.identifiers:

    rule scan:
        input:
            identifiers=PLAN.identifiers,
            final=FINAL,
        output:
            f"{OUT}/scan.json",
        log:
            f"{LOGS}/scan.log",
        conda:
            "../envs/seqmill.yaml"
        threads: 1
        resources:
            mem_mb=2000,
            runtime=120,
        params:
            stage_version=1,
            folder=OUT,
            server=(
                f"--tracking-uri {PLAN.tracking_uri()} --experiment {PLAN.tracking_experiment()}"
                if PLAN.tracking_uri().startswith("http")
                else ""
            ),
        shell:
            "seqmill scan {params.folder} --identifiers {input.identifiers} {params.server} --output {output} 2>&1 | tee {log}"
