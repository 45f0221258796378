"""Which genes of a profile a predicted response rests on, by integrated gradients, and agreement of seeds."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch

from seqmill.evaluation.members import Members, spread
from seqmill.interpretation.path_gradients import integrated_gradients
from seqmill.profiles.table import Table

STEPS = 24
"""Points on the way from the baseline to a profile."""

Floats = npt.NDArray[np.float64]


def mean_inputs(members: Members, rows: npt.NDArray[np.integer]) -> list[torch.Tensor]:
    """Give for each model the mean input over rows of the profiles held, the baseline, float32 [width]."""
    tasks: Sequence[Any] = members.modules
    with torch.no_grad():
        return [task.input_of("profiles", torch.as_tensor(rows).to(task.device)).mean(0) for task in tasks]


def contributions(
    members: Members, baselines: Sequence[torch.Tensor], profiles: Table, pairs: npt.NDArray[np.integer]
) -> tuple[Floats, list[str], float]:
    """Attribute predictions to genes, summed over the blocks that name them.

    Parameters
    ----------
    members : Members
        Models that hold the tables, of one output.
    baselines : sequence of Tensor
        Of each model, as `mean_inputs` gives them.
    profiles : Table
        The profiles held.
    pairs : int array, shape (n, 2)
        Rows of profiles and molecules.

    Returns
    -------
    found : float64 array, shape (members, n, genes)
        What each gene contributes to the difference of the prediction to that of the baseline, in units of
        the prediction.
    genes : list of str
        Names, by the blocks' features.
    incompleteness : float
        By how much the sums miss the differences that they should give: sum of absolute misses over sum of
        absolute differences.
    """
    genes, of_feature = _features(profiles)
    found = np.zeros((len(members.models), len(pairs), len(genes)))
    missed = differences = 0.0
    for at, (module, baseline) in enumerate(zip(members.modules, baselines, strict=True)):
        task: Any = module
        owner = np.array([of_feature[place] for place in task.inputs["profiles"].owners()])
        for molecule in np.unique(pairs[:, 1]):
            which = np.flatnonzero(pairs[:, 1] == molecule)
            order = which[np.argsort(pairs[which, 0], kind="stable")]  # tasks look sorted distinct rows up
            values, difference = _integrated(module, baseline, pairs[order, 0], int(molecule))
            missed += float(np.abs(values.sum(1) - difference).sum())
            differences += float(np.abs(difference).sum())
            for row, own in zip(order, values, strict=True):
                found[at, row] = np.bincount(owner, own, minlength=len(genes))
    return found, genes, missed / differences if differences else 0.0


def gene_table(found: Floats, genes: Sequence[str], names: pd.DataFrame, *, top: int) -> pd.DataFrame:
    """Give the `top` genes of each pair by the size of their mean contribution.

    Parameters
    ----------
    found : float64 array, shape (members, n, genes)
        Contributions.
    genes : sequence of str
        Their names.
    names : DataFrame
        ``sample`` and ``molecule`` of the n pairs.
    top : int
        Genes of a pair.

    Returns
    -------
    DataFrame
        ``sample``, ``molecule``, ``gene``, ``contribution`` (mean over models), ``sd`` (nan for a single
        model), ``agreement``: the share of models of whose own `top` genes it is one, and
        ``same_sign``: the share whose contribution has the sign of the mean.
    """
    top = min(top, len(genes))
    mean = found.mean(0)
    own = np.argsort(-np.abs(found), axis=2, kind="stable")[:, :, :top]
    rows = []
    for pair, name in enumerate(names.itertuples(index=False)):
        for gene in np.argsort(-np.abs(mean[pair]), kind="stable")[:top]:
            each = found[:, pair, gene]
            rows.append(
                {
                    "sample": name.sample,
                    "molecule": name.molecule,
                    "gene": genes[gene],
                    "contribution": mean[pair, gene],
                    "sd": float(spread(each)),
                    "agreement": float((own[:, pair] == gene).any(1).mean()),
                    "same_sign": float((np.sign(each) == np.sign(mean[pair, gene])).mean()),
                }
            )
    columns = ("sample", "molecule", "gene", "contribution", "sd", "agreement", "same_sign")
    return pd.DataFrame(rows, columns=list(columns))


def candidate_targets(genes: pd.DataFrame) -> pd.DataFrame:
    """Aggregate the genes behind single predictions over a cohort, those of most pairs first.

    Returns
    -------
    DataFrame
        ``gene``; ``pairs`` and ``share``: of how many, and of which share of all pairs it is among the top;
        ``samples``; ``mean_contribution`` and ``mean_size`` over those pairs; ``agreement`` over models;
        ``molecules``: the three that it most often stands behind.
    """
    total = len(genes[["sample", "molecule"]].drop_duplicates())
    rows = [
        {
            "gene": gene,
            "pairs": len(inside),
            "share": len(inside) / total,
            "samples": inside["sample"].nunique(),
            "mean_contribution": inside["contribution"].mean(),
            "mean_size": inside["contribution"].abs().mean(),
            "agreement": inside["agreement"].mean(),
            "molecules": ", ".join(inside["molecule"].value_counts().index[:3]),
        }
        for gene, inside in genes.groupby("gene", sort=True)
    ]
    columns = (
        *("gene", "pairs", "share", "samples", "mean_contribution", "mean_size", "agreement", "molecules"),
    )
    table = pd.DataFrame(rows, columns=list(columns))
    return table.sort_values(["pairs", "mean_size"], ascending=False, kind="stable", ignore_index=True)


def _features(profiles: Table) -> tuple[list[str], dict[tuple[str, int], int]]:
    """Give the names of genes over all blocks, and the gene of each feature of a block.

    That a block is wholly missing counts as one more gene, named after the block.
    """
    genes = sorted({name for block in profiles.blocks.values() for name in block.features})
    at = {name: number for number, name in enumerate(genes)}
    of_feature = {
        (key, column): at[name]
        for key, block in profiles.blocks.items()
        for column, name in enumerate(block.features)
    }
    of_feature |= {(key, -1): len(genes) + number for number, key in enumerate(profiles.blocks)}
    return [*genes, *(f"({key} missing)" for key in profiles.blocks)], of_feature


def _integrated(
    module: Any, baseline: torch.Tensor, profiles: npt.NDArray[np.integer], molecule: int
) -> tuple[Floats, Floats]:
    """Give contributions of inputs, [n, width], and the difference of the outputs to the baseline's, [n]."""
    batch = {
        "profile": torch.as_tensor(profiles.astype(np.int32), device=module.device),
        "molecule": torch.full((len(profiles),), molecule, dtype=torch.int32, device=module.device),
    }
    inputs, said = module.input_of("profiles", batch["profile"]), _said_of(module, batch)
    baseline = baseline.to(inputs.device)  # predicting may have moved the module since
    values, _ = integrated_gradients(said, inputs, baseline, steps=STEPS)
    with torch.no_grad():
        difference = said(inputs) - said(baseline.expand_as(inputs))
    return values.double().cpu().numpy(), difference.double().cpu().numpy()


def _said_of(module: Any, batch: Mapping[str, torch.Tensor]) -> Callable[[torch.Tensor], torch.Tensor]:
    """Give what a model says of a batch, [n], as a function of the inputs of its distinct profiles."""

    def said(inputs: torch.Tensor) -> torch.Tensor:
        handle = module.inputs["profiles"].register_forward_hook(lambda *_: inputs)
        try:
            (output,) = module.predict_step(dict(batch), 0).values()
        finally:
            handle.remove()
        return output

    return said
