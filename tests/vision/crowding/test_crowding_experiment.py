"""What runs find, what their settings refuse, and what is recorded."""

import keras
import numpy as np
import pytest

from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError
from lessons.vision.crowding import (
    analysis,
    conditions,
    config,
    data,
    evaluation,
    experiment,
    inputs,
    paper,
    recorded,
    theory,
)
from lessons.vision.crowding.variants import VARIANTS

LAPTOP = config.PRESETS["laptop"]
SHORT = LAPTOP.replace(num_train=1500, num_stimuli=1500, epochs=4)
PAPER = config.PRESETS["paper"]


@pytest.fixture(scope="module")
def objects():
    return data.load(SHORT)


@pytest.fixture(scope="module")
def trained(objects):
    """A DCNN after a short training."""
    return experiment.train(SHORT, VARIANTS["end"], objects)


@pytest.fixture(scope="module")
def found(trained, objects):
    return evaluation.evaluate(trained.model, objects, SHORT, VARIANTS["end"])


def test_a_network_that_knows_digits_alone_is_crowded(found):
    scores, details = found
    assert scores["a"] > 0.75 and scores["a"] - scores["two"] > 0.12
    assert details["flankers"]["black"] == scores["a"]  # the control
    assert details["flankers"]["thin"] - details["spacing"]["xax_16"] > 0.1
    assert scores["as_alone"] > scores["as_alone_shuffled"]
    assert {group for group in details} == {
        "spacing",
        "eccentricity",
        "flankers",
        "places",
        "clutter",
    }


def test_a_plain_network_does_not_see_the_eccentricity_in_whole_pixels(found):
    _, details = found
    alone = [details["eccentricity"][f"a_{e}"] for e in (0, 4, 8, 12, 16, 20, 24)]
    assert np.ptp(alone) < 0.004


def test_far_flankers_add_nothing_but_their_maximum(trained, objects):
    spacings = (16, 48, 80)
    found = analysis.additivity(
        trained.model, objects, SHORT, VARIANTS["end"], spacings
    )
    assert found[16]["residual"] > 0.05
    assert max(found[s]["residual"] for s in (48, 80)) < 1e-3
    for spacing in (48, 80):
        assert found[spacing]["accuracy"] == pytest.approx(
            found[spacing]["predicted"], abs=0.008
        )
    assert theory.free_spacing(16, 96, 24, 9) == 48


def test_predictions_come_in_the_order_of_the_conditions(trained, objects):
    """One condition at a time gives the same logits as all together."""
    shown = conditions.every(SHORT)
    picked = [shown[0], shown[9], shown[-1]]
    arguments = objects, SHORT, VARIANTS["end"]
    together = evaluation.logits(trained.model, picked, *arguments)
    for condition, values in zip(picked, together, strict=True):
        images = conditions.shown(condition, objects, SHORT)
        crops = inputs.crops(images, SHORT, VARIANTS["end"])
        assert np.allclose(values, trained.model(crops), atol=1e-4)


def test_canvases_are_cropped_in_parts(trained, objects, monkeypatch):
    """Those of the paper fill 70 GB; how many there are at a time changes nothing."""
    shown = [c for c in conditions.every(SHORT) if c.name == "camera_dim_24"]
    arguments = trained.model, shown, objects, SHORT, VARIANTS["end"]
    together = evaluation.logits(*arguments)
    drawn, show = [], conditions.shown

    def counted(*given):
        drawn.append(show(*given))
        return drawn[-1]

    monkeypatch.setattr(conditions, "shown", counted)
    monkeypatch.setattr(inputs, "_PIXELS", 40 * SHORT.field**2)
    assert np.allclose(evaluation.logits(*arguments), together, atol=1e-4)
    assert max(map(len, drawn)) == 40 and len(drawn) > 1


def test_bias_of_known_answers():
    labels = np.array([0, 0, 0, 1])
    always = np.tile([3.0, 1, 0, 0, 0], (4, 1))
    found = evaluation.bias(always, always, labels)
    assert found["commonest"] == found["alone_commonest"] == found["as_alone"] == 1
    assert found["recall"] == 0.5  # all of one class, none of the other
    tilted = np.eye(5)[labels] + [5.0, 0, 0, 0, 0]
    found = evaluation.bias(tilted, np.roll(tilted, 1, axis=0), labels)
    assert found["recall"] == 0.5 and found["centred"] == 1
    guesses, vote = np.eye(5)[[0, 1, 2, 3]], np.eye(5)[[0, 1, 2, 2]]
    found = evaluation.bias(guesses, vote, labels)  # the first answer alone is right
    assert found["wrong_as_alone"] == pytest.approx(2 / 3) and found["as_alone"] == 0.75
    assert found["wrong_as_alone_shuffled"] == 0


def test_stimuli_of_the_paper_fit_its_networks():
    """A few stimuli of the canvas's full size go through the published network."""
    few = config.PRESETS["paper"].replace(num_stimuli=5, batch_size=5, epochs=1)
    rng = np.random.default_rng(0)
    patches = rng.random((10, few.size, few.size)).astype(np.float32)
    objects = data.Objects(
        train_targets=patches,
        train_labels=np.arange(10) % 5,
        test_targets=patches,
        test_labels=np.arange(10) % 5,
        train_flankers={"odd": patches},
        test_flankers={"odd": patches},
    )
    variant = VARIANTS["late_normalised"]
    crops, labels = inputs.training(objects, few, variant)
    assert crops.shape == (5, 11, 60, 60, 1)
    assert crops.min() == -0.5 and labels.shape == (5,)
    model = experiment.compiled(few, variant, 5)
    assert isinstance(model.optimizer, keras.optimizers.Adagrad)
    assert runtime.num_parameters(model) == paper.PAPER_PARAMETERS["late", 4]
    assert np.isfinite(model(crops)).all()
    shown = {(c.group, c.name): c for c in conditions.every(few)}
    picked = [shown["spacing", "xax_120"], shown["clutter", "coffee_dim_720"]]
    logits = evaluation.logits(model, picked, objects, few, variant)
    assert logits.shape == (2, 10, 5) and np.isfinite(logits).all()
    # No more canvases at a time than fit into 300 MB.
    most = max(s.stop - s.start for s in inputs.slices(4926, few.field**2))
    assert most * few.field**2 * 4 < 3e8


def test_settings_that_cannot_be_are_refused():
    for changes, word in (
        ({"spacings": (15,)}, "spacings"),
        ({"spacings": (16, 44)}, "spacings"),
        ({"eccentricities": ()}, "eccentricities"),
        ({"train_spacing": 8}, "spacings"),
        ({"crop": 100}, "field"),
        ({"size": 15}, "even"),
        ({"source": "photos"}, "source"),
    ):
        with pytest.raises(UserError, match=word):
            LAPTOP.replace(**changes)


def test_what_is_recorded_pairs_seeds_of_three_presets():
    runs = recorded.table()
    assert len(runs) >= 8
    assert ("late", "a") in runs and ("late_flanked", "two") in runs
    assert ("late", "nothing") not in runs
    with pytest.raises(ValueError, match="same seeds"):
        recorded.Table(runs.runs[0], type(runs.runs[0])((1,), ({},)))
