"""All files are run; one that fails is named."""

from pathlib import Path

import run


def test_every_file_that_makes_claims_is_found():
    found = {path.stem for path in run.benchmarks()}
    assert found.isdisjoint({"harness", "run", "table"})
    offering = {
        path.stem for path in run.HERE.glob("*.py") if "def claims(*, quick: bool)" in path.read_text()
    }
    assert found == offering


def test_claims_of_a_file_come_with_its_command(tmp_path: Path):
    file = tmp_path / "one.py"
    file.write_text(
        f"import sys; sys.path.insert(0, {str(run.HERE)!r})\n"
        "from harness import claim, main\n"
        "main(lambda *, quick: [claim('k', 't', ours=1, peer=2, peer_name='p', goal=1, unit='u')])\n"
    )
    claims, failure = run.run(file, quick=True)
    assert (claims[0]["ratio"], claims[0]["command"], failure) == (0.5, "python benchmarks/one.py", "")


def test_a_file_that_fails_is_named(tmp_path: Path):
    file = tmp_path / "broken.py"
    file.write_text("raise SystemExit(3)\n")
    assert run.run(file, quick=True) == ([], "python benchmarks/broken.py ended with code 3")


def test_missing_peers_are_named_in_the_versions():
    assert set(run.versions()) == {"python", *run.PACKAGES}


def test_a_file_that_is_run_again_replaces_its_own_lines_alone():
    before = [{"key": name, "command": f"python benchmarks/{name}.py"} for name in ("one", "two")]
    results = {"commit": "abc", "claims": before, "failures": []}
    again = {"key": "new", "command": "python benchmarks/one.py"}
    run.replace(results, Path("one.py"), [again], "")
    assert [entry["key"] for entry in results["claims"]] == ["new", "two"]
    assert results["claims"][0]["commit"] == "abc"
