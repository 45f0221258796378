"""Who is in which file of genotypes."""

from dataclasses import dataclass

from seqmill.errors import InputError
from seqmill.profiles.plan import BlockPlan
from seqmill.profiles.records import opened
from seqmill.profiles.sheets import read_sheet


@dataclass(frozen=True)
class People:
    """People and their files.

    Attributes
    ----------
    ids : list of str
        Names.
    files : dict
        VCF -> number of a sample in it -> place in `ids`.
    """

    ids: list[str]
    files: dict[str, dict[int, int]]


def find_people(plan: BlockPlan, column: str, files: str) -> People:
    """Find the samples of a VCF, or the file of each person in a table.

    Parameters
    ----------
    plan : BlockPlan
        The block.
    column : str
        Column of the table that names the person.
    files : str
        Column of the table that names a VCF for each person; empty where the block's path is itself one.
        A file of one sample is read under any name, of several the sample that is named as the person.

    Raises
    ------
    InputError
        When the table or a file cannot be read, a person stands twice, or a file lacks the sample.
    """
    if not files:
        ids = _samples(plan.path)
        if not ids:
            raise InputError(f"{plan.path}: holds no sample; give a VCF with genotypes")
        return People(ids, {plan.path: dict(enumerate(range(len(ids))))})
    ids, held = [], {}
    for row, (one, path) in enumerate(read_sheet(plan.path, column, files).items()):
        samples = _samples(path)
        if len(samples) != 1 and one not in samples:
            raise InputError(
                f"{path}: {len(samples)} samples found, none named '{one}' as {plan.path} has it; name the "
                "person as the sample is named, or give a file of one sample"
            )
        number = samples.index(one) if one in samples else 0
        ids.append(one)
        taken = held.setdefault(path, {})
        if number in taken:
            raise InputError(
                f"{plan.path}: '{ids[taken[number]]}' and '{one}' are one sample of {path}; give each person "
                "a file of their own"
            )
        taken[number] = row
    return People(ids, held)


def _samples(path: str) -> list[str]:
    with opened(path) as handle:
        return list(handle.header.samples)
