"""A composed file shows every option and leaves open what is given later."""

from omegaconf import OmegaConf

from seqmill.training.render import render, write_config
from seqmill.training.validate import to_plain, validate


def test_it_holds_the_whole_configuration(compose_run):
    run = compose_run()
    content = OmegaConf.to_container(OmegaConf.create(render(run)))
    assert content == to_plain(run)
    assert validate(content, source="here") == run


def test_seed_and_manifest_may_stay_open(compose_run):
    content = OmegaConf.to_container(OmegaConf.create(render(compose_run(), open_keys=True)))
    assert (content["seed"], content["dataset"]["manifest"]) == ("???", "???")


def test_the_file_is_the_same_for_the_same_configuration(compose_run, tmp_path):
    write_config(tmp_path / "a.yaml", compose_run())
    write_config(tmp_path / "b.yaml", compose_run("trainer.epochs=3"))
    assert (tmp_path / "a.yaml").read_bytes() == (tmp_path / "b.yaml").read_bytes()
