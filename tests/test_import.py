"""Importing the package is cheap and silent.

The time itself is a budget of the benchmarks; what makes it possible is tested here:
nothing heavy is imported before a lesson needs it.
"""

import importlib.util
import json
import os
import subprocess
import sys
import textwrap
import types

import pytest

from lessons import _quiet
from lessons.toolkit.errors import UserError

HEAVY = {"tensorflow", "keras", "matplotlib", "sklearn"}
LIGHT = [
    name
    for name in (
        "lessons",
        "lessons.catalog",
        "lessons.cli",
        "lessons.toolkit.config",
        "lessons.toolkit.errors",
        "lessons.toolkit.ledger",
        "lessons.toolkit.progress",
        "lessons.toolkit.source",
    )
    if importlib.util.find_spec(name)
]


def fresh_interpreter(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
    )


def heavy_imports_of(module):
    code = f"import sys, {module}; print(*sorted({HEAVY} & set(sys.modules)))"
    result = fresh_interpreter(code)
    assert result.returncode == 0, result.stderr
    return result.stdout.split()


@pytest.mark.parametrize("module", LIGHT)
def test_import_brings_nothing_heavy(module):
    assert heavy_imports_of(module) == []


def test_a_heavy_import_is_noticed():
    assert heavy_imports_of("sklearn") == ["sklearn"]


def test_keras_after_lessons_is_silent_plain_and_shares_a_loss(tmp_path):
    # One process for what needs a fresh one, which takes five seconds: TensorFlow
    # starts once, reads keras.json once, and cannot go back to one device.
    settings = {
        "image_data_format": "channels_first",
        "floatx": "float16",
        "epsilon": 0.1,
        "backend": "jax",
    }
    file = tmp_path / "keras.json"
    file.write_text(json.dumps(settings))
    code = """
import importlib.util, lessons
importlib.util.find_spec("keras")  # looking for it does not use it up
import keras, tensorflow as tf

cpu = tf.config.list_physical_devices("CPU")[0]
two = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, two)
keras.ops.ones(2)
print(keras.config.backend(), keras.config.image_data_format())
print(keras.config.floatx(), keras.config.epsilon())
print(keras.layers.Conv2D(3, 3).data_format, keras.config.dtype_policy().name)

from lessons.toolkit import runtime

strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
shares = strategy.run(lambda: runtime.batch_loss(tf.constant([2.0, 4.0])))
print(float(strategy.reduce("SUM", shares, axis=None)))
"""
    result = fresh_interpreter(code, KERAS_HOME=str(tmp_path), KERAS_BACKEND="")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "tensorflow channels_last",
        "float32 1e-07",
        "channels_last float32",
        "3.0",  # each device gives half of its mean of 3
    ]
    assert json.loads(file.read_text()) == settings  # of other programs


def test_a_keras_that_came_first_is_set_as_well():
    import keras

    keras.config.set_image_data_format("channels_first")
    try:
        _quiet.install()
        assert keras.config.image_data_format() == "channels_last"
    finally:
        keras.config.set_image_data_format("channels_last")


SENTENCE = (
    "the lessons need Keras on TensorFlow, and KERAS_BACKEND is 'jax'. "
    "Allowed: tensorflow, or no such variable."
)


def test_another_backend_is_refused_when_a_lesson_needs_keras():
    code = """
        import importlib, lessons.catalog, lessons.cli
        for attempt in range(2):
            try:
                importlib.import_module("lessons.autoencoders.vae.model")
            except ImportError as error:
                print(error)
        print(lessons.cli.main(["run", "vae", "--preset", "smoke"]))
    """
    result = fresh_interpreter(textwrap.dedent(code), KERAS_BACKEND="jax")
    assert result.stdout.splitlines() == [SENTENCE, SENTENCE, "2"]
    assert result.stderr == f"lessons: {SENTENCE}\n"


def test_another_backend_is_refused_where_keras_came_first(monkeypatch):
    _quiet.require_tensorflow()
    config = types.SimpleNamespace(backend=lambda: "jax")
    keras = types.SimpleNamespace(config=config)
    monkeypatch.setitem(sys.modules, "keras", keras)
    with pytest.raises(UserError, match="KERAS_BACKEND is 'jax'"):
        _quiet.require_tensorflow()
