if FROM_SEQUENCE:

    rule predict:
        input:
            champion=rules.champion.output[0],
            reference=REFERENCE,
        output:
            f"{OUT}/predict/{{predicted}}{APPLICATION.prediction}",
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
            contigs=lambda wildcards: PLAN.predicted_contigs(wildcards.predicted),
        shell:
            "seqmill predict --model {params.model} --tracking-uri {params.uri}"
            " --reference {input.reference} --contig {params.contigs}"
            " --output {output} --threads {threads} 2>&1 | tee {log}"

else:

    rule predict:
        input:
            champion=rules.champion.output[0],
            alignments=rules.reads.output.alignments,
            index=rules.reads.output.index,
            reference=REFERENCE,
        output:
            calls=f"{OUT}/predict/{{sample}}.vcf.gz",
            index=f"{OUT}/predict/{{sample}}.vcf.gz.tbi",
        log:
            f"{LOGS}/predict/{{sample}}.log",
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
        shell:
            "seqmill predict --model {params.model} --tracking-uri {params.uri}"
            " --reads {input.alignments} --sample {wildcards.sample} --reference {input.reference}"
            " --output {output.calls} --threads {threads} 2>&1 | tee {log}"
