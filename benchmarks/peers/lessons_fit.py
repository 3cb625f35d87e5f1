"""This project, as a learner uses it: `compile`, then the toolkit's `fit`."""

from benchmarks.peers import keras_fit
from lessons.toolkit import experiment
from lessons.toolkit.config import RunConfig


def train(model, data, turn, batch_size):
    """Train a compiled model until the turns end."""
    inputs, targets = (*data, None)[:2]
    experiment.fit(
        model,
        inputs,
        RunConfig(epochs=10**9, batch_size=batch_size),
        y=targets,
        description="benchmark",
        callbacks=[keras_fit.Turns(turn)],
    )
