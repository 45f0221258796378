"""The plan as a whole: every mistake at once, and what the rules are told."""

import json
from pathlib import Path

import pytest

from seqmill.errors import ConfigErrors
from seqmill.plan.addresses import Addresses
from seqmill.plan.plan import load_plan
from tests.profiles import cohort

SCHEMAS = Path(__file__).parents[2] / "workflow" / "schemas"


def load(config):
    return load_plan(config, schemas=SCHEMAS, source="config.yaml", addresses=Addresses(None, fetches=True))


def problems_of(config):
    with pytest.raises(ConfigErrors) as caught:
        load(config)
    assert caught.value.exit_code == 2
    return list(caught.value.problems)


def test_a_plan_without_a_mistake(project, config):
    plan = load(config)
    assert plan.results == "results/tiny"
    assert plan.contigs == {"c1": 8, "c2": 4, "c3": 2}
    assert plan.split_samples == ["ada", "bo", "cy"]
    assert plan.runs_as("model") == [("net", 1), ("net", 2)]
    assert plan.runs_as("baseline") == []
    assert plan.model_name == "seqmill-tiny"
    assert plan.tracking_uri() == "sqlite:///results/tiny/mlflow.db"
    assert plan.tracking_experiment() == "tiny"


def test_the_environment_goes_before_the_configured_address(project, config, monkeypatch):
    config["tracking"] = {"uri": "http://tracker:5000", "experiment": "calls"}
    assert load(config).tracking_uri() == "http://tracker:5000"
    assert load(config).tracking_experiment() == "calls"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://elsewhere:5000")
    assert load(config).tracking_uri() == "http://elsewhere:5000"


def test_where_a_run_is_tracked(project, config):
    assert load(config).run_tracking_uri("net", 1) == "sqlite:///results/tiny/mlflow.db"
    config["tracking"] = {"mode": "merged"}
    plan = load(config)
    assert plan.run_tracking_uri("net", 1) == "sqlite:///results/tiny/runs/net/seed-1/tracking/mlflow.db"
    assert plan.tracking_uri() == "sqlite:///results/tiny/mlflow.db"
    config["tracking"]["uri"] = "http://tracker:5000"
    (problem,) = problems_of(config)
    assert problem.startswith("tracking.uri: found 'http://tracker:5000', but runs cannot be merged through")


def test_depths_of_a_sample_go_before_those_of_its_split(project, config):
    config["depths"] = {"train": ["full", 10, 7.5], "cy": [30]}
    plan = load(config)
    assert plan.depths("ada") == ["full", "10", "7.5"]
    assert plan.depths("bo") == ["full"]
    assert plan.depths("cy") == ["30"]


def test_batches_cover_the_contigs_of_the_samples_own_splits(project, config):
    lengths = {"c1": 9000, "c2": 500, "c3": 200, "c4": 10}
    index = "".join(f"{name}\t{length}\t0\t80\t81\n" for name, length in lengths.items())
    (project / "ref.fa.fai").write_text(index)
    config["region_batch"] = 3000
    config["splits"]["train"]["contigs"] = ["c1", "c3"]
    config["splits"]["test"]["contigs"] = ["c2"]
    config["splits"]["validation"] = {"samples": ["bo"], "contigs": ["c4"]}
    plan = load(config)
    assert [plan.batches(name) for name in ("ada", "bo", "cy")] == [4, 1, 1]


def test_a_region_batch_that_was_chosen_stays_and_another_follows_the_reference(project, config):
    (project / "ref.fa.fai").write_text(
        "c1\t30000000\t0\t80\t81\nc2\t9000000\t0\t80\t81\nc3\t1000000\t0\t80\t81\n"
    )
    assert load(config).config["region_batch"] == 10_000_000
    config["region_batch"] = 3000
    assert load(config).config["region_batch"] == 3000


