"""Lazy evaluation against the clock."""

import numpy as np

from lessons.efficiency.msdnet import lazy
from lessons.toolkit import clock


def walls(model, images, thresholds, repeats=3):
    """How a trained network does in lazy evaluation, by the clock.

    Args:
        model: a `model.MultiExit`.
        images: a batch.
        thresholds: of each exit.
        repeats: how often each way is timed.

    Returns:
        Numbers by name: `lazy_difference`, greatest between the logits of the whole
        network and those of its stages; `seconds_full` of all exits and
        `seconds_dynamic` with thresholds, for the batch; `work_dynamic`, the
        multiplications of the latter as a part of the former's.
    """
    executor = lazy.LazyExecutor(model)
    found = np.stack([logits.numpy() for logits in executor.exits(images)], axis=1)
    whole = model.predict(images, batch_size=len(images), verbose=0)
    executor.reset()
    executor.predict(images, thresholds)
    evaluated = executor.evaluated.copy()
    added = np.array([stage.products for stage in executor.stages])
    times = clock.seconds(
        {
            "seconds_full": lambda: [x.numpy() for x in executor.exits(images)],
            "seconds_dynamic": lambda: executor.predict(images, thresholds),
        },
        repeats,
    )
    work = evaluated @ added / added.sum() / len(images)
    difference = float(np.abs(found - whole).max())
    return {"lazy_difference": difference, **times, "work_dynamic": float(work)}
