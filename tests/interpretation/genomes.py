"""A genome of one contig in memory."""

from dataclasses import dataclass

import numpy as np

from seqmill.genome.bases import codes_of


@dataclass
class Genome:
    sequence: str

    @property
    def contigs(self) -> dict[str, int]:
        return {"c": len(self.sequence)}

    def fetch(self, contig: str, start: int, end: int) -> str:
        return self.sequence[start:end]

    def codes(self, contig: str, start: int, end: int) -> np.ndarray:
        return codes_of(self.sequence[start:end])