def test_a_sample_is_told_its_own_facts_alone(project, config):
    told = json.loads(load(config).documents()["examples.cy"])
    assert told == {
        "application": "small_variants",
        "dataset": "tiny",
        "depths": {"cy": ["full"]},
        "options": {},
        "reference": "ref.fa",
        "region_batch": 5_000_000,
        "samples": {"cy": {"condition": "noisy", "confident": "cy.bed", "truth": "cy.vcf"}},
        "seed": 1,
        "splits": {"test": {"contigs": ["c3"], "samples": ["cy"]}},
    }


def test_collect_and_evaluate_are_told_of_all_samples(project, config):
    documents = load(config).documents()
    dataset, scoring = json.loads(documents["dataset"]), json.loads(documents["scoring"])
    assert list(dataset["samples"]) == list(scoring["samples"]) == ["ada", "bo", "cy"]
    assert dataset["splits"]["test"] == {"contigs": ["c3"], "samples": ["cy"]}
    assert dataset["rows_per_group"] == 2048
    assert scoring["evaluation"] == {"replicates": 1000, "conditions": {}}


def test_only_those_are_told_otherwise_whose_facts_change(project, config):
    before = load(config).documents()
    config["splits"]["validation"]["samples"] = ["bo", "cy"]
    config["depths"] = {"train": [10]}
    after = load(config).documents()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"examples.ada", "examples.cy", "dataset", "scoring"}
    config["evaluation"] = {"replicates": 200}
    scored = load(config).documents()
    assert {name for name in after if after[name] != scored[name]} == {"scoring"}


def test_all_mistakes_of_config_and_sheets_at_once(project, config):
    (project / "bo.bam").unlink()
    (project / "experiments.tsv").write_text("experiment\tseed\nnett\t1\n")
    config |= {
        "predict": ["ad"],
        "baselines": ["bcftool"],
        "options": {"row": 3},
        "depths": {"trian": [10]},
        "splits": {
            "train": {"samples": ["ada"], "contigs": ["c1"]},
            "validation": {"samples": ["bob"], "contigs": ["c1"]},
            "test": {"samples": ["cy"], "contigs": ["chr3"]},
        },
    }
    found = "\n".join(problems_of(config))
    for problem in (
        "experiment 'nett' has no file config/hydra/experiment/nett.yaml (did you mean 'net'?)",
        "sample 'bo': bo.bam: no such file",
        "contig 'c1' is in two splits, train and validation",
        "splits.validation: no sample 'bob' in the sample sheet (did you mean 'bo'?)",
        "splits.test: no contig 'chr3' in the reference",
        "depths: 'trian' is neither a split nor a sample (did you mean 'train'?)",
        "options.row: unknown key (did you mean 'rows'?)",
        "baselines: found 'bcftool' (did you mean 'bcftools'?), wanted one of: bcftools, freebayes",
        "predict: no sample 'ad' in samples.tsv (did you mean 'ada'?)",
    ):
        assert problem in found


def test_a_misspelt_key_is_told_together_with_the_sheets_mistakes(project, config):
    config["sampels"] = config.pop("samples")
    config["experiments"] = "none.tsv"
    assert problems_of(config) == [
        "unknown key 'sampels' (did you mean 'samples'?)",
        "key 'samples' is missing",
    ]
    config["samples"] = config.pop("sampels")
    config["aligners"] = "bwa"
    assert problems_of(config) == [
        "unknown key 'aligners' (did you mean 'aligner'?)",
        "none.tsv: no such file",
    ]


def test_samples_of_a_split_need_labels(project, config):
    sheet = project / "samples.tsv"
    sheet.write_text(sheet.read_text().replace("cy.vcf", ""))
    assert problems_of(config) == ["sample 'cy': truth is empty, but split test needs it"]


def test_a_reference_that_is_not_there(project, config):
    config["reference"] = "none.fa"
    (found,) = problems_of(config)
    assert "none.fa" in found


