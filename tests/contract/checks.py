"""The checks that every trained object of a lesson passes, by name.

A `Subject` is an `Example` of a lesson with the models that its checks share. All but
one of them take their steps eagerly, because the suite's time goes to tracing: one
model alone is compiled, and trained by `lessons.toolkit.experiment.fit` as lessons do.
"""

import contextlib
import json
import unittest.mock

import keras
import numpy as np
import tensorflow as tf
from keras import tree

from lessons.toolkit import experiment, runtime
from lessons.toolkit.errors import UserError
from tests.contract.subject import (
    EAGERLY,
    assign,
    numbers,
    optimizers,
    same,
    state,
)

CHECKS = {}
FLOAT32 = 1e-5  # relative, between two orders of the same sum


def check(name):
    """Enter a function of a `Subject` into `CHECKS`, the names that lessons may except.

    It fails by an `AssertionError` or by whatever training raises.
    """

    def enter(function):
        CHECKS[name] = function
        return function

    return enter


@check("same seed")
def same_seed(subject):
    """Models of one seed start alike and are trained alike; of another, they differ."""
    (one, first, losses), (other, other_first, other_losses) = subject.twins
    same(first, other_first, "first weights")
    assert losses == other_losses
    same(numbers(one.weights), numbers(other.weights), "trained weights")
    if subject.other is None:
        return
    runtime.seed_everything(subject.config.seed + 1)
    unlike = numbers(subject.other.build(**EAGERLY).trainable_weights)
    pairs = zip(first, unlike, strict=True)
    assert any(np.any(a != b) for a, b in pairs), "another seed, the same weights"


@check("every weight moves")
def every_weight_moves(subject):
    """One step, or a cycle of turns, changes every trainable weight to a number."""
    model, first, _ = subject.twins[0]
    still = []
    for weight, before in zip(model.trainable_weights, first, strict=True):
        assert np.all(np.isfinite(weight.numpy())), weight.path
        if np.array_equal(weight.numpy(), before):
            still.append(weight.path)
    assert not still, f"not moved: {', '.join(still)}"


@check("round trip")
def round_trip(subject):
    """Saved and loaded, a model predicts and goes on training as before."""
    model = subject.model
    path = subject.folder / "model.keras"
    model.save(path)
    loaded = keras.saving.load_model(path)
    loaded.run_eagerly, loaded.jit_compile = True, False
    assert type(loaded) is type(model)
    configs = [json.dumps(m.get_config(), default=str) for m in (loaded, model)]
    assert configs[0] == configs[1]
    same(numbers(loaded.weights), numbers(model.weights), "weights")
    kept = optimizers(model)
    assert optimizers(loaded).keys() == kept.keys()
    for name, optimizer in optimizers(loaded).items():
        assert optimizer.get_config() == kept[name].get_config()
        same(numbers(optimizer.variables), numbers(kept[name].variables), name)
    assign(loaded.variables, numbers(model.variables))  # Keras saves no noise's state
    start = numbers(state(model))
    inputs = subject.inputs(model)
    same(loaded(inputs, training=False), model(inputs, training=False), "outputs")
    assign(state(model), start)
    assign(loaded.variables, numbers(model.variables))
    assert subject.step(loaded) == subject.step(model)
    same(numbers(loaded.weights), numbers(model.weights), "weights a step later")


@check("export")
def export(subject):
    """What is exported gives outputs of the same shapes, for other batch sizes too."""
    model = subject.model
    expected = model(subject.inputs(model, 3), training=False)
    folder = subject.folder / "exported"
    model.export(str(folder), verbose=False)
    archive = tf.saved_model.load(str(folder))
    served = archive.serve(subject.inputs(model, 3))
    shapes = [tuple(part.shape) for part in tree.flatten(served)]
    assert sorted(shapes) == sorted(tuple(p.shape) for p in tree.flatten(expected))


@check("sample weight")
def sample_weight(subject):
    """Weights of shape (n,) and (n, 1) weigh alike; or weights are refused."""
    model = subject.twins[1][0]
    variables = state(model)
    start = numbers(variables)

    def loss(weights):
        assign(variables, start)
        return subject.step(model, sample_weight=weights)

    weights = np.random.default_rng(0).uniform(0.5, 3, subject.num_examples)
    weights = tf.constant(weights, "float32")
    try:
        flat = loss(weights)
    except UserError:
        return
    finally:
        assign(variables, start)
    np.testing.assert_allclose(loss(weights[:, None]), flat, rtol=FLOAT32)
    plain = loss(None)
    np.testing.assert_allclose(loss(tf.ones_like(weights)), plain, rtol=FLOAT32)
    assert abs(flat - plain) > 1e-3 * abs(plain), f"{flat} with weights or without"


@check("batch of one")
def batch_of_one(subject):
    """A model trains on a single example, or refuses it."""
    model = subject.twins[1][0]
    with contextlib.suppress(UserError):
        for _ in range(subject.cycle(model)):
            subject.step(model, 1)
    assert all(
        np.all(np.isfinite(weight.numpy())) for weight in model.trainable_weights
    )


@check("mixed precision")
def mixed_precision(subject):
    """Layers compute in bfloat16, the loss is float32."""
    seen = []
    update = keras.metrics.Mean.update_state

    def spy(metric, values, *args, **kwargs):
        if metric.name == "loss":
            seen.append(tf.convert_to_tensor(values).dtype.name)
        return update(metric, values, *args, **kwargs)

    with runtime.session(subject.config.replace(precision="mixed_bfloat16")):
        model = subject.build(**EAGERLY)
        with unittest.mock.patch.object(keras.metrics.Mean, "update_state", spy):
            for _ in range(subject.cycle(model)):
                subject.step(model)
    dtypes = {layer.compute_dtype for layer in model._flatten_layers()}
    assert "bfloat16" in dtypes, "no layer computes in bfloat16"
    assert set(seen) == {"float32"}, f"the loss is {seen}"


@check("jit")
def jit(subject):
    """XLA compiles the training step; the first example of a lesson trains with it.

    For the others it is enough that XLA takes the step in: its own compiler, which
    comes after that, is most of the time and none of a lesson's business.
    """
    if subject.is_first:
        subject.step(subject.build(jit_compile=True))
        return
    model = subject.twins[1][0]
    batch = keras.utils.pack_x_y_sample_weight(*subject.batch())
    step = tf.function(model.train_step, jit_compile=True, autograph=False)
    assert "HloModule" in step.experimental_get_compiler_ir(batch)(stage="hlo")


@check("ragged batch")
def ragged_batch(subject):
    """`fit` trains where the last batch is smaller, of one example if that may be."""
    least = 2 if "batch of one" in subject.example.exceptions else 1
    sizes = range(subject.num_examples // 2, 1, -1)
    size = next(size for size in sizes if subject.num_examples % size >= least)
    found = experiment.fit(
        subject.build(),
        subject.example.x,
        subject.config.replace(epochs=1, batch_size=size),
        y=subject.example.y,
        description=subject.example.name,
    )
    assert all(np.all(np.isfinite(values)) for values in found.history.values())


def paper_step(subject):
    """A model of the paper's size trains one step."""
    model = subject.build(**EAGERLY)
    subject.step(model)
