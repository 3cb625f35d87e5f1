"""Where and how a run computes: seed, devices, precision, determinism.

`session` is the one place that touches global state of Keras and TensorFlow; it puts
the dtype policy back when it ends.
"""

import contextlib
import math
import os
import platform
from pathlib import Path

import keras
import tensorflow as tf

from lessons import _quiet
from lessons.toolkit.errors import UserError

_quiet.require_tensorflow()


def gpus():
    """The GPUs TensorFlow sees, as physical devices."""
    return tf.config.list_physical_devices("GPU")


def _devices(config):
    """Names of the devices a run may use."""
    found = gpus()
    if config.device == "gpu" and not found:
        raise UserError(
            "device='gpu' was asked for, but TensorFlow sees no GPU. "
            "Allowed here: auto, cpu. (`make run EXTRA=gpu` installs CUDA wheels.)"
        )
    if found and config.device != "cpu":
        for device in found:
            with contextlib.suppress(RuntimeError):  # already in use: leave as it is
                tf.config.experimental.set_memory_growth(device, True)
        return [device.name for device in tf.config.list_logical_devices("GPU")]
    return [device.name for device in tf.config.list_logical_devices("CPU")]


def _strategy(config):
    devices = _devices(config)
    if config.strategy == "mirrored":
        if config.batch_size % len(devices):
            raise UserError(
                f"batch_size={config.batch_size} cannot be shared by {len(devices)} "
                "devices. Allowed: a multiple of the number of devices."
            )
        return tf.distribute.MirroredStrategy(devices)
    return tf.distribute.OneDeviceStrategy(devices[0])


@contextlib.contextmanager
def session(config):
    """Prepare one run; yields the `tf.distribute` strategy it runs under.

    Within the block, models are built under the strategy's scope and the dtype policy
    is `config.precision`. Python, NumPy and TensorFlow are seeded with `config.seed`.

    Args:
        config: a `RunConfig`.

    Raises:
        UserError: the device asked for does not exist, or several devices cannot
            share the batch.
    """
    strategy = _strategy(config)
    policy = keras.config.dtype_policy()
    seed_everything(config.seed)
    if config.deterministic:
        tf.config.experimental.enable_op_determinism()
    keras.config.set_dtype_policy(config.precision)
    try:
        if config.strategy == "mirrored":
            with strategy.scope():
                yield strategy
        else:  # one device: a plain placement, which `fit` runs fastest
            with tf.device(strategy.extended.worker_devices[0]):
                yield strategy
    finally:
        keras.config.set_dtype_policy(policy)


def seed_everything(seed):
    """Seed Python, NumPy and TensorFlow, and reset Keras's names and counters.

    Within a `session` the dtype policy stays, which Keras's own reset forgets. Within
    the scope of a strategy names and counters stay too: the reset would take away the
    graph that knows of the scope.
    """
    if not tf.distribute.has_strategy():
        policy = keras.config.dtype_policy()
        keras.utils.clear_session(free_memory=False)
        keras.config.set_dtype_policy(policy)
    keras.utils.set_random_seed(seed)


def steps_per_execution(config, steps):
    """How many training steps one call from Python may hold, for `compile`.

    Only for data that are no arrays: for arrays `lessons.toolkit.experiment.fit`
    chooses. Keras 3.15 cannot run its loop over several steps on several devices: there
    it is one step a call.

    Args:
        config: a `RunConfig`.
        steps: how many are wanted.
    """
    return 1 if config.strategy == "mirrored" else steps


def batch_loss(losses, sample_weight=None):
    """What a `compute_loss` returns: the mean over the examples of a batch.

    Keras adds up what several devices return, and multiplies by their number what it
    shows: each device gives its share, as Keras's own losses do.

    Args:
        losses: of the examples, shape (batch,).
        sample_weight: factors, shape (batch,) or (batch, 1), or None.
    """
    losses = weighted(losses, sample_weight)
    return keras.ops.mean(losses) / tf.distribute.get_strategy().num_replicas_in_sync


def weighted(losses, sample_weight=None):
    """Losses of examples times their factors, shape (batch,); as for `batch_loss`."""
    if sample_weight is None:
        return losses
    weights = keras.ops.cast(sample_weight, losses.dtype)
    return losses * keras.ops.reshape(weights, keras.ops.shape(losses))


def num_parameters(model):
    """How many numbers the training of a model changes.

    Args:
        model: a built `keras.Model` or layer.
    """
    return sum(math.prod(weight.shape) for weight in model.trainable_weights)


def _processor():
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def environment():
    """What a run ran on: versions, machine and devices, as plain values."""
    import numpy as np
    import tensorflow_probability as tfp

    details = [tf.config.experimental.get_device_details(gpu) for gpu in gpus()]
    return {
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "tensorflow_probability": tfp.__version__,
        "numpy": np.__version__,
        "platform": platform.platform(terse=True),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "gpus": [detail.get("device_name", "GPU") for detail in details],
    }
