"""Running the lesson: what is trained, judged, drawn, saved and refused."""

import re

import numpy as np
import pytest

from lessons import catalog
from lessons.toolkit import results
from lessons.toolkit.errors import UserError
from lessons.toolkit.notebook import source
from lessons.vision.capsules import (
    config,
    data,
    evaluation,
    experiment,
    figures,
    figures_overview,
    figures_theory,
    theory,
)
from lessons.vision.capsules.data import images_of
from lessons.vision.capsules.variants import chosen

SMOKE = config.PRESETS["smoke"]


def suggestions():
    """The settings that the notebook suggests to try, a list for each command."""
    text = source.text_path(catalog.find("capsules")).read_text(encoding="utf-8")
    part = text.split("What to try next")[1].split("**Exercise")[0]
    found = [re.findall(r"--set (\S+)", line) for line in re.findall("`(.+)`", part)]
    return [settings for settings in found if settings]


@pytest.fixture(scope="module")
def report():
    return experiment.run(SMOKE.replace(iterations=(3,)))


def test_two_digits_are_right_only_if_both_are():
    scores = np.array([[0.9, 0.8, 0.1], [0.9, 0.1, 0.8], [0.1, 0.9, 0.8]])
    labels = np.array([[1, 0], [0, 1], [1, 2]])
    np.testing.assert_array_equal(evaluation.right(scores, labels), [True, False, True])
    single = evaluation.right(scores, np.array([[0], [2], [1]]))
    np.testing.assert_array_equal(single, [True, False, True])


class Oracle:
    """Answers like a CapsNet that knows the digits, or swaps them."""

    def __init__(self, scenes, swap):
        self.encoder, self.scenes = self, scenes[:, ::-1] if swap else scenes

    def predict(self, images, **options):
        return images

    def decode(self, capsules, labels):
        return self.scenes


def test_a_perfect_decoder_separates_all_and_a_swapped_one_none():
    task = data.load(SMOKE)["pairs"]
    scenes, labels = task.tests["test"]
    assert evaluation.separated(Oracle(scenes, False), scenes, labels) == 1
    assert evaluation.separated(Oracle(scenes, True), scenes, labels) == 0


def test_the_mean_digits_of_a_pair_are_no_separation():
    tasks = data.load(SMOKE.replace(num_train=400, num_test_pairs=200))
    scenes, labels = tasks["pairs"].tests["test"]
    means = evaluation.class_means(tasks["single"])
    assert means.shape == (10, 12, 12, 1)
    assert evaluation.resembling(means[labels], scenes) < 0.3
    assert evaluation.resembling(scenes, scenes) == 1
    np.testing.assert_array_equal(evaluation.nearest_error(scenes[:, 1:], scenes), 0)
    empty = evaluation.nearest_error(np.zeros_like(scenes[:, :1]), scenes)
    np.testing.assert_allclose(empty, np.square(scenes).sum((2, 3, 4)).min(axis=1))


def test_mean_digits_are_moved_to_where_they_were_put():
    rng = np.random.default_rng(0)
    means = np.zeros((4, 9, 9, 1), np.float32)
    means[:, 3:6, 3:6] = rng.random((4, 3, 3, 1)) / 2
    labels = np.array([[0, 1], [2, 3], [3, 1], [1, 2]])
    scenes = data.shifted(means[labels], 2, rng)
    np.testing.assert_array_equal(evaluation.matched(means, scenes, labels, 2), scenes)
    near = evaluation.matched(means, scenes, labels, 0)
    np.testing.assert_array_equal(near, means[labels])


def test_an_absent_class_is_not_in_the_scene():
    labels = np.array([[8, 9], [9, 0], [3, 7], [9, 8]])
    assert evaluation.absent_class(labels).ravel().tolist() == [0, 1, 4, 0]


def test_a_linear_map_finds_single_pixels_and_not_their_products():
    rng = np.random.default_rng(0)
    pixels = rng.integers(2, size=(300, 2))
    scenes = np.zeros((300, 1, 2, 2, 1))
    scenes[:, 0, 0, :, 0] = pixels

    def percent(labels):
        task = data.Task("single", scenes, labels, 0, {"test": (scenes, labels)})
        return evaluation.linear_percent(task, rng)["test"]

    assert percent(pixels[:, :1]) == 100
    assert percent((pixels[:, :1] + pixels[:, 1:]) % 2) < 70


def test_a_perturbation_moves_one_component_of_one_capsule(report):
    model = report.models["model"]
    image = images_of(data.load(SMOKE)["pairs"].tests["test"][0])[0]
    steps = np.array([-0.25, 0.0, 0.25])
    drawn = evaluation.perturbed(model, image, 4, steps)
    assert drawn.shape == (8, 3, 12, 12, 1)
    capsules = model.encoder.predict(image[None], verbose=0)
    same = np.asarray(model.decode(capsules, np.array([[4]])))[0, 0]
    for component in range(8):
        np.testing.assert_allclose(drawn[component, 1], same, atol=1e-6)
    capsules[0, 4, 2] += 0.25
    moved = np.asarray(model.decode(capsules, np.array([[4]])))[0, 0]
    np.testing.assert_allclose(drawn[2, 2], moved, atol=1e-6)


