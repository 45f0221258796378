"""A composed file shows every option and leaves open what is given later."""

from dataclasses import dataclass

from omegaconf import OmegaConf

from seqmill.training.compose import compose
from seqmill.training.config import PrivacyConfig, RunConfig
from seqmill.training.render import render, write_config
from seqmill.training.validate import to_plain, validate


def test_it_holds_the_whole_configuration(compose_run):
    run = compose_run()
    content = OmegaConf.to_container(OmegaConf.create(render(run)))
    assert content == to_plain(run)
    assert validate(content, source="here") == run


def test_a_key_that_the_configuration_gains_is_written(compose_run):
    @dataclass(frozen=True, kw_only=True)
    class Later(RunConfig):
        thing: str = "else"

    content = OmegaConf.to_container(OmegaConf.create(render(Later(**vars(compose_run())))))
    assert content["thing"] == "else"


def test_options_of_privacy_come_back_from_the_file(compose_run, tmp_path):
    chosen = ["privacy.name=dp_sgd", "privacy.noise_multiplier=2.0", "privacy.seeded_noise=true"]
    write_config(tmp_path / "run.yaml", compose_run(*chosen), open_keys=True)
    run = compose(["seed=1", "dataset.manifest=m.json"], base=tmp_path / "run.yaml")
    assert run.privacy == PrivacyConfig(name="dp_sgd", noise_multiplier=2.0, seeded_noise=True)


def test_seed_and_manifest_may_stay_open(compose_run):
    content = OmegaConf.to_container(OmegaConf.create(render(compose_run(), open_keys=True)))
    assert (content["seed"], content["dataset"]["manifest"]) == ("???", "???")


def test_the_file_is_the_same_for_the_same_configuration(compose_run, tmp_path):
    write_config(tmp_path / "a.yaml", compose_run())
    write_config(tmp_path / "b.yaml", compose_run("trainer.epochs=3"))
    assert (tmp_path / "a.yaml").read_bytes() == (tmp_path / "b.yaml").read_bytes()
