"""Averages are weighted by rows, statistics those of all rows; rounds come close to pooled training."""

import shutil

import pytest
import torch

from seqmill.errors import InputError
from seqmill.evaluation.run import evaluate_run
from seqmill.origin import KEY, Node
from seqmill.training import checkpoint
from seqmill.training.federated.average import mean_weights, write_average
from seqmill.training.federated.site import write_start
from seqmill.training.train import Places, train


def starts(sites, configured, folder):
    """Write the checkpoint of each site before the first round."""
    paths = [folder / name / "checkpoint.ckpt" for name in ("north", "south")]
    for name, path in zip(("north", "south"), paths, strict=True):
        write_start(configured(sites[name]), path)
    return paths


def test_weights_count_by_rows_and_counters_stay():
    one = {"w": torch.tensor([1.0, 2.0]), "n": torch.tensor(3)}
    other = {"w": torch.tensor([5.0, -2.0]), "n": torch.tensor(9)}
    mean = mean_weights([one, other], [1, 3])
    assert mean["w"].tolist() == [4.0, -1.0] and mean["w"].dtype == torch.float32
    assert mean["n"].item() == 3


def test_pooled_statistics_are_those_of_all_rows_together(sites, configured, tmp_path):
    record = write_average(starts(sites, configured, tmp_path), tmp_path / "average")
    write_start(configured(sites["both"]), tmp_path / "both.ckpt")
    _, pooled = checkpoint.read(tmp_path / "average" / "checkpoint.ckpt")
    _, together = checkpoint.read(tmp_path / "both.ckpt")
    assert record["train_examples"] == sites["both"].manifest.rows("train")
    for kind in ("mean", "spread", "share"):
        name = f"inputs.profiles.{kind}_levels"
        torch.testing.assert_close(pooled[name], together[name], rtol=1e-6, atol=1e-6)
    module, facts = checkpoint.load(
        tmp_path / "average" / "checkpoint.ckpt", encoding=sites["both"].manifest.encoding
    )
    assert not any(name.startswith("statistics") for name in module.state_dict())
    parents = Node.from_dict(facts[KEY], source="average").parents
    assert [one.kind for one in parents] == ["checkpoint", "checkpoint"]


def test_a_feature_that_varies_between_sites_alone_has_a_spread():
    def site(mean):
        told = {"count": [4.0], "mean": [mean], "variance": [0.0]}
        moments = {
            f"statistics.profiles.x.{kind}": torch.tensor(values).double() for kind, values in told.items()
        }
        return moments | {"statistics.profiles.x.rows": torch.tensor(8.0).double()}

    pooled = mean_weights([site(1.0), site(3.0)], [4, 4])
    assert pooled["inputs.profiles.mean_x"].item() == 2 and pooled["inputs.profiles.spread_x"].item() == 1
    assert pooled["inputs.profiles.share_x"].item() == 0.5


def test_what_cannot_be_averaged_is_refused(sites, configured, tmp_path):
    paths = starts(sites, configured, tmp_path)
    with pytest.raises(InputError, match="two sites or more, 1 given"):
        write_average(paths[:1], tmp_path / "average")
    facts, weights = checkpoint.read(paths[1])
    checkpoint.save(paths[1], weights, facts | {"network": "other"})
    with pytest.raises(InputError, match=r"south.*network other found, perceptron wanted"):
        write_average(paths, tmp_path / "average")
    checkpoint.save(paths[1], weights, facts | {"train_examples": 0})
    with pytest.raises(InputError, match="tells no number of training rows"):
        write_average(paths, tmp_path / "average")
    assert not (tmp_path / "average").exists()


@pytest.mark.slow
def test_rounds_beat_each_site_alone_and_come_close_to_pooled_training(
    sites, configured, tmp_path, empty_store
):
    """All take as many steps, and are scored on the test people of both sites."""
    store = f"sqlite:///{shutil.copy(empty_store, tmp_path / 'mlflow.db')}"

    def once(name, output, **settings):
        where = Places(output=output, state=tmp_path / "state", store=store, store_experiment="toys")
        train(configured(sites[name], **settings), where)
        return output / "checkpoint.ckpt"

    def area(folder):
        scored = evaluate_run(folder, sites["both"])
        return next(row["value"] for row in scored["metrics"] if row["metric"] == "auroc.affected.overall")

    average = tmp_path / "round-0"
    write_average(starts(sites, configured, tmp_path / "round-0"), average)
    for number in range(1, 9):
        begin = average / "checkpoint.ckpt"
        folder = tmp_path / f"round-{number}"
        told = [once(name, folder / name, init_from=begin) for name in ("north", "south")]
        average = folder
        write_average(told, average, experiment="federated")
    alone = [once(name, tmp_path / name, epochs=8).parent for name in ("north", "south")]
    pooled = once("both", tmp_path / "both", epochs=4).parent
    found = {folder.name: area(folder) for folder in (average, pooled, *alone)}
    assert found["round-8"] > max(found["north"], found["south"])
    assert found["round-8"] > found["both"] - 0.03
