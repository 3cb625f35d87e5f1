"""Data, folds, ranks and whole runs."""

import numpy as np
import pytest
from sklearn import datasets

from lessons.foundations.self_normalizing import (
    comparison,
    config,
    data,
    experiment,
    model,
    theory_training,
)
from lessons.foundations.self_normalizing.variants import depth_group
from lessons.toolkit import results
from lessons.toolkit.errors import UserError

SMOKE = config.PRESETS["smoke"]


@pytest.fixture(scope="module")
def report():
    return experiment.run(SMOKE)


@pytest.fixture(scope="module")
def folds():
    return data.make_folds(("iris", "wine"), 3, seed=0)


def test_a_run_reports_all_parts(report):
    groups = {name.partition("/")[0] for name in report.metrics}
    depths = {"depth_2", "depth_3"}
    assert groups == {*depths, "tables", "parameters", *config.SEARCHES}
    networks = {"depth_2/snn", "depth_3/snn", "depth_2/relu", "depth_3/relu"}
    assert {name.rpartition("/")[0] for name in report.history} == networks
    assert all(np.isfinite(value) for value in report.metrics.values())
    assert len(report.history["depth_3/snn/loss"]) == SMOKE.epochs
    assert set(report.figures) == {"loss", "accuracy", "tables"}
    assert report.metrics["theorem_1/fraction"] == 1
    (main,) = report.models.values()
    assert main.name == "snn_3"
    one = theory_training.parameter_count(64, 16, 3, 10)
    assert report.metrics["parameters"] == one


def test_losses_are_means_over_members(report):
    # Untrained networks guess: log 10 = 2.3 nats and a bit more, not twice that.
    assert 2.0 < report.history["depth_2/snn/loss"][0] < 4.0


@pytest.mark.parametrize(
    "changes",
    [
        {"source": "glyphs"},
        {"form": "conic", "more_variants": ("weight_norm",)},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_other_settings_run(changes):
    small = SMOKE.replace(parts=("depth",), variants=("snn",), depths=(2,), epochs=1)
    small = small.replace(more_depth=2)
    report = experiment.run(small.replace(**{"more_variants": (), **changes}))
    assert all(np.isfinite(value) for value in report.metrics.values())


def test_features_are_standardised_by_the_training_rows():
    rng = np.random.default_rng(0)
    train = rng.normal(3, 2, (200, 4))
    train[:, 2] = 7.0  # constant
    test = np.full((1, 4), 1e6)
    scaled, other = data.standardise(train, test)
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-2)
    np.testing.assert_allclose(scaled.std(axis=0), [1, 1, 0, 1], atol=2e-2)
    np.testing.assert_array_equal(other, [[5, 5, 0, 5]])
    assert scaled.dtype == np.float32


def test_every_row_is_tested_once(folds):
    counts = dict.fromkeys(("iris", "wine"), 0)
    for name, count in zip(folds.names, folds.test[2], strict=True):
        counts[name] += count
    assert counts == {"iris": 150, "wine": 178}
    assert folds.fan_in == (4, 4, 4, 13, 13, 13)
    assert folds.classes == (3,) * 6


def test_folds_keep_the_parts_apart(folds):
    for member in range(6):
        sizes = [
            part[2][member] for part in (folds.train, folds.validation, folds.test)
        ]
        assert sum(sizes) == (150 if member < 3 else 178)
    assert np.all(folds.train[0][:, 0, 4:] == 0)  # padding


def test_batches_use_each_members_own_rows_evenly(folds):
    x, y = data.draw_batches(folds.train, 400, seed=0)
    assert x.shape == (400, 6, 13)
    for member, count in enumerate(folds.train[2]):
        real = folds.train[0][:count, member]
        uses = [
            np.sum(np.all(x[:, member] == row, axis=1))
            for row in np.unique(real, axis=0)
        ]
        assert sum(uses) == 400
        assert min(uses) >= 400 // count


def test_ranks_share_ties_and_average_to_the_middle():
    scores = np.array([[0.9, 0.8], [0.9, 0.7], [0.5, 0.95]])
    np.testing.assert_allclose(comparison.mean_ranks(scores), [1.75, 2.25, 2.0])


def test_depth_is_chosen_by_validation_and_ties_go_deep():
    # two methods, three depths, four members of two tables
    validation = np.zeros((2, 3, 4))
    test = np.arange(24.0).reshape(2, 3, 4)
    validation[0, 1, :2] = 1  # method 0, table a: depth 1
    validation[1, [0, 2], 2:] = 1  # method 1, table b: a tie of depths 0 and 2
    chosen, depths = comparison.choose_depth(validation, test, ["a", "a", "b", "b"])
    np.testing.assert_array_equal(depths, [[1, 2], [2, 2]])
    np.testing.assert_allclose(chosen, [[4.5, 10.5], [20.5, 22.5]])


def test_classics_see_unpadded_rows(folds):
    scores = comparison.classics(folds, seed=0)
    assert scores.shape == (2, 6)
    assert scores.mean() > 0.9


def test_networks_learn_tables(folds):
    settings = SMOKE.replace(table_steps=150, table_width=16, table_rate=0.05)
    _, test = experiment.train_on_tables(settings, folds, ("snn",), (2,))
    assert test.mean() > 0.85


def test_csv_tables_are_read(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("a,b,class\n1,2,0\n3,4.5,7\n5,6,0\n")
    features, labels = data.load_table("csv", path)
    np.testing.assert_array_equal(features, [[1, 2], [3, 4.5], [5, 6]])
    np.testing.assert_array_equal(labels, [0, 1, 0])
    features, labels = data.load_table("wine")
    assert features.shape == datasets.load_wine().data.shape


@pytest.mark.parametrize("text", ["a,b\n1,x\n", "1\n2\n", "1,2\n3\n", "1,nan\n", ""])
def test_bad_csv_tables_are_refused(tmp_path, text):
    path = tmp_path / "table.csv"
    path.write_text(text)
    with pytest.raises(UserError, match="table.csv"):
        data.load_table("csv", path)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"parts": ()}, "parts"),
        ({"variants": ()}, "variants must name"),
        ({"tables": ("csv",)}, "table_path"),
        ({"num_folds": 60}, "smallest class"),
        ({"grid_counts": (3, 3)}, "four numbers"),
        ({"num_train": 5000}, "1796"),
    ],
)
def test_impossible_settings_are_refused(changes, words):
    part = "theorems" if "grid_counts" in changes else "tables"
    part = "depth" if {"variants", "num_train"} & set(changes) else part
    with pytest.raises(UserError, match=words):
        experiment.run(SMOKE.replace(**{"parts": (part,), **changes}))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"form": "conic", "more_variants": ("highway",)}, "form='conic'.*highway"),
        ({"form": "conic", "variants": ("snn", "residual")}, "form='conic'.*residual"),
        ({"tables": ("iris", "csv")}, "table_path"),
        ({"num_train": 5000}, "1796"),
    ],
)
def test_they_are_refused_before_anything_is_computed(monkeypatch, changes, words):
    def never(*arguments, **options):
        raise AssertionError("a run that cannot end has begun")

    for name in ("train", "train_on_tables"):
        monkeypatch.setattr(experiment, name, never)
    monkeypatch.setattr(experiment.searches.grid, "search", never)
    with pytest.raises(UserError, match=words):
        experiment.run(SMOKE.replace(**changes))


