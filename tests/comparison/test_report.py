"""The page: whole, self-contained, honest, and the same each time."""

import json
import re
from html.parser import HTMLParser
from types import MappingProxyType

import pytest

from seqmill.comparison.common import Common
from seqmill.comparison.compared import Compared, Mixed
from seqmill.comparison.paired import compare
from seqmill.comparison.report import write_report
from seqmill.comparison.runs import load_callers
from seqmill.comparison.strata import compare_strata
from seqmill.comparison.sweeps import Swept
from seqmill.comparison.tracked import Tracked, Usage
from seqmill.files import read_json, write_json
from seqmill.training.private.budget import epsilon
from seqmill.training.private.ledger import ledger_folder, note

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """Collects elements, checks that they close, and keeps what scripts hold."""

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.addresses, self.figures, self.scripts = [], set(), [], [], {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "id" in given:
            assert given["id"] not in self.ids
            self.ids.add(given["id"])
        self.addresses += [given[name] for name in ("src", "href") if name in given]
        if "data-figure" in given:
            self.figures.append(given["data-figure"])
        if tag not in VOID:
            self.open.append((tag, given.get("id")))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        if self.open and self.open[-1][0] == "script":
            self.scripts[self.open[-1][1]] = data


def write(study, path, *, beside=MappingProxyType({}), **further):
    callers = load_callers(study.runs, study.baselines)
    write_report(
        path,
        compared=Compared(
            callers=callers, differences=compare(callers), strata=compare_strata(callers), **beside
        ),
        manifest=study.manifest,
        labels=study.labels,
        read_reports=study.read_reports,
        command=["seqmill", "compare"],
        **further,
    )
    return path.read_text()


def cells(text):
    """Give the texts of cells and headings of a piece of the page, row by row."""
    rows = re.findall(r"<tr>(.*?)</tr>", text, flags=re.S)
    found = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, flags=re.S) for row in rows]
    return [[re.sub(r"<[^>]*>", "", cell).strip() for cell in row] for row in found]


def test_the_section_of_privacy_tells_attacks_and_every_number_of_the_ledger(study, tmp_path):
    for seed in (1, 2):
        folder = study.folders["good", seed]
        scored = read_json(folder / "metrics.json")
        row = {"metric": "membership_auroc", "value": 0.71, "low": 0.45 + 0.1 * seed, "high": 0.8, "n": 300}
        write_json(folder / "metrics.json", scored | {"metrics": [*scored["metrics"], row]})
        spent = {
            "experiment": "good",
            "seed": seed,
            "run_id": f"r{seed}",
            "cohort": "c0ffee",
            "unit": "group",
        }
        spent |= {"persons": 124, "accountant": "prv", "seeded_noise": seed == 2}
        spent |= {
            "max_grad_norm": 0.7,
            "noise_multiplier": 1.3,
            "sample_rate": 0.25,
            "steps": 40,
            "delta": 1e-4,
            "epsilon": 6.25,
        }
        note(ledger_folder(study.manifest.path), spent)
    write_json(
        study.folders["good", 2] / "train.json",
        read_json(study.folders["good", 2] / "train.json") | {"privacy": {"epsilon": 6.25}},
    )
    page = write(study, tmp_path / "report.html")
    (section,) = re.findall(r'<section id="privacy">(.*?)</section>', page, flags=re.S)
    heads, one, two, spent_heads, spent, run_heads, first, second = cells(section)
    assert heads == ["run", "seed", "AUROC of the attack", "95 % interval", "found", "epsilon"]
    assert one == ["good", "1", ".7100", ".5500\N{EN DASH}.8000", "gives members away", "\N{EN DASH}"]
    assert two == ["good", "2", ".7100", ".6500\N{EN DASH}.8000", "gives members away", "6.25"]
    assert len(spent_heads) == len(spent) == 9
    together = epsilon([(1.3, 0.25, 40)] * 2, 1e-4, "rdp")
    assert spent == ["c0ffee", "group", "124", "2", "80", "12.5", "0.0002", f"{together:.3g}", "0.0001"]
    assert len(run_heads) == len(first) == 10
    assert first == ["good, seed 1", "1.3", "0.7", "0.25", "40", "0.0001", "6.25", "group", "124", "prv"]
    assert second[1:] == first[1:]
    assert "protects nobody from who knows the seed: good, seed 2." in section
    assert section.count('class="mark"') == 2 and "no medical advice" in section
    assert section.count("<th>") == 3, "every column but names and seeds is explained"


@pytest.fixture(scope="session")
def pages():
    return {}


@pytest.fixture
def text(study, tmp_path, pages):
    """The page of the whole study, written once."""
    if "whole" not in pages:
        pages["whole"] = write(study, tmp_path / "report.html", git_commit="0a1b2c3")
    return pages["whole"]


@pytest.fixture
def body(text):
    """The page without the plotting library."""
    return re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)


def test_elements_close_and_no_address_leaves_the_page(text):
    page = Page(text)
    assert page.open == []
    for address in page.addresses:
        assert address.startswith(("#", "data:"))
        assert not address.startswith("#") or address[1:] in page.ids


