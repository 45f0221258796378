"""Windows about places: which of them hold a change."""

from seqmill.genome.regions import Window
from seqmill.interpretation.alleles import Change
from seqmill.interpretation.places import Places
from seqmill.interpretation.regions import Regions
from tests.interpretation.genomes import Genome


def test_windows_that_hold_all_of_a_change_are_found_and_those_that_cannot_be_laid_counted():
    genome = Genome("ACGT" * 30)
    listed = [
        Window("c", 50, 60, "+", "b"),
        Window("c", 40, 50, "-", "a"),
        Window("c", 0, 4, "+", "edge"),
        Window("x", 9, 12, "+"),
    ]
    places = Places(Regions(source="r.bed", listed=listed, counts={}), genome, 20)
    assert places.removed == {"past_end": 1, "unknown_contig": 1}

    def around(start: int, end: int) -> list[tuple[str, int, str]]:
        return [(one.name, one.start, one.strand) for one in places.around(Change("c", start, end, "A"))]

    assert around(50, 51) == [("a", 35, "-"), ("b", 45, "+")]
    assert around(35, 36) == [("a", 35, "-")] and around(54, 56) == [("b", 45, "+")]
    assert around(34, 36) == [] and around(64, 65) == [("b", 45, "+")] and around(65, 66) == []
    assert (
        Places(Regions(source="", listed=listed, counts={}), genome, 20).around(Change("d", 1, 2, "")) == ()
    )
