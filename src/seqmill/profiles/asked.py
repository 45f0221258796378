"""What a plan of profiles asks for besides tables and rows."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class RelativesCheck:
    """Relatives have to lie in one fold.

    Attributes
    ----------
    block : str
        Block of dosages of the profiles, by which relatives are found.
    folds : tuple of str
        Kinds of folds that are checked.
    kinship : float
        People of a higher kinship are relatives; 0.0884 is the limit of the second degree.
    """

    block: str
    folds: tuple[str, ...]
    kinship: float = field(default=0.0884, metadata={"above": 0, "below": 0.5})


@dataclass(frozen=True, kw_only=True)
class GeneratedCohort:
    """Files that ``seqmill simulate`` writes before the tables are made.

    Attributes
    ----------
    plan : str
        Plan of a cohort.
    folder : str
        Where its files go; those that blocks, texts and rows name there need not be there yet.
    """

    plan: str
    folder: str
