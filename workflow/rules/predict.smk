if APPLICATION.prediction:

    rule predict:
        input:
            champion=rules.champion.output[0],
            reads=lambda wildcards: (
                []
                if FROM_SEQUENCE
                else expand(
                    [ALIGNMENTS, *ALIGNMENTS_INDEX],
                    sample=wildcards.predicted,
                )
            ),
            places=PLAN.predicted_places if FROM_SEQUENCE else [],
            reference=REFERENCE,
        output:
            prediction=f"{OUT}/predict/{{predicted}}{APPLICATION.prediction[0]}",
            beside=[
                f"{OUT}/predict/{{predicted}}{ending}"
                for ending in APPLICATION.prediction[1:]
            ],
        log:
            f"{LOGS}/predict/{{predicted}}.log",
        conda:
            "../envs/seqmill.yaml"
        threads: 1
        resources:
            mem_mb=4000,
            runtime=240,
        params:
            stage_version=1,
            uri=PLAN.tracking_uri(),
            model=f"models:/{PLAN.model_name}@champion",
            source=predicted_from,
        shell:
            "seqmill predict --model {params.model} --tracking-uri {params.uri} {params.source}"
            " --reference {input.reference} --output {output.prediction} --threads {threads} 2>&1 | tee {log}"
