"""``seqmill peaks``: the table, its report and where it comes from; mistakes leave nothing behind."""

import sys
from types import SimpleNamespace

import pysam
import pytest

from seqmill.cli.main import main
from seqmill.files import read_json
from seqmill.origin import KEY, Node
from tests.peaks import chip
from tests.peaks.stand_in import put_program


@pytest.fixture
def call(monkeypatch, capfd):
    """Run a command line; gives exit code and all that was printed."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["seqmill", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            main()
        return caught.value.code or 0, "".join(capfd.readouterr())

    return run


@pytest.fixture
def place(tmp_path, call):
    """A genome, and reads of a ChIP and of its input as the verb before stages them."""
    genome = tmp_path / "genome.fa"
    sites = chip.write_genome(genome)
    for seed, name in enumerate(("chip", "input")):
        bam = chip.write_bam(tmp_path / f"{name}.raw.bam", chip.draw(sites, seed=seed)[:200], paired=True)
        written = ["--output", tmp_path / f"{name}.bam", "--report", tmp_path / f"{name}.report.json"]
        code, said = call("reads", "--sample", name, "--alignments", bam, "--reference", genome, *written)
        assert code == 0, said
    (tmp_path / "out").mkdir()
    return SimpleNamespace(folder=tmp_path, out=tmp_path / "out", genome=genome)


@pytest.fixture
def peaks(place, call):
    """Run the verb on the ChIP."""

    def run(*arguments, output="chip.bed.gz"):
        fixed = ["--sample", "chip", "--alignments", place.folder / "chip.bam", "--reference", place.genome]
        fixed += ["--read-report", place.folder / "chip.report.json"]
        fixed += ["--output", place.out / output, "--report", place.out / "chip.report.json"]
        return call("peaks", *fixed, *arguments)

    return run


def control(place):
    return ["--control", place.folder / "input.bam", "--control-report", place.folder / "input.report.json"]


def test_peaks_with_a_control(place, peaks, monkeypatch):
    put_program(place.folder / "programs", monkeypatch.setenv, name="macs3", ends="exit 0")
    code, said = peaks(*control(place), "--factor", "CTCF")
    assert code == 0, said
    assert "chip: 1 peaks called by macs3 9.9 at q <= 0.05 (BAMPE, fragments of 175 bases" in said
    assert "treatment: 400 of 400 records used" in said and "control: 400 of 400 records used" in said
    assert {path.name for path in place.out.iterdir()} == {
        "chip.bed.gz", "chip.bed.gz.tbi", "chip.report.json"
    }  # fmt: skip
    with pysam.TabixFile(str(place.out / "chip.bed.gz")) as handle:
        assert [line.split("\t")[-2:] for line in handle.fetch()] == [["80", "CTCF"]]
    report = read_json(place.out / "chip.report.json")
    assert (report["sample"], report["reads"], report["peaks"]["called"]) == ("chip", 400, 1)
    assert [one["name"] for one in report["inputs"]] == ["chip.raw.bam", "input.raw.bam"]
    origin = Node.from_dict(report[KEY])
    assert (origin.name, origin.sample) == ("chip.bed.gz", "chip")
    assert [node.name for node in origin.parents] == ["chip.bam", "input.bam", "genome.fa"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--control", "input.bam"], "give both or neither of --control and --control-report"),
        (["--caller", "macs"], "peaks.caller: found 'macs' (did you mean 'macs3'?)"),
        (["--q-value", "2", "--genome-size", "0"], "2 problems"),
        (["--caller", "macs2"], "peaks.caller: 'macs2' is not on the PATH"),
    ],
)
def test_mistakes(place, peaks, monkeypatch, more, said):
    monkeypatch.setenv("PATH", str(place.folder))
    code, printed = peaks(*more)
    assert code == 2 and "Traceback" not in printed
    assert said in printed
    assert not list(place.out.iterdir())


def test_another_ending(place, peaks):
    code, printed = peaks(output="chip.narrowPeak")
    assert code == 2
    assert "chip.narrowPeak: found another ending, wanted .bed.gz" in printed