def test_every_plot_on_the_page_has_its_figures(text):
    page = Page(text)
    figures = json.loads(page.scripts["figures"])
    for template in page.figures:
        pattern = re.sub(r"\\\{\w+\\\}", "[^|]+", re.escape(template))
        assert any(re.fullmatch(pattern, key) for key in figures), template


def test_every_caller_in_a_figure_has_a_look(text):
    page = Page(text)
    looks = json.loads(page.scripts["looks"])
    figures = json.loads(page.scripts["figures"])
    named = {trace["caller"] for figure in figures.values() for trace in figure["data"] if "caller" in trace}
    assert named == set(looks) == {"good", "fair", "caller", "scalars"}


def test_every_colour_is_defined_for_light_and_dark(text):
    page = Page(text)
    style = text[text.index("<style>") : text.index("</style>")]
    used = set(re.findall(r'"(--[\w-]+)"', page.scripts["figures"] + page.scripts["looks"]))
    for name in used | set(re.findall(r"var\((--(?:model|baseline)-\d+)\)", text)):
        assert style.count(f"{name}:") == 3, name


def test_a_baseline_that_is_not_beaten_is_said_to_be_so(body):
    assert "good does not beat scalars in 3 of 3 cells." in body
    assert "No model leads: the baseline" not in body.replace("</b> the baseline", "</b> ...")
    assert "<b>No model leads:</b> the baseline scalars" in body


def test_what_it_hangs_on_is_printed(body, study):
    for expected in (
        study.manifest.digest,
        "0a1b2c3",
        "0123456789abcdef",
        "experiment: good",
        "98.00 % of 1,000",
    ):
        assert expected in body


def test_sections_without_content_are_left_out(study, tmp_path):
    for folder in study.folders.values():
        for name in ("curves.json", "train.json"):
            (folder / name).unlink(missing_ok=True)
    study.read_reports = []
    page = Page(write(study, tmp_path / "bare.html"))
    assert page.ids.isdisjoint({"curves", "calibration", "training", "reads", "cost", "sweeps"})
    assert {"leaderboard", "differences", "strata", "dataset", "made"} <= page.ids


def test_names_are_escaped(study, make, tmp_path):
    odd = make.run(
        tmp_path / "odd", make.items([5], 0), experiment="a</script><b>", seed=1, digest=study.manifest.digest
    )
    study.runs.append(odd)
    page = Page(write(study, tmp_path / "odd.html"))
    assert page.open == []
    assert "a</script><b>" in json.loads(page.scripts["looks"])


def test_the_same_runs_give_the_same_bytes(study, tmp_path):
    assert write(study, tmp_path / "once.html") == write(study, tmp_path / "again.html")


def test_the_file_is_small_enough_to_send(text):
    assert len(text.encode()) < 6_000_000


def test_the_first_stratum_shown_is_one_that_splits_the_cells(study, tmp_path):
    for folder in study.folders.values():
        scored = json.loads((folder / "metrics.json").read_text())
        one_value = [row | {"stratum": "chemistry", "value": "v2"} for row in scored["strata"]]
        scored["strata"] = one_value + scored["strata"]
        (folder / "metrics.json").write_text(json.dumps(scored))
    page = write(study, tmp_path / "strata.html")
    assert 'data-stratum="depth"' in page
    assert 'value="chemistry"' in page


def test_what_the_store_knows_is_shown(study, tmp_path):
    known = Tracked(
        tags={"mlflow.source.git.commit": "feedbeef0123", "host": "node7"},
        packages={"torch": "2.9"},
        usage=Usage(gpus=1, memory_gb=3.25, gpu_memory_gb=7.5, energy_wh=41.25),
    )
    tracked = {"0123456789abcdef0123456789abcdef": known}
    page = write(study, tmp_path / "tracked.html", beside={"tracked": tracked})
    for expected in ("3.2 GB", "7.5 GB", "82.5 Wh", "0.0411 GPU h", "<h2>What differs</h2>"):
        assert expected in page, expected


def test_a_sweep_is_drawn_and_listed(study, tmp_path):
    sweep = Swept("rates", "base", ("good", "fair"), {"lr": (0.1, 0.01)}, (0.9, 0.8), {"lr": 1.0})
    page = Page(write(study, tmp_path / "swept.html", beside={"sweeps": [sweep]}))
    assert "sweeps" in page.ids
    assert "sweep|rates" in json.loads(page.scripts["figures"])


def test_several_datasets_are_announced(study, tmp_path):
    mixed = Mixed(
        Common(1234, {"f00d" * 4: ("old", 1500), "beef" * 4: ("new", 1300)}),
        [("old", "new", [("test contigs", "c3", "c4")])],
    )
    page = write(study, tmp_path / "mixed.html", beside={"mixed": mixed})
    assert "Runs of several datasets, compared on the 1,234 items in common" in page
    assert "<td>test contigs</td><td>c3</td><td>c4</td>" in page
