"""Finding applications and their parts."""

import pytest

from seqmill.applications.application import LabelReport, find_application, load_object
from seqmill.errors import InputError


def test_an_installed_application_is_found_by_its_entry_point() -> None:
    assert find_application("small_variants").classes == ("0", "1", "2")


def test_a_misspelt_application_names_the_nearest() -> None:
    with pytest.raises(
        InputError, match=r"'smal_variants' is not installed \(did you mean 'small_variants'\?\)"
    ):
        find_application("smal_variants")


def test_a_misspelt_network_names_the_nearest_and_all() -> None:
    with pytest.raises(InputError, match=r"'pileup_cn' .*did you mean 'pileup_cnn'.*pileup_gru, scalars"):
        find_application("small_variants").network("pileup_cn")


def test_every_part_an_application_names_can_be_loaded() -> None:
    application = find_application("small_variants")
    named = [application.examples, application.task, application.evaluate, application.predict]
    named += [application.augmentation, *application.baselines.values()]
    named += [path for network in application.networks.values() for path in (network.build, network.options)]
    assert all(callable(load_object(path)) for path in named)


def test_label_reports_add_up() -> None:
    report = LabelReport()
    report.count("truth_reached.snp", 2)
    report.count("truth_reached.snp")
    report.label("train", "1", 4)
    report.label("train", "1")
    assert report.counts == {"truth_reached.snp": 3}
    assert report.classes == {"train": {"1": 5}}


def test_options_may_decide_label_and_classes() -> None:
    application = find_application("disease_risk")
    binary = application.under({"outcome": "binary"})
    assert (binary.label, binary.classes) == ("disease", ("unaffected", "affected"))
    survival = application.under({"outcome": "survival"})
    assert (survival.label, survival.classes) == ("", ())
    trait = application.under({"outcome": "quantitative"})
    assert [one.losses for one in (binary, trait, survival)] == [("generalised", "symmetric"), ("huber",), ()]
    assert set(application.losses) == {"generalised", "symmetric", "huber"}
    variants = find_application("small_variants")
    assert variants.under({"outcome": "binary"}) is variants
