"""Running the lesson: what is trained, judged, drawn, saved and refused."""

import keras
import numpy as np
import pytest

from lessons.toolkit.errors import UserError
from lessons.vision.capsules import config, evaluation, experiment
from lessons.vision.capsules.data import images_of, make_data

SMOKE = config.PRESETS["smoke"]


@pytest.fixture(scope="module")
def report():
    return experiment.run(SMOKE.replace(models=("r3", "cnn")))


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
    task = make_data(SMOKE)["pairs"]
    scenes, labels = task.tests["test"]
    assert evaluation.separated(Oracle(scenes, False), scenes, labels) == 1
    assert evaluation.separated(Oracle(scenes, True), scenes, labels) == 0


def test_a_perturbation_moves_one_component_of_one_capsule(report):
    model = report.models["model"]
    image = images_of(make_data(SMOKE)["pairs"].tests["test"][0])[0]
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


def test_a_report_holds_every_network_on_every_task(report):
    for task in ("pairs", "single"):
        for name in ("r3", "cnn"):
            assert 0 <= report.metrics[f"{task}/{name}/percent"] <= 100
            assert len(report.history[f"{task}/{name}/loss"]) == SMOKE.epochs
    assert "pairs/r3/separated_percent" in report.metrics
    assert "single/cnn/affine_percent" in report.metrics
    assert set(report.figures) == {"accuracy", "separation", "perturbations"}
    assert set(report.models) == {"model", "pairs_cnn", "single_r3", "single_cnn"}


def test_a_saved_report_gives_the_model_back(report, tmp_path):
    folder = report.save(tmp_path / "run")
    again = keras.saving.load_model(folder / "model.keras")
    images = images_of(make_data(SMOKE)["pairs"].tests["test"][0])
    np.testing.assert_array_equal(
        again.scores(images), report.models["model"].scores(images)
    )


def test_same_seed_same_metrics_other_seed_others(report):
    settings = SMOKE.replace(models=("r3",), tasks=("pairs",))
    again = experiment.run(settings)
    assert again.history["pairs/r3/loss"] == report.history["pairs/r3/loss"]
    other = experiment.run(settings.replace(seed=1))
    assert other.history["pairs/r3/loss"] != report.history["pairs/r3/loss"]


@pytest.mark.parametrize(
    "changes",
    [
        {"models": ("r2_plain",), "tasks": ("pairs",)},
        {"precision": "mixed_bfloat16", "models": ("r1",), "tasks": ("single",)},
        {"use_bias": True, "learn_priors": True, "orphan": True, "models": ("r3",)},
        {"batch_size": 1, "num_train": 10, "num_pairs": 4, "models": ("cnn",)},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_other_settings_run(changes):
    report = experiment.run(SMOKE.replace(**{"epochs": 1, **changes}))
    assert all(np.isfinite(value) for value in report.metrics.values())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"models": ()}, "models"),
        ({"tasks": ()}, "tasks"),
        ({"canvas": 7}, "canvas=7"),
        ({"tasks": ("affnist",)}, "affnist_path"),
        ({"source": "mnist", "data_path": "nowhere.npz"}, "nowhere.npz"),
        ({"kernel_size": 9}, "at least 13x13"),
    ],
)
def test_impossible_settings_are_refused(changes, words):
    with pytest.raises(UserError, match=words):
        experiment.run(SMOKE.replace(**changes))


def test_two_devices_share_each_batch(on_two_devices):
    printed = on_two_devices("""
        from lessons.vision.capsules import config, experiment
        smoke = config.PRESETS["smoke"].replace(
            strategy="mirrored", device="cpu", models=("r3",), tasks=("pairs",),
            batch_size=10, epochs=3,
        )
        report = experiment.run(smoke)
        replicas = report.models["model"].distribute_strategy.num_replicas_in_sync
        losses = report.history["pairs/r3/loss"]
        print(replicas, losses[-1] < losses[0])
    """)
    assert printed == ["2", "True"]
