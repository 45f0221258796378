"""The program is given what was asked for; its peaks are read and its failures told."""

import pytest

from seqmill.errors import InputError, SeqmillError
from seqmill.peaks.options import PeakOptions
from seqmill.peaks.program import run_caller

NO_MODEL = "echo 'WARNING: #2 Process for pairing-model is terminated!' >&2; exit 1"


def run(folder, *, control=None, form="BAM", **options):
    return run_caller(
        folder / "chip.bam",
        control,
        form=form,
        genome_size=1000,
        options=PeakOptions(**options),
        folder=folder,
    )


@pytest.mark.parametrize(
    ("form", "options", "more"),
    [
        ("BAM", {}, []),
        ("BAM", {"fragment_length": 200}, ["--nomodel", "--extsize", "200"]),
        ("BAMPE", {"fragment_length": 200}, []),
        ("BAM", {"q_value": 0.01}, []),
    ],
)
def test_the_command_line(tmp_path, program, form, options, more):
    words = program()
    called = run(tmp_path, form=form, **options)
    wanted = ["callpeak", "-t", f"{tmp_path}/chip.bam", "-f", form, "-g", "1000"]
    wanted += ["-q", str(options.get("q_value", 0.05)), "--keep-dup", "all", *more]
    assert words.read_text().splitlines() == [*wanted, "-n", "called", "--outdir", str(tmp_path)]
    assert called.arguments == " ".join(wanted).replace(f"{tmp_path}/", "")
    assert (called.program, called.fragment_length) == ("macs3 9.9", 175)
    assert called.rows == [["c1", "100", "300", "called_peak_1", "50", ".", "4.0", "9.1", "7.2", "80"]]


def test_a_control_and_the_other_program(tmp_path, program):
    words = program(name="macs2")
    assert run(tmp_path, control=tmp_path / "input.bam", caller="macs2").program == "macs2 9.9"
    assert f"-c\n{tmp_path}/input.bam\n" in words.read_text()


def test_a_missing_program(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match=r"peaks.caller: 'macs3' is not on the PATH; run .* --sdm conda"):
        run(tmp_path)


@pytest.mark.parametrize(
    ("ends", "kind", "said"),
    [
        (NO_MODEL, InputError, "macs3 cannot estimate .* give it as peaks.fragment_length"),
        ("echo begun; echo no memory >&2; exit 9", SeqmillError, "macs3 failed with exit code 9: begun"),
        ("kill -9 $$", SeqmillError, "macs3 failed with exit code -9"),
        ("rm $out/called_peaks.narrowPeak", SeqmillError, "wrote no called_peaks.narrowPeak"),
    ],
)
def test_failures(tmp_path, program, ends, kind, said):
    program(ends=ends)
    with pytest.raises(kind, match=said) as caught:
        run(tmp_path)
    assert type(caught.value) is kind