def test_an_application_nobody_installed(project, config):
    config["application"] = "small_variant"
    (found,) = problems_of(config)
    assert "application: 'small_variant' is not installed (did you mean 'small_variants'?)" in found


class TestGenerated:
    PLAN = "seed: 1\ncontigs:\n  c1: {random: 800}\n  c2: {random: 400}\n  c3: {fasta: ref.fa, source: c3}\n"

    def config(self, project, config):
        (project / "simulate.yaml").write_text(self.PLAN + "samples:\n  ada: {contigs: [c1]}\n")
        sheet = project / "samples.tsv"
        sheet.write_text(sheet.read_text().replace("ada_1.fq", "results/tiny/raw/ada/1.fq"))
        return config | {"simulate": "simulate.yaml", "reference": "results/tiny/raw/reference.fa"}

    def test_contigs_are_known_before_the_reference_is_written(self, project, config):
        plan = load(self.config(project, config))
        assert plan.contigs == {"c1": 800, "c2": 400, "c3": 2}
        assert plan.generated == ["results/tiny/raw/ada/1.fq"]

    def test_a_file_of_the_dataset_may_be_one_that_will_be_written(self, project, config):
        sequence = {"application": "accessibility", "files": {"mask": "results/tiny/raw/mask.bed"}}
        sheet = "sample\talignments\tcondition\n"
        full = self.config(project, config) | sequence | {"predict": []}
        (project / "samples.tsv").write_text(
            sheet + "".join(f"{name}\tresults/tiny/raw/{name}.bam\tx\n" for name in ("ada", "bo", "cy"))
        )
        assert "results/tiny/raw/mask.bed" in load(full).generated
        elsewhere = full | {"files": {"mask": "results/other/raw/mask.bed"}}
        assert problems_of(elsewhere) == ["files.mask: results/other/raw/mask.bed: no such file"]

    def test_the_reference_must_be_the_one_that_is_written(self, project, config):
        wrong = self.config(project, config) | {"reference": "ref.fa"}
        assert problems_of(wrong) == [
            "reference: found 'ref.fa', wanted results/tiny/raw/reference.fa, where it will be written"
        ]

    def test_a_mistake_in_the_generators_plan_is_told_with_the_others(self, project, config):
        full = self.config(project, config) | {"predict": ["nobody"]}
        (project / "simulate.yaml").write_text("sed: 1\n" + (project / "simulate.yaml").read_text())
        found = problems_of(full)
        assert any("sed" in problem for problem in found)
        assert any("nobody" in problem for problem in found)


SWEEP = "size:\n  experiment: net\n  draw: grid\n  space: {model.width: [8, 16]}\n"


def test_trials_of_a_sweep_are_runs_like_any_other(project, config):
    (project / "sweeps.yaml").write_text(SWEEP)
    plan = load(config | {"sweeps": "sweeps.yaml"})
    assert plan.runs_as("model") == [("net", 1), ("net", 2), ("size-01", 1), ("size-02", 1)]
    assert json.loads(plan.documents()["sweeps"]) == {
        "size": {
            "base": "net",
            "space": {"model.width": [8, 16]},
            "trials": {"size-01": {"model.width": 8}, "size-02": {"model.width": 16}},
        }
    }
    assert "sweeps" not in load(config).documents()


def test_seeds_of_a_model_are_an_ensemble_unless_switched_off(project, config):
    assert load(config).ensembles == ["net"]
    assert load(config | {"ensembles": False}).ensembles == []
    (project / "experiments.tsv").write_text(
        "experiment\tseed\trole\nnet\t1\nwide\t1\tbaseline\nwide\t2\tbaseline\n"
    )
    assert load(config).ensembles == []


