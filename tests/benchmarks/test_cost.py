"""The cost of a genome follows from the figures by plain arithmetic."""

from cost import markdown


def test_a_genome_by_hand():
    figures = {
        "growth_time": 3.6,
        "growth_memory": 500.0,
        "cost_examples": 1000.0,
        "cost_bytes": 1000.0,
        "step_pileup_cnn": 10_000.0,
    }
    text = markdown({"claims": [{"key": key, "ours": value} for key, value in figures.items()]})
    assert "| a genome at 30x, BAM to compact examples | 3.1 core-hours | 9.3 core-hours |" in text
    assert "| its examples | 3.1 million | 9.3 million |" in text
    assert "| their shards | 310 GB | 930 GB |" in text
    assert "| one epoch of pileup_cnn over them | 8.6 core-hours | 26 core-hours |" in text
    assert "| peak memory of a job | 500 MB | the same |" in text


def test_what_was_not_measured_is_named():
    assert markdown({"claims": [{"key": "growth_time", "ours": None}]}).startswith(
        "Not reckoned: growth_time,"
    )