@pytest.mark.parametrize("name", list(model.OPTIMIZERS))
def test_every_optimizer_trains(name):
    small = SMOKE.replace(optimizer=name, members=1, width=8, epochs=1)
    images = data.load(small)
    trained = experiment.train(
        small, "snn", 1, images.train_features[:64], images.train_labels[:64]
    )
    assert np.isfinite(trained.history["loss"]).all()


def test_the_advised_adam_is_the_papers():
    advised = model.OPTIMIZERS["adam_advised"](0.01)
    usual = model.OPTIMIZERS["adam"](0.01)
    assert (advised.beta_2, advised.epsilon) == (0.99, 0.01)
    assert (usual.beta_2, usual.epsilon) == (0.999, 1e-7)


def test_a_bounded_search_says_how_far_it_came(tmp_path):
    bounded = SMOKE.replace(
        parts=("theorems",),
        searches=("theorem_1",),
        grid_counts=(3, 9, 9, 5),  # but for omega the shape of `SMOKE`'s grid
        grid_seconds=1e-6,
        grid_state=str(tmp_path / "state"),
    )
    first = experiment.run(bounded).metrics["theorem_1/fraction"]
    second = experiment.run(bounded).metrics["theorem_1/fraction"]
    assert first == pytest.approx(1 / 9)
    assert second == pytest.approx(2 / 9)


def test_recorded_runs_show_the_effect():
    runs = results.recorded("self_normalizing")
    assert len(runs) >= 8
    names = ("relu", "batch_norm", "layer_norm")
    best = np.max([runs["depth_32", name, "test_accuracy"] for name in names], axis=0)
    snn = {
        depth: runs[depth_group(depth), "snn", "test_accuracy"] for depth in (4, 16, 32)
    }
    tanh = runs["depth_16", "scaled_tanh", "test_accuracy"]
    assert np.all(runs["depth_32", "snn", "lowest"] > 0.85)
    assert np.all(snn[32] > best + 0.35)
    assert np.all(np.abs(snn[32] - snn[4]) < 0.05)
    assert np.all(np.abs(tanh - snn[16]) < 0.03)


def test_recorded_runs_show_what_the_rate_and_relu_do():
    slow = results.recorded("self_normalizing")
    kinds = ("snn", "relu", "batch_norm", "layer_norm", "tanh")
    at_16 = {"depths": (16,), "more_variants": ()}
    fast = results.recorded(
        "self_normalizing", learning_rate=0.1, variants=kinds, **at_16
    )
    inside = ("batch_norm_selu", "layer_norm_selu")
    selu = results.recorded("self_normalizing", variants=inside, **at_16)
    assert len(fast) == len(selu) == 8
    for name in ("tanh", "batch_norm"):
        key = "depth_16", name, "test_accuracy"
        assert np.all(fast[key] > 0.85) and np.all(slow[key] < 0.85)
    for name in inside:
        around_relu = name.removesuffix("_selu")
        assert np.all(selu["depth_16", name, "test_accuracy"] > 0.85)
        assert np.all(slow["depth_16", around_relu, "test_accuracy"] < 0.7)


def test_recorded_grid_is_the_papers():
    runs = results.recorded("self_normalizing", "theorems")
    assert runs["theorem_1/points"] == [1_135_916_136]
    assert runs["theorem_1/fraction"] == [1]
    assert runs["theorem_1/norm_h/highest"] == pytest.approx([0.897608], abs=1e-6)
