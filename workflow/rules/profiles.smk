COHORT_PLAN, COHORT_FOLDER, COHORT_FILES = PLAN.generated_cohort

if COHORT_PLAN:

    rule cohort:
        input:
            plan=COHORT_PLAN,
        output:
            files=COHORT_FILES,
        log:
            f"{LOGS}/cohort.log",
        conda:
            "../envs/seqmill.yaml"
        threads: 1
        resources:
            mem_mb=4000,
            runtime=60,
        params:
            stage_version=1,
            folder=COHORT_FOLDER,
        shell:
            "seqmill simulate {input.plan} --output {params.folder} 2>&1 | tee {log}"


if PLAN.config["profiles"]:

    rule profiles:
        input:
            plan=PLAN.config["profiles"],
            tables=PLAN.profiled,
        output:
            reference=REFERENCE,
            rows=expand(f"{READS}/{{sample}}.{STAGED}", sample=PLAN.samples),
            reports=expand(f"{READS}/{{sample}}.report.json", sample=PLAN.samples),
        log:
            f"{LOGS}/profiles.log",
        conda:
            "../envs/seqmill.yaml"
        threads: 1
        resources:
            mem_mb=4000,
            runtime=60,
        params:
            stage_version=1,
            folder=subpath(output.reference, parent=True),
            private=PLAN.privacy_options,
        shell:
            "seqmill profiles {input.plan} {params.private} --output {params.folder} 2>&1 | tee {log}"
