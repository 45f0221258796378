if PLAN.config["simulate"]:

    rule simulate:
        input:
            plan=PLAN.config["simulate"],
        output:
            reference=REFERENCE,
            files=PLAN.generated,
        log:
            f"{LOGS}/simulate.log",
        conda:
            "../envs/seqmill.yaml"
        threads: 2
        resources:
            mem_mb=2000,
            runtime=60,
        params:
            stage_version=1,
            folder=subpath(output.reference, parent=True),
        shell:
            "seqmill simulate {input.plan} --output {params.folder} --threads {threads}"
            " 2>&1 | tee {log}"
