EXPLAINED = [f"{OUT}/explain/{name}/explain.json" for name in PLAN.config["explain"]]
ATTRIBUTED = [
    f"{OUT}/attributions/{name}/features.tsv"
    for name in PLAN.ensembles * bool(APPLICATION.profile)
]
ANNOTATED = [f"{OUT}/effects/{name}.vcf.gz" for name in PLAN.config["effects"]]


wildcard_constraints:
    explained="|".join(map(re.escape, PLAN.config["explain"])) or "none",
    annotated="|".join(map(re.escape, PLAN.config["effects"])) or "none",


rule explain:
    input:
        champion=rules.champion.output[0],
        manifest=MANIFEST,
        files=lambda wildcards: PLAN.asked_files("explain", wildcards.explained),
        reference=REFERENCE,
    output:
        page=report(
            f"{OUT}/explain/{{explained}}/explain.html",
            caption="../report/explanation.rst",
            category="Explanation",
        ),
        told=f"{OUT}/explain/{{explained}}/explain.json",
        motifs=f"{OUT}/explain/{{explained}}/motifs.meme",
        instances=f"{OUT}/explain/{{explained}}/instances.bed",
        contributions=f"{OUT}/explain/{{explained}}/contributions.bw",
        kmers=f"{OUT}/explain/{{explained}}/kmers.tsv",
        matches=f"{OUT}/explain/{{explained}}/matches.tsv",
        insertions=f"{OUT}/explain/{{explained}}/insertions.tsv",
    log:
        f"{LOGS}/explain/{{explained}}.log",
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
        options=lambda wildcards: PLAN.asked_options("explain", wildcards.explained),
        folder=subpath(output.page, parent=True),
    shell:
        "seqmill explain --model {params.model} --tracking-uri {params.uri} --reference {input.reference}"
        " {params.options:q} --output-dir {params.folder} --threads {threads} 2>&1 | tee {log}"


rule effects:
    input:
        champion=rules.champion.output[0],
        files=lambda wildcards: PLAN.asked_files("effects", wildcards.annotated),
        reference=REFERENCE,
    output:
        vcf=f"{OUT}/effects/{{annotated}}.vcf.gz",
        index=f"{OUT}/effects/{{annotated}}.vcf.gz.tbi",
        table=f"{OUT}/effects/{{annotated}}.tsv",
    log:
        f"{LOGS}/effects/{{annotated}}.log",
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
        options=lambda wildcards: PLAN.asked_options("effects", wildcards.annotated),
    shell:
        "seqmill effects --model {params.model} --tracking-uri {params.uri} --reference {input.reference}"
        " {params.options:q} --output {output.vcf} --table {output.table} --threads {threads} 2>&1 | tee {log}"


rule attribute:
    input:
        manifest=MANIFEST,
        checkpoints=lambda wildcards: expand(
            rules.train.output.checkpoint,
            experiment=wildcards.experiment,
            seed=PLAN.experiments[wildcards.experiment].seeds,
        ),
    output:
        features=f"{OUT}/attributions/{{experiment}}/features.tsv",
        stability=f"{OUT}/attributions/{{experiment}}/stability.tsv",
        told=f"{OUT}/attributions/{{experiment}}/attribution.json",
    log:
        f"{LOGS}/attributions/{{experiment}}.log",
    conda:
        "../envs/seqmill.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=120,
    params:
        stage_version=1,
        folder=subpath(output.features, parent=True),
    shell:
        "seqmill attribute --checkpoint {input.checkpoints} --manifest {input.manifest}"
        " --output-dir {params.folder} --threads {threads} 2>&1 | tee {log}"
