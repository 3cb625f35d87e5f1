"""Importing the package is cheap and silent.

The time itself is a budget of the benchmarks; what makes it possible is tested here:
nothing heavy is imported before a lesson needs it.
"""

import importlib.util
import subprocess
import sys

import pytest

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


def fresh_interpreter(code):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120
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


def test_keras_imported_after_lessons_is_silent_and_two_devices_share_a_loss():
    # Both need a process of their own, which takes five seconds: TensorFlow starts
    # once, and cannot go back to one device.
    result = fresh_interpreter("""
import lessons, keras, tensorflow as tf

cpu = tf.config.list_physical_devices("CPU")[0]
two = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, two)
keras.ops.ones(2)

from lessons.toolkit import runtime

strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
shares = strategy.run(lambda: runtime.batch_loss(tf.constant([2.0, 4.0])))
print(float(strategy.reduce("SUM", shares, axis=None)))
""")
    # Each device gives half of its mean of 3, and nothing else is said.
    assert (result.returncode, result.stdout, result.stderr) == (0, "3.0\n", "")
