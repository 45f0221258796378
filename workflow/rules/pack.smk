if PLAN.config["pack"]:

    rule pack:
        input:
            plan=PLAN.config["pack"],
            sequences=PLAN.packed,
        output:
            reference=REFERENCE,
            files=PLAN.generated,
        log:
            f"{LOGS}/pack.log",
        conda:
            "../envs/seqmill.yaml"
        threads: 1
        resources:
            mem_mb=2000,
            runtime=60,
        params:
            stage_version=1,
            folder=subpath(output.reference, parent=True),
        shell:
            "seqmill pack {input.plan} --output {params.folder} 2>&1 | tee {log}"