def test_a_mixture_is_all_runs_of_its_experiments(project, config):
    sheet = "experiment\tseed\trole\n" + "net\t1\t\nnet\t2\t\nwide\t1\t\n"
    (project / "experiments.tsv").write_text(sheet)
    plan = load(config | {"mixtures": {"both": ["net", "wide"]}, "ensembles": False})
    assert list(plan.mixtures) == ["both"]
    assert plan.members("both") == [("net", 1), ("net", 2), ("wide", 1)]
    assert plan.members("net") == [("net", 1), ("net", 2)]


@pytest.mark.parametrize(
    ("mixture", "problem"),
    [
        ({"net": ["net", "wide"]}, "mixtures.net: found the name of an experiment, want another one"),
        ({"x": ["net", "wid"]}, "mixtures.x: no experiment 'wid' (did you mean 'wide'?)"),
        (
            {"x": ["net", "floor"]},
            "mixtures.x: found 'floor', which has the role baseline, want models alone",
        ),
        ({"x": ["net"]}, "mixtures.x: "),
    ],
)
def test_mistakes_of_mixtures(project, config, mixture, problem):
    (project / "config/hydra/experiment/floor.yaml").write_text("experiment: floor\n")
    (project / "experiments.tsv").write_text(
        "experiment\tseed\trole\nnet\t1\t\nwide\t1\t\nfloor\t1\tbaseline\n"
    )
    (told,) = problems_of(config | {"mixtures": mixture})
    assert told.startswith(problem)


def test_mistakes_of_the_sweeps_are_named_with_all_others(project, config):
    (project / "sweeps.yaml").write_text(SWEEP.replace("grid", "gird"))
    config |= {"sweeps": "sweeps.yaml", "depths": {"nobody": [10]}}
    problems = problems_of(config)
    assert any("sweeps.yaml: size.draw" in problem for problem in problems)
    assert any("nobody" in problem for problem in problems)
    (project / "sweeps.yaml").write_text(SWEEP.replace("size", "net").replace("[8, 16]", "[8]"))
    (project / "config/hydra/experiment/net-01.yaml").write_text("experiment: net-01\n")
    (project / "experiments.tsv").write_text("experiment\tseed\nnet-01\t1\n")
    assert any("'net-01' has the name of an experiment" in problem for problem in problems_of(config))


def test_an_address_without_a_storage_plugin_comes_with_all_other_mistakes(project, config, monkeypatch):
    monkeypatch.setattr("seqmill.plan.addresses.find_spec", lambda name: None)
    sheet = project / "samples.tsv"
    sheet.write_text(sheet.read_text().replace("bo.bam", "s3://reads/bo.bam"))
    config |= {"reference": "gs://genomes/ref.fa", "predict": ["adda"]}
    reads, reference, predict = sorted(problems_of(config), reverse=True)
    assert reads.startswith("sample 'bo', alignments: found 's3://reads/bo.bam', but nothing is installed")
    assert reference.startswith("reference: found 'gs://genomes/ref.fa', but nothing is installed")
    assert predict.startswith("predict: no sample 'adda'")


def test_a_table_of_contig_names_is_an_input_and_a_rule_for_them_is_none(project, config):
    for given, table in ((None, []), ("chr", []), ("names.tsv", ["names.tsv"])):
        config["rename_contigs"] = given
        assert load(config).contig_table == table


@pytest.fixture
def sequence_config(project, config):
    """A configuration of an application over sequence, with fragments for reads."""
    for name in ("ada", "bo", "cy"):
        (project / f"{name}.bed").touch()
    (project / "fragments.tsv").write_text(
        "sample\tfragments\tcondition\nada\tada.bed\tatac\nbo\tbo.bed\tatac\ncy\tcy.bed\tatac\n"
    )
    (project / "mask.bed").touch()
    (project / "genes.bed").touch()
    return config | {
        "application": "accessibility",
        "samples": "fragments.tsv",
        "files": {"mask": "mask.bed", "transcripts": "$HERE/genes.bed"},
        "predict": ["test", "genome"],
    }


