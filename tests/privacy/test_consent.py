"""What a consent class allows, against what is planned: by hand."""

from seqmill.privacy.consent import consent_problems, planned_uses

ALLOWED = {"research": ["train", "validation", "test"], "test_only": ["test"], "nothing": []}


def test_what_is_allowed_is_no_problem():
    needed = {"ada": ["train", "test"], "bo": ["test"], "cy": []}
    assert consent_problems({"ada": "research", "bo": "test_only", "cy": "nothing"}, ALLOWED, needed) == []


def test_samples_of_one_class_and_use_are_named_together():
    classes = {"ada": "test_only", "bo": "test_only", "cy": "nothing"}
    assert consent_problems(
        classes, ALLOWED, {"ada": ["train"], "bo": ["train", "test"], "cy": ["test"]}
    ) == [
        "samples 'ada', 'bo': consent class 'test_only' allows test, but train is planned; take them out "
        "of it, or ask for that consent",
        "sample 'cy': consent class 'nothing' allows nothing, but test is planned; take them out of "
        "it, or ask for that consent",
    ]


def test_a_class_that_is_not_there_allows_nothing():
    problems = consent_problems({"ada": "reserach", "bo": None}, ALLOWED, {"ada": ["test"], "bo": ["test"]})
    assert problems == [
        "sample 'ada': consent class 'reserach' found (did you mean 'research'?), wanted one of "
        "privacy.consent: research, test_only, nothing",
        "sample 'bo': no consent class found, wanted one of privacy.consent: research, test_only, nothing",
    ]


def test_samples_that_are_not_used_need_no_consent():
    assert consent_problems({"ada": None}, ALLOWED, {}) == []


def test_uses_are_splits_predictions_and_those_of_the_dataset():
    asked = {"train": ["ada"], "test": ["cy", "ada"], "predict": ["cy", "dee"]}
    assert planned_uses(asked, ["commercial"]) == {
        "ada": ["train", "test", "commercial"],
        "cy": ["test", "predict", "commercial"],
        "dee": ["predict", "commercial"],
    }
