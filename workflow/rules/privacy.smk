if PLAN.config["privacy"] is not None:
    os.umask(0o077)

FINAL = [
    *rules.compare.output,
    *PREDICTIONS,
    *EXPLAINED,
    *ATTRIBUTED,
    *ANNOTATED,
    *RANKED,
]
SCANNED = [f"{OUT}/scan.json"] if PLAN.identifiers else []


if PLAN.delivered:

    rule labels:
        input:
            lambda wildcards: PLAN.delivered[wildcards.labels],
        output:
            f"{OUT}/labels/{{labels}}",
        log:
            f"{LOGS}/labels/{{labels}}.log",
        wildcard_constraints:
            labels="|".join(map(re.escape, PLAN.delivered)),
        conda:
            "../envs/seqmill.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=60,
        params:
            stage_version=1,
            sample=lambda wildcards: wildcards.labels.partition(".")[0],
        shell:
            "seqmill labels {input} --sample {params.sample} --output {output} 2>&1 | tee {log}"


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