def test_files_reach_the_stages_that_read_them(project, sequence_config, monkeypatch):
    monkeypatch.setenv("HERE", str(project))
    plan = load(sequence_config)
    told = {name: json.loads(text) for name, text in plan.documents().items()}
    assert told["examples.ada"]["files"] == told["dataset"]["files"] == {"mask": "mask.bed"}
    assert told["scoring"]["files"] == {"mask": "mask.bed", "transcripts": f"{project}/genes.bed"}
    assert told["examples.ada"]["samples"] == {"ada": {"condition": "atac"}}
    assert plan.staged == ("bed.gz", "tbi")
    assert plan.predicted_contigs("test") == ["c3"]
    assert plan.predicted_contigs("genome") == ["c1", "c2", "c3"]


def test_what_is_predicted_at_places_needs_the_file_of_them(project, sequence_config, config):
    (project / "genes.gff3").touch()
    sheet = (project / "fragments.tsv").read_text().replace("fragments", "regions")
    (project / "regions.tsv").write_text(sheet)
    given = config | {"application": "expression", "samples": "regions.tsv", "predict": ["test"]}
    given |= {"files": {"annotation": "genes.gff3"}}
    assert load(given).predicted_places == ["genes.gff3"]
    (found,) = problems_of(given | {"files": {}})
    assert found.startswith(
        "predict: found test, but no files.annotation, whose places are what is predicted"
    )
    assert load(sequence_config | {"files": {}}).predicted_places == []


def test_what_does_not_fit_an_application_is_told_at_once(project, sequence_config, monkeypatch):
    monkeypatch.setenv("HERE", str(project))
    sequence_config["files"] |= {"masks": "mask.bed", "mask": "away.bed"}
    sequence_config["predict"] = ["tset"]
    sequence_config["depths"] = {"train": [10]}
    sequence_config["options"] = {"spam": 3}
    found = "\n".join(problems_of(sequence_config))
    for part in (
        "files: found 'masks' (did you mean 'mask'?), wanted one of those that accessibility reads",
        "files.mask: away.bed: no such file",
        "predict: found 'tset' (did you mean 'test'?), wanted one of: genome, train, validation, test",
        "depths: found {'train': [10]}, but accessibility takes all reads",
        "options.spam: unknown key",
    ):
        assert part in found


def with_tracks(project, config, conditions, tracks):
    rows = "".join(f"{name}\t{name}.bed\t{condition}\n" for name, condition in conditions.items())
    (project / "fragments.tsv").write_text("sample\tfragments\tcondition\n" + rows)
    splits = {split: {**members, "samples": list(conditions)} for split, members in config["splits"].items()}
    return config | {"files": {}, "splits": splits, "options": {"tracks": tracks}}


def test_a_prediction_has_a_file_for_each_track(project, sequence_config):
    assert load(sequence_config | {"files": {}}).prediction_endings == (".bw",)
    given = with_tracks(
        project, sequence_config, {"ada": "leaf", "bo": "leaf", "cy": "root"}, ["leaf", "root"]
    )
    plan = load(given)
    assert plan.prediction_endings == (".leaf.bw", ".root.bw")
    told = json.loads(plan.documents()["examples.cy"])
    assert told["options"] == {"tracks": ["leaf", "root"]}
    assert told["samples"] == {"cy": {"condition": "root"}}


def test_tracks_and_conditions_are_held_against_each_other(project, sequence_config):
    given = with_tracks(
        project, sequence_config, {"ada": "leaf", "bo": "laef", "cy": "leaf"}, ["leaf", "root"]
    )
    found = problems_of(given)
    assert [problem for problem in found if problem.startswith("sample")] == [
        f"sample 'bo' of split {split}: condition 'laef' is none of options.tracks (did you mean 'leaf'?): "
        "leaf, root"
        for split in ("train", "validation", "test")
    ]
    assert [problem for problem in found if problem.startswith("options")] == [
        f"options.tracks: no sample of split {split} has the condition root, whose output would not be "
        "learnt; add samples, or take it out of the tracks"
        for split in ("train", "validation")
    ]


