RANKED = [f"{OUT}/rank/{name}/rank.json" for name in PLAN.config["rank"]]


wildcard_constraints:
    ranked="|".join(map(re.escape, PLAN.config["rank"])) or "none",


rule rank:
    input:
        manifest=MANIFEST,
        models=lambda wildcards: [
            f"{run}/metrics.json" for run in PLAN.ranked_runs(wildcards.ranked)
        ],
        scored=lambda wildcards: PLAN.ranked_scores(wildcards.ranked),
        files=lambda wildcards: PLAN.ranked_files(wildcards.ranked),
    output:
        page=report(
            f"{OUT}/rank/{{ranked}}/rank.html",
            caption="../report/ranking.rst",
            category="Ranking",
        ),
        told=f"{OUT}/rank/{{ranked}}/rank.json",
        tables=[
            f"{OUT}/rank/{{ranked}}/{name}.tsv"
            for name in ("ranking", "samples", "genes", "targets", "molecules")
        ],
    log:
        f"{LOGS}/rank/{{ranked}}.log",
    conda:
        "../envs/seqmill.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=240,
    params:
        stage_version=1,
        models=lambda wildcards: PLAN.ranked_runs(wildcards.ranked),
        intervals=lambda wildcards, input: (
            f"{os.path.dirname(input.scored[0])}/conformal.json"
        ),
        options=lambda wildcards: PLAN.ranked_options(wildcards.ranked),
        folder=subpath(output.page, parent=True),
    shell:
        "seqmill rank --model {params.models} --manifest {input.manifest} --intervals {params.intervals}"
        " {params.options:q} --output-dir {params.folder} --threads {threads} 2>&1 | tee {log}"
