import numpy as np
import pytest

from seqmill.genome.reference import Reference
from seqmill.simulate.genome import random_genome
from seqmill.simulate.streams import stream

LENGTHS = {"c1": 300_000, "c2": 60_000}


@pytest.fixture(scope="session")
def genome():
    codes = {name: random_genome(length, stream(3, name)) for name, length in LENGTHS.items()}
    codes["c2"][20_000:21_000] = 4
    return codes


@pytest.fixture(scope="session")
def write_fasta():
    def write(path, contigs):
        letters = np.frombuffer(b"ACGTN", np.uint8)
        with open(path, "w") as handle:
            for name, codes in contigs.items():
                handle.write(f">{name}\n{letters[codes].tobytes().decode()}\n")
        return path

    return write


@pytest.fixture(scope="session")
def fasta(genome, write_fasta, tmp_path_factory):
    return write_fasta(tmp_path_factory.mktemp("genome") / "reference.fa", genome)


@pytest.fixture(scope="session")
def reference(fasta):
    with Reference(fasta) as opened:
        yield opened


@pytest.fixture
def encode():
    return lambda text: np.array(["ACGTN".index(base) for base in text], np.uint8)