def test_reads_of_a_kind_the_application_does_not_take_are_told(project, sequence_config, config):
    config["samples"] = "fragments.tsv"
    found = problems_of(config)
    assert "sample 'ada': fragments found, but small_variants takes alignments" in found
    assert "sample 'ada': truth is empty, but split train needs it" in found


def test_samples_of_two_kinds_of_reads_are_told(project, sequence_config, monkeypatch):
    monkeypatch.setenv("HERE", str(project))
    (project / "fragments.tsv").write_text(
        "sample\tfragments\talignments\tcondition\nada\tada.bed\t\tatac\n"
        "bo\t\tbo.bam\tatac\ncy\tcy.bed\t\tatac\n"
    )
    (found,) = problems_of(sequence_config)
    assert found.startswith("samples: alignments of 'bo' and fragments of 'cy' found, wanted one kind")


def test_a_variable_that_is_not_set_is_told(project, sequence_config, monkeypatch):
    monkeypatch.delenv("HERE", raising=False)
    found = problems_of(sequence_config)
    assert "files.transcripts: the environment variable HERE is not set; set it, or write the path" in found


def test_documents_of_variants_name_no_files(project, config):
    told = {name: json.loads(text) for name, text in load(config).documents().items()}
    assert all("files" not in content for content in told.values())
    assert told["examples.ada"]["samples"]["ada"] == {
        "truth": "ada.vcf",
        "confident": "ada.bed",
        "condition": "clean",
    }


@pytest.fixture
def screen(project, config):
    """A configuration of profiles without a mistake."""
    cohort.write(project)
    (project / "samples.tsv").write_text("sample\tcondition\nscreen\tscreen\n")
    return config | {
        "application": "drug_response",
        "profiles": "profiles.yaml",
        "reference": "results/tiny/raw/profiles.json",
        "splits": {
            name: {"samples": ["screen"], "contigs": folds}
            for name, folds in {
                "train": ["cell_0", "cell_1"],
                "validation": ["cell_2"],
                "test": ["cell_3"],
            }.items()
        },
    }


def test_a_dataset_of_profiles_has_folds_for_contigs(screen):
    plan = load(screen)
    assert plan.splits.contigs("train") == ("cell_0", "cell_1")
    assert plan.batches("screen") == 1
    assert plan.staged == ("rows.parquet", "")
    assert len(plan.profiled) == 5


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"application": "expression"}, "rows found, but expression takes alignments or regions"),
        ({"reference": "ref.fa"}, "wanted results/tiny/raw/profiles.json, where it will be written"),
        ({"pack": "pack.yaml"}, "pack, profiles: 2 are given, wanted at most one"),
        ({"predict": ["screen"]}, "drug_response has no file of predictions"),
    ],
)
def test_what_does_not_go_with_profiles_is_told(screen, change, words):
    with pytest.raises(ConfigErrors) as raised:
        load(screen | change)
    assert any(words in problem for problem in raised.value.problems), raised.value.problems


def test_splits_by_folds_of_several_kinds_are_refused(screen):
    screen["splits"]["test"] = {"samples": ["screen"], "contigs": ["pair_3"]}
    with pytest.raises(ConfigErrors) as raised:
        load(screen)
    (problem,) = raised.value.problems
    assert problem.startswith("splits: folds of cell and pair found, wanted those of one kind")


def test_a_sample_without_rows_is_answered_with_the_nearest(project, screen):
    (project / "samples.tsv").write_text("sample\tcondition\nscreen\tscreen\nscren\tscreen\n")
    with pytest.raises(ConfigErrors) as raised:
        load(screen)
    assert list(raised.value.problems) == [
        "sample 'scren': no rows of it in profiles.yaml (did you mean 'screen'?)"
    ]
