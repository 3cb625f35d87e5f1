"""What surrounds every run: checks first, then session, report and clock."""

import dataclasses
import re

import keras
import numpy as np
import pytest

from lessons.toolkit import experiment, runtime
from lessons.toolkit.callbacks import Watch
from lessons.toolkit.config import ImageConfig, RunConfig, setting
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Trained, fit, running


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(RunConfig):
    variants: tuple[str, ...] = setting(("a", "b"), "what to train", choices=("a", "b"))


def network(units=1):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(units)])
    model.compile("sgd", "mse")
    return model


def trained(units=1):
    return Trained(network(units), {"loss": [2.0, 1.0]}, 0.25)


def test_a_report_takes_in_models_by_name():
    with running("vae", Config(seed=3)) as report:
        report.add("a", trained(), {"accuracy": np.float32(0.5)})
        report.add("lag/b", trained(2), {"accuracy": 1})
        report.main("lag/b")
    assert report.metrics == {
        "a/accuracy": 0.5,
        "a/seconds_per_epoch": 0.25,
        "lag/b/accuracy": 1.0,
        "lag/b/seconds_per_epoch": 0.25,
        "parameters": 8.0,
    }
    assert {type(value) for value in report.metrics.values()} == {float}
    assert report.history == {"a/loss": [2.0, 1.0], "lag/b/loss": [2.0, 1.0]}
    assert list(report.models) == ["model", "a"]
    assert report.models["model"].output_shape == (None, 2)
    assert report.seconds > 0 and report.environment["keras"] == keras.__version__
    assert report.to_dict()["slug"] == "vae" and report.to_dict()["seed"] == 3


def test_the_first_model_is_the_main_one_unless_the_lesson_says_otherwise():
    with running("vae", Config()) as report:
        report.metrics["parameters"] = 7.0  # counted by the lesson itself
        report.add("b", trained(), {})
        report.add("a", trained(2), {})
    assert list(report.models) == ["model", "a"]
    assert report.metrics["parameters"] == 7.0


def test_a_run_without_models_has_no_main_one():
    with running("vae", Config()) as report:
        report.metrics["points"] = 1.0
    assert report.models == {} and report.metrics == {"points": 1.0}


def test_what_can_be_refused_is_refused_before_anything_is_done():
    done = []
    with pytest.raises(UserError, match="variants .* Allowed: a, b"):
        with running("vae", Config(variants=())):
            done.append("empty")
    with pytest.raises(UserError, match="A matching cannot share .* strategy=none"):
        with running("vae", Config(strategy="mirrored"), one_device="A matching"):
            done.append("two devices")
    assert done == []


def test_an_error_of_the_run_comes_out_and_the_session_ends():
    before = keras.config.dtype_policy().name
    with pytest.raises(FloatingPointError):
        with running("vae", Config(precision="mixed_bfloat16")):
            raise FloatingPointError("the loss is nan")
    assert keras.config.dtype_policy().name == before


def test_a_watch_looks_now_and_then_and_joins_the_history():
    x = np.ones((8, 3), np.float32)
    config = RunConfig(epochs=5, batch_size=4)
    watch = Watch(lambda model: {"size": np.abs(model.get_weights()[0]).sum()}, 2)
    found = fit(network(), x, config, y=x[:, :1], description="t", callbacks=[watch])
    assert len(found.history["loss"]) == 5 and len(found.history["size"]) == 2
    final = np.abs(found.model.get_weights()[0]).sum()
    assert found.history["size"][1] != pytest.approx(final)  # of epoch 4, not 5
    assert found.seconds > 0


def test_an_image_configuration_says_what_to_load():
    from lessons.toolkit import data

    split = data.load_for(ImageConfig(num_train=20, seed=1))
    same = data.load("digits", seed=1, size=20)
    np.testing.assert_array_equal(split.train_images, same.train_images)
    assert Config.choices("variants") == ("a", "b") and Config.choices("seed") == ()
    with pytest.raises(UserError, match="no_such"):
        Config.choices("no_such")


def test_parameters_are_counted_where_training_changes_them():
    model = keras.Sequential([keras.Input((3,)), keras.layers.BatchNormalization()])
    assert runtime.num_parameters(model) == 6  # not the running statistics


def test_weights_of_examples_may_be_a_column():
    losses = keras.ops.convert_to_tensor([1.0, 2.0, 3.0])
    weights = np.array([0.5, 0.0, 2.0], np.float32)
    for given in (weights, weights[:, None]):
        assert float(runtime.batch_loss(losses, given)) == pytest.approx(6.5 / 3)


def test_a_paper_preset_says_once_how_long_its_steps_take(capsys, monkeypatch):
    monkeypatch.setenv("LESSONS_PROGRESS", "")
    pace = experiment._Pace
    monkeypatch.setattr(experiment, "_Pace", lambda text: pace(text, least=0.0))
    x = np.ones((8, 3), np.float32)
    fit(network(), x, RunConfig(epochs=3, batch_size=2), y=x[:, :1], description="t")
    assert "a step takes" not in capsys.readouterr().err
    config = RunConfig(preset="paper_conv", epochs=3, batch_size=2)
    fit(network(), x, config, y=x[:, :1], description="net")
    said = capsys.readouterr().err
    found = re.findall(r"net: a step takes (\S+) s, so 12 steps take about (.+)", said)
    ((second, total),) = found
    assert total == experiment.duration(12 * float(second))
    monkeypatch.setenv("LESSONS_PROGRESS", "off")
    fit(network(), x, config, y=x[:, :1], description="net")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(90, "1.5 minutes"), (3600, "1.0 hours"), (100_000, "27.8 hours")],
)
def test_durations_are_said_in_words(seconds, text):
    assert experiment.duration(seconds) == text
    assert experiment.duration(3 * 86400) == "3.0 days"
