"""How a polygenic score is made."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class ScoreOptions:
    """Which weights, and by which rules they are matched to genotypes.

    Attributes
    ----------
    weights : str
        Scoring file in the format of the PGS Catalog.
    minimum_match : float
        Share of the weights that have to be found among the genotypes, with their alleles.
    ambiguous : str
        What becomes of alleles that are each other's complement (A and T, C and G), whose strand no allele
        tells: ``infer`` takes them as written unless another site is on the other strand, ``keep`` takes them
        as written, ``drop`` leaves them out.
    missing : str
        What a missing genotype counts as: ``frequency`` is twice the frequency of the effect allele, by the
        scoring file where it has one, else among the people called at the site; ``zero`` is none.
    minimum_called : float
        A person with a lower share of the matched weights called has no score.
    """

    weights: str = field(metadata={"file": True})
    minimum_match: float = field(default=0.75, metadata={"at_least": 0, "at_most": 1})
    ambiguous: Literal["infer", "keep", "drop"] = "infer"
    missing: Literal["frequency", "zero"] = "frequency"
    minimum_called: float = field(default=0.75, metadata={"at_least": 0, "at_most": 1})
