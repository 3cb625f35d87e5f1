"""Data, folds, ranks and whole runs."""

import keras
import numpy as np
import pytest
from sklearn import datasets

from lessons.foundations.self_normalizing import comparison, config, data, experiment
from lessons.toolkit.errors import UserError

SMOKE = config.PRESETS["smoke"]


@pytest.fixture(scope="module")
def report():
    return experiment.run(SMOKE)


@pytest.fixture(scope="module")
def folds():
    return data.make_folds(("iris", "wine"), 3, seed=0)


def test_a_run_reports_all_parts(report):
    names = {name.partition("/")[0] for name in report.metrics}
    networks = {"snn_2", "snn_3", "relu_2", "relu_3", "residual_2"}
    assert names == {*networks, "tables", "parameters", *config.SEARCHES}
    assert all(np.isfinite(value) for value in report.metrics.values())
    assert len(report.history["snn_3/loss"]) == SMOKE.epochs
    assert set(report.figures) == {"loss", "accuracy", "tables"}
    assert report.metrics["theorem_1/share"] == 1


def test_a_run_is_saved_whole(report, tmp_path):
    folder = report.save(tmp_path / "out")
    loaded = keras.saving.load_model(folder / "model.keras")
    x = np.random.default_rng(0).standard_normal((4, 2, 64)).astype("float32")
    np.testing.assert_array_equal(
        loaded.predict(x, verbose=0), report.models["model"].predict(x, verbose=0)
    )
    assert loaded.name == "snn_3"


def test_same_seed_same_metrics_other_seed_others(report):
    small = SMOKE.replace(parts=("depth",), methods=("snn",), depths=(2,))
    small = small.replace(more_methods=())
    again = experiment.run(small).metrics
    other = experiment.run(small.replace(seed=1)).metrics
    assert again["snn_2/loss"] == report.metrics["snn_2/loss"]
    assert other["snn_2/loss"] != report.metrics["snn_2/loss"]


def test_losses_are_means_over_members(report):
    # Untrained networks guess: log 10 = 2.3 nats and a bit more, not twice that.
    assert 2.0 < report.history["snn_2/loss"][0] < 4.0


@pytest.mark.parametrize(
    "changes",
    [
        {"source": "glyphs"},
        {"form": "conic", "methods": ("snn",), "more_methods": ()},
        {"dropout": 0.1},
        {"precision": "mixed_bfloat16"},
        {"batch_size": 1, "num_train": 10},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_other_settings_run(changes):
    small = SMOKE.replace(parts=("depth",), methods=("snn",), depths=(2,), epochs=1)
    report = experiment.run(small.replace(**changes))
    assert all(np.isfinite(value) for value in report.metrics.values())


def test_features_are_standardised_by_the_training_rows():
    random = np.random.default_rng(0)
    train = random.normal(3, 2, (200, 4))
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
    _, test = comparison.networks(settings, folds, ("snn",), (2,))
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
        ({"methods": (), "more_methods": ()}, "no network"),
        ({"tables": ("csv",)}, "table_path"),
        ({"num_folds": 60}, "smallest class"),
        ({"grid_counts": (3, 3)}, "four numbers"),
        ({"num_train": 5000}, "1796"),
    ],
)
def test_impossible_settings_are_refused(changes, words):
    part = "theorems" if "grid_counts" in changes else "tables"
    part = "depth" if {"methods", "num_train"} & set(changes) else part
    with pytest.raises(UserError, match=words):
        experiment.run(SMOKE.replace(**{"parts": (part,), **changes}))


def test_a_bounded_search_says_how_far_it_came(tmp_path):
    bounded = SMOKE.replace(
        parts=("theorems",),
        searches=("theorem_1",),
        grid_counts=(3, 9, 5, 5),
        grid_seconds=1e-6,
        grid_state=str(tmp_path / "state"),
    )
    first = experiment.run(bounded).metrics["theorem_1/share"]
    second = experiment.run(bounded).metrics["theorem_1/share"]
    assert first == pytest.approx(1 / 9)
    assert second == pytest.approx(2 / 9)


def test_recorded_runs_show_the_effect():
    runs = experiment.recorded("laptop")
    assert len(runs) >= 2
    for m in runs:
        best = max(
            m[f"{k}_32/test_accuracy"] for k in ("relu", "batch_norm", "layer_norm")
        )
        assert m["snn_32/lowest"] > 0.85
        assert m["snn_32/test_accuracy"] > best + 0.15
        assert abs(m["snn_32/test_accuracy"] - m["snn_4/test_accuracy"]) < 0.05
        assert abs(m["scaled_tanh_16/test_accuracy"] - m["snn_16/test_accuracy"]) < 0.06


def test_recorded_grid_is_the_papers():
    (run,) = experiment.recorded("theorems")
    assert run["theorem_1/points"] == 1_135_916_136
    assert run["theorem_1/share"] == 1
    assert run["theorem_1/norm_h/highest"] == pytest.approx(0.897608, abs=1e-6)


def test_two_devices_share_each_batch(on_two_devices):
    code = """
        from lessons.foundations.self_normalizing import config, experiment
        smoke = config.PRESETS["smoke"].replace(
            parts=("depth",), methods=("snn",), depths=(2,), more_methods=(),
            strategy="mirrored", device="cpu", epochs=3,
        )
        report = experiment.run(smoke)
        replicas = report.models["model"].distribute_strategy.num_replicas_in_sync
        losses = report.history["snn_2/loss"]
        print(replicas, losses[-1] < losses[0])
    """
    assert on_two_devices(code) == ["2", "True"]
