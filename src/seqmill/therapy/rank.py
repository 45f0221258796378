"""Rank drugs for new profiles, and write what stands behind the ranking."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch

from seqmill.applications.profiled.enrichment import SHARE, enrichments
from seqmill.applications.profiled.percentiles import Better, Floats, each_drug, percentiles
from seqmill.errors import InputError
from seqmill.evaluation.cohort import Cohort, subset
from seqmill.evaluation.members import Members, spread
from seqmill.evaluation.predict_rows import Asked, ask, predict_table, radii_of, write_tsv
from seqmill.files import sha256_file, write_json
from seqmill.origin import Node, file_node, stamped
from seqmill.profiles.notice import NOTICE
from seqmill.shards.manifest import Manifest
from seqmill.therapy.enrichment import enrichment_metrics
from seqmill.therapy.genes import candidate_targets, contributions, gene_table, mean_inputs
from seqmill.therapy.job import Ranked, RankJob
from seqmill.therapy.page import write_page
from seqmill.therapy.safety import toxicity
from seqmill.therapy.screen import screen


def rank(job: RankJob) -> Ranked:
    """Rank, and write the tables, the page ``rank.html`` and, last, ``rank.json``.

    The tables are ``ranking.tsv``, ``samples.tsv``, ``genes.tsv``, ``targets.tsv`` and ``molecules.tsv``.

    Raises
    ------
    InputError
        When models, dataset and tables do not belong together.
    """
    torch.set_num_threads(job.threads)
    members = Members.open(job.models)
    cohort = Cohort.of(members, Manifest.load(job.manifest, verify="digests"))
    if not {"profiles", "molecules"} <= set(members.encoding.tables):
        raise InputError(f"{members.paths[0]}: reads {' and '.join(members.encoding.tables)} alone; want a "
                         "model of profile and molecule, such as of drug_response")  # fmt: skip
    asked = ask(cohort, members, profiles=job.profiles, molecules=job.molecules, chosen=job.drugs)
    safety = toxicity(job, asked.tables["molecules"])
    learnt = subset(cohort.tables["profiles"], cohort.learnt("profiles"))
    of_cohort = Asked(tables={**asked.tables, "profiles": learnt}, judged={})
    members.hold(of_cohort.tables)
    baselines = mean_inputs(members, np.arange(len(learnt.ids)))
    known = _responses(members, members.predict(*of_cohort.pairs), of_cohort)
    members.hold(asked.tables)
    said = members.predict(*asked.pairs)
    predicted = predict_table(asked, said, radii_of(members, job.intervals))
    ranking = _ranking(predicted, _responses(members, said, asked), known, job.better)
    found = Ranked(
        ranking=ranking,
        samples=_samples(asked),
        molecules=screen(ranking, safety, better=job.better),
        **_explained(job, members, baselines, asked, ranking),
        metrics=_metrics(cohort, ranking, members, job),
    )
    _write(job, found, members, cohort)
    return found


def _responses(members: Members, said: Mapping[str, Floats], asked: Asked) -> Floats:
    """Give the one response that each model says of every pair, float64 [members, samples, drugs]."""
    if len(said) != 1:
        raise InputError(
            f"{members.paths[0]}: says {', '.join(said)}, want one response; drugs are ranked by one number"
        )
    (values,) = said.values()
    return values.reshape(len(values), len(asked.tables["profiles"].ids), -1)


def _ranking(predicted: pd.DataFrame, said: Floats, known: Floats, better: Better) -> pd.DataFrame:
    each = np.stack([each_drug(own, of_cohort, better) for own, of_cohort in zip(said, known, strict=True)])
    percentile = each_drug(said.mean(0), known.mean(0), better)
    table = predicted.assign(percentile=percentile.ravel(), percentile_sd=spread(each).ravel())
    sign = 1 if better == "low" else -1
    order = table.assign(strength=sign * table["prediction"]).sort_values(
        ["sample", "percentile", "strength", "molecule"], kind="stable"
    )
    table = table.loc[order.index].reset_index(drop=True)
    table["rank"] = table.groupby("sample", sort=False).cumcount() + 1
    first = ["sample", "rank", "molecule", "target", "percentile", "percentile_sd"]
    return table[[*first, *(name for name in table if name not in first)]]


def _samples(asked: Asked) -> pd.DataFrame:
    judged = asked.judged["profiles"]
    return pd.DataFrame(
        {
            "sample": asked.tables["profiles"].ids,
            "distance": judged.distance,
            "missing": judged.missing,
            "in_domain": judged.inside,
        }
    )


def _explained(
    job: RankJob, members: Members, baselines: Sequence[torch.Tensor], asked: Asked, ranking: pd.DataFrame
) -> dict[str, Any]:
    names = ranking[ranking["rank"] <= job.explained][["sample", "molecule"]]
    at = [{one: row for row, one in enumerate(asked.tables[name].ids)} for name in ("profiles", "molecules")]
    pairs = np.stack([names["sample"].map(at[0]), names["molecule"].map(at[1])], axis=1).astype(int)
    found, genes, missed = contributions(members, baselines, asked.tables["profiles"], pairs)
    table = gene_table(found, genes, names, top=job.genes)
    facts = {
        "models": len(members.models),
        "samples": len(asked.tables["profiles"].ids),
        "molecules": len(asked.tables["molecules"].ids),
        "out_of_domain": int((~asked.judged["profiles"].inside).sum()),
        "explained_pairs": len(names),
        "incompleteness": missed,
    }
    return {"genes": table, "targets": candidate_targets(table), "facts": facts}


def _metrics(cohort: Cohort, ranking: pd.DataFrame, members: Members, job: RankJob) -> list[dict[str, Any]]:
    """Compare with what was observed of the test split, where that is what was ranked.

    Rivals are the prediction itself, and two that are the same for every sample: the mean training response
    to the drug (``potency``), and the mean percentile over the samples (``common``).
    """
    if job.profiles is not None or job.molecules is not None:
        return []
    label = str(ranking["target"].iloc[0])
    test, train = cohort.rows("test"), cohort.train
    observed = {drug: inside[label].to_numpy(np.float64) for drug, inside in train.groupby("molecule_id")}
    parts = []
    for drug, inside in test.groupby("molecule_id"):
        own = observed.get(drug, np.empty(0))
        truth = percentiles(inside[label].to_numpy(np.float64), own, job.better)
        parts.append(
            pd.DataFrame({"sample": inside["profile_id"], "molecule": drug, "truth": truth,
                          "level": own.mean() if len(own) else np.nan})
        )  # fmt: skip
    sign = 1 if job.better == "low" else -1
    table = ranking.merge(pd.concat(parts), on=["sample", "molecule"]).assign(
        raw=lambda found: sign * found["prediction"],
        potency=lambda found: sign * found["level"],
        common=lambda found: found.groupby("molecule")["percentile"].transform("mean"),
    )
    rankings = {"percentile": "percentile", "potency": "potency", "raw_prediction": "raw", "common": "common"}
    found = enrichments(table, rankings, truth="truth")
    return enrichment_metrics(found, of="percentile", against=("potency", "raw_prediction", "common"))


def _write(job: RankJob, found: Ranked, members: Members, cohort: Cohort) -> None:
    job.output.mkdir(parents=True, exist_ok=True)
    files = [path for path in (job.profiles, job.molecules, job.safety_molecules) if path is not None]
    parents = [*members.origins, cohort.manifest.origin, *map(_node, files)]
    for name in ("ranking", "samples", "genes", "targets", "molecules"):
        write_tsv(job.output / f"{name}.tsv", getattr(found, name))
    told: Mapping[str, Any] = {
        "notice": NOTICE,
        "better": job.better,
        "top_share": SHARE,
        **found.facts,
        "metrics": found.metrics,
    }
    write_page(job.output / "rank.html", found, told, parents=tuple(parents))
    write_json(job.output / "rank.json", stamped(dict(told), kind="drug ranking", parents=parents))


def _node(path: Path) -> Node:
    return file_node(path, "table", sha256_file(path))
