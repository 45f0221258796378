"""The door of the command line: lazy verbs, errors without tracebacks, exit codes."""

import errno
import subprocess
import sys
from importlib import import_module

import click
import pytest

from seqmill.cli import main
from seqmill.errors import ConfigErrors, InputError, Interrupted
from tests.test_layers import HEAVY


def run(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "seqmill.cli.main", *args], capture_output=True, text=True, check=False
    )


def raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(main._LazyVerbs, "get_command", lambda *_: click.Command("train", callback=fail))
    monkeypatch.setattr(sys, "argv", ["seqmill", "train"])


def test_help_lists_every_verb_in_the_order_of_the_pipeline():
    done = run("--help")
    assert done.returncode == 0
    places = [done.stdout.index(f"\n  {verb} ") for verb in main.VERBS]
    assert places == sorted(places)


def test_version():
    assert run("--version").stdout.startswith("seqmill ")


def test_a_misspelt_verb_is_answered_with_the_nearest():
    done = run("trian")
    assert done.returncode == 2
    assert "error: no such verb: 'trian' (did you mean 'train'?)" in done.stderr


def test_a_wrong_option_says_how_the_verb_is_used():
    done = run("compose", "--nonsense")
    assert done.returncode == 2
    assert "Usage: seqmill compose" in done.stderr
    assert "error: " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("verb", main.VERBS)
def test_each_verb_is_a_file_with_a_command_and_says_what_it_does(verb: str):
    command = import_module(f"seqmill.cli.{verb}").command
    assert isinstance(command, click.Command)
    assert command.help


def test_no_verb_imports_anything_heavy_before_it_is_used():
    verbs = "; ".join(f"import seqmill.cli.{verb}" for verb in main.VERBS)
    code = f"import sys; {verbs}; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (InputError("reads.bam: truncated"), 2, "error: reads.bam: truncated\n"),
        (
            ConfigErrors("config.yaml", ["one", "two"]),
            2,
            "error: config.yaml: 2 problems\n  - one\n  - two\n",
        ),
        (Interrupted("stopped at the time limit"), 75, "error: stopped at the time limit\n"),
        (
            OSError(errno.ENOSPC, "No space left on device", "part.parquet"),
            1,
            "error: part.parquet: the disk is full; free some space and run it again\n",
        ),
        (
            FileNotFoundError(errno.ENOENT, "No such file or directory", "x.bam"),
            2,
            "error: x.bam: No such file or directory\n",
        ),
    ],
)
def test_errors_end_with_one_message_and_their_code(monkeypatch, capsys, error, code, message):
    raising(monkeypatch, error)
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == code
    assert capsys.readouterr().err == message


def test_an_interrupt_from_the_keyboard_ends_quietly(monkeypatch, capsys):
    raising(monkeypatch, KeyboardInterrupt())
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == 130
    assert capsys.readouterr().err.strip() == "error: interrupted"


def test_a_defect_keeps_its_traceback(monkeypatch):
    raising(monkeypatch, ZeroDivisionError("a defect"))
    with pytest.raises(ZeroDivisionError):
        main.main()


def test_a_verb_that_ends_well_ends_with_zero(monkeypatch):
    monkeypatch.setattr(
        main._LazyVerbs, "get_command", lambda *_: click.Command("train", callback=lambda: None)
    )
    monkeypatch.setattr(sys, "argv", ["seqmill", "train"])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == 0
