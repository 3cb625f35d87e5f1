"""What this machine has and how fast it trains, for those who start."""

import os
import shutil
import time

import numpy as np

# The step of `step_milliseconds` on the two cores that the notebooks' times are of.
REFERENCE_MILLISECONDS = 3.5
_BATCH, _STEPS = 100, 60


def usable_cores():
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # Linux
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def describe():
    """(what, found) rows: versions, processor, memory, disk, accelerators.

    Returns:
        A list of pairs of texts.
    """
    from lessons.toolkit import runtime

    facts = runtime.environment()
    free = shutil.disk_usage(os.getcwd()).free / 1e9
    return [
        ("Python", facts["python"]),
        ("TensorFlow", facts["tensorflow"]),
        ("Keras", facts["keras"]),
        ("TensorFlow Probability", facts["tensorflow_probability"]),
        ("processor", f"{facts['processor']}, {facts['cores']} cores"),
        ("memory", _memory()),
        ("free disk", f"{free:,.0f} GB"),
        ("GPU", ", ".join(facts["gpus"]) or "none, and none is needed"),
    ]


def _memory():
    try:
        pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # not on Windows
        return "unknown"
    return f"{pages / 1e9:,.0f} GB"


def step_milliseconds():
    """Time of one training step of a small dense network, the median of three epochs.

    784-400-10, batch 100, Adam: about 0.2 GFLOP.
    """
    import keras

    random = np.random.default_rng(0)
    x = random.uniform(size=(_BATCH * _STEPS, 784)).astype(np.float32)
    y = random.integers(10, size=len(x))
    model = keras.Sequential(
        [
            keras.Input((784,)),
            keras.layers.Dense(400, activation="relu"),
            keras.layers.Dense(10),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, steps_per_execution=_STEPS)
    seconds = []
    for _ in range(4):
        start = time.perf_counter()
        model.fit(x, y, batch_size=_BATCH, verbose=0)
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds[1:])) / _STEPS * 1000


def forecast(milliseconds):
    """What a step of that length says about the lessons, a sentence."""
    ratio = milliseconds / REFERENCE_MILLISECONDS
    notebook = max(10, 10 * round(6 * ratio))
    if ratio < 3:
        return f"A lesson's notebook should take about {notebook} seconds here."
    return (
        f"A lesson's notebook may take {notebook / 60:.0f} minutes here: this machine "
        "is slow or busy."
    )