def test_the_votes_of_a_network_route_to_its_capsules(report):
    model = report.models["model"]
    images = images_of(data.load(SMOKE)["pairs"].tests["test"][0])
    votes = evaluation.votes_of(model, images)
    lengths = np.linalg.norm(theory.route(votes, 3).capsules, axis=-1)
    np.testing.assert_allclose(model.scores(images), lengths, atol=1e-4)


def test_a_report_holds_every_network_on_every_task(report):
    for task in ("pairs", "single"):
        for name in ("capsnet_3", "cnn"):
            assert 0 <= report.metrics[f"{task}/{name}/percent"] <= 100
            assert len(report.history[f"{task}/{name}/loss"]) == SMOKE.epochs
    assert "pairs/capsnet_3/separated_percent" in report.metrics
    assert "single/cnn/affine_percent" in report.metrics
    assert set(report.figures) == {"accuracy", "separation", "perturbations"}
    assert set(report.models) == {
        "model",
        "pairs_cnn",
        "single_capsnet_3",
        "single_cnn",
    }


def test_iterations_are_a_setting_that_reaches_the_routing():
    settings = SMOKE.override(["iterations=4", "variants=capsnet_plain", "epochs=1"])
    report = experiment.run(settings.replace(tasks=("single",)))
    assert report.models["model"].encoder.get_layer("classes").iterations == 4
    assert "single/capsnet_plain_4/percent" in report.metrics
    assert set(report.figures) == {"accuracy"}  # without a decoder nothing is drawn


def test_networks_are_trained_in_the_order_they_are_named():
    settings = SMOKE.replace(
        variants=("capsnet_plain", "cnn", "capsnet"), iterations=(5, 2)
    )
    networks = chosen(settings)
    assert list(networks) == [
        *("capsnet_plain_5", "capsnet_plain_2", "cnn", "capsnet_5", "capsnet_2")
    ]
    assert [v.iterations for v in networks.values()] == [5, 2, 0, 5, 2]
    assert len({v.label for v in networks.values()}) == 5
    looks = [(v.color, v.line) for v in networks.values()]
    assert len(set(looks)) == 5


def test_recorded_runs_are_those_of_the_presets():
    for preset, names, seeds in (
        ("laptop", ("capsnet_3", "capsnet_1", "cnn"), 8),
        ("laptop_cnn", ("cnn",), 8),
        ("laptop_ablation", chosen(config.PRESETS["laptop_ablation"]), 3),
    ):
        runs = results.recorded("capsules", preset=preset)
        assert runs.seeds == tuple(range(seeds))
        for name in names:
            assert np.all(runs["pairs", name, "percent"] > 30)


def test_which_number_of_iterations_wins_hangs_on_the_first_weights():
    def gains(runs):
        return np.subtract(*(runs["pairs", f"capsnet_{r}", "percent"] for r in (3, 1)))

    doubled = results.recorded("capsules", preset="laptop_weights")
    assert len(doubled) >= 4
    assert np.all(gains(results.recorded("capsules")) > 2)
    assert np.all(gains(doubled) < -2)
    settings = config.PRESETS["laptop_weights"]
    assert settings.weight_scale == 2 * config.PRESETS["laptop"].weight_scale


@pytest.mark.parametrize("settings", suggestions(), ids=" ".join)
def test_what_the_notebook_suggests_runs(settings):
    few = SMOKE.replace(epochs=1, tasks=("pairs",), iterations=(2,))
    report = experiment.run(few.override(settings))
    assert all(np.isfinite(value) for value in report.metrics.values())


def test_the_figure_that_turns_shows_every_iteration_asked_for():
    votes = figures_theory.planted_votes(np.random.default_rng(3))
    turned = figures_overview.iterations(votes, (1, 3))
    assert turned.labels == ("1", "3")
    assert turned.start == 1
    assert "0.50, 0.50" in turned.alts[0]
    assert figures_overview.network().alt


def test_error_bars_show_the_deviation_over_seeds():
    settings = config.PRESETS["laptop_ablation"]
    runs = results.recorded("capsules", preset="laptop_ablation")
    axis = figures.ablation(runs, settings).figure.axes[0]
    points = axis.containers[0].lines[0].get_ydata()
    expected = [runs["pairs", f"capsnet_{r}", "percent"].mean() for r in (1, 2, 3, 5)]
    np.testing.assert_allclose(points, expected)
    (top,) = axis.containers[1].lines[1][1:]
    plain = [runs["pairs", f"capsnet_plain_{r}", "percent"] for r in (1, 2, 3, 5)]
    np.testing.assert_allclose(
        top.get_ydata(), np.mean(plain, axis=1) + np.std(plain, axis=1, ddof=1)
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"iterations": ()}, "iterations"),
        ({"tasks": ()}, "tasks"),
        ({"canvas": 7}, "canvas=7"),
        ({"tasks": ("affnist",)}, "affnist_path"),
        ({"source": "mnist", "data_path": "nowhere.npz"}, "nowhere.npz"),
        ({"kernel_size": 9, "variants": ("cnn", "capsnet")}, "at least 13x13"),
    ],
)
def test_impossible_settings_are_refused(changes, words, monkeypatch):
    monkeypatch.delattr(experiment, "fit")  # before anything is trained
    with pytest.raises(UserError, match=words):
        experiment.run(SMOKE.replace(**changes))
