"""Evaluation that computes what the next exit needs, and goes on from cached maps."""

import typing

import keras
import numpy as np
import tensorflow as tf

from lessons.efficiency.msdnet import networks
from lessons.toolkit import operations
from lessons.toolkit.errors import UserError


class Stage(typing.NamedTuple):
    """What one exit computes beyond the exits before it.

    Attributes:
        steps: the `networks.Step`s, in their order.
        inputs: tensors of earlier stages that they read.
        outputs: tensors that later stages read; after them the logits of the exit.
    """

    steps: list
    inputs: list
    outputs: list

    @property
    def operations(self):
        """Operations for an image, counted from the built layers."""
        return sum(networks.operations_of(step.layer) for step in self.steps)

    @property
    def products(self):
        """Multiplications for an image, counted from the built layers."""
        return sum(operations.of_layer(step.layer) for step in self.steps)

    @property
    def cells(self):
        """Places (layer, scale) of the first network that are computed."""
        places = {step.place for step in self.steps if step.place}
        return {p[1:] for p in places if p[0] == 0 and p[1] != "exit"}


def stages(graph):
    """Cut a graph into what each exit adds.

    Args:
        graph: a `networks.Graph`.

    Returns:
        A `Stage` for each exit.
    """
    parts, known = [], [graph.images]
    for logits in graph.exits:
        steps = graph.ancestors(logits, known)
        parts.append((steps, logits))
        known = known + [step.output for step in steps]
    found = []
    for number, (steps, logits) in enumerate(parts):
        own = [step.output for step in steps]
        inputs = _without(_read_by(steps), own)
        later = _read_by([step for rest, _ in parts[number + 1 :] for step in rest])
        kept = [tensor for tensor in own if any(tensor is other for other in later)]
        found.append(Stage(steps, inputs, [*kept, logits]))
    return found


def _read_by(steps):
    """Tensors that steps read, each once."""
    found = {id(tensor): tensor for step in steps for tensor in step.inputs}
    return list(found.values())


def _without(tensors, others):
    keys = {id(other) for other in others}
    return [tensor for tensor in tensors if id(tensor) not in keys]


class LazyExecutor:
    """Evaluates a model exit by exit, with images leaving as soon as they may.

    Each stage is a Keras model of its own from cached maps to logits that shares the
    layers of the whole one; a stage is compiled once, for batches of any size.

    Args:
        model: a `model.MultiExit`.

    Attributes:
        stages: a `Stage` for each exit.
        evaluated: images that each stage has computed so far.
    """

    def __init__(self, model):
        self.stages = stages(model.graph)
        self.images = model.graph.images
        self.num_classes = model.graph.exits[0].shape[-1]
        self.reset()
        self._functions = []
        for stage in self.stages:
            part = keras.Model(stage.inputs, stage.outputs)
            specs = [tf.TensorSpec(t.shape, t.dtype) for t in stage.inputs]
            self._functions.append(_compiled(part, specs))

    def reset(self):
        """Begin to count evaluated images anew."""
        self.evaluated = np.zeros(len(self.stages), np.int64)

    def exits(self, images):
        """Yield the logits of one exit after the other, as anytime prediction does.

        Nothing of a later exit is computed before it is asked for.

        Args:
            images: shape (batch, height, width, channels), in [0, 1].
        """
        cache = self._first(images)
        for number in range(len(self.stages)):
            yield self._advance(number, cache)

    def predict(self, images, thresholds):
        """Labels with the exits that gave them; an image that left costs no more.

        Args:
            images: shape (batch, height, width, channels), in [0, 1].
            thresholds: of each exit; that of the last is not looked at.

        Returns:
            (labels, exits): integers of shape (batch,); exits are counted from 0.
        """
        if len(thresholds) != len(self.stages):
            raise UserError(
                f"thresholds must be one number for each of {len(self.stages)} exits, "
                f"got {len(thresholds)}."
            )
        cache = self._first(images)
        labels = np.full(len(images), -1)
        exits = np.full(len(images), -1)
        rows = np.arange(len(images))
        for number, threshold in enumerate(thresholds):
            if not len(rows):
                break
            logits = self._advance(number, cache).numpy()
            last = number == len(self.stages) - 1
            leaves = (confidence(softmax(logits)) >= threshold) | last
            labels[rows[leaves]] = logits[leaves].argmax(axis=-1)
            exits[rows[leaves]] = number
            rows = rows[~leaves]
            stay = np.flatnonzero(~leaves)
            if not last and len(stay) < len(leaves):
                cache = {key: tf.gather(value, stay) for key, value in cache.items()}
        return labels, exits

    def _first(self, images):
        """The cache before any stage, refused where it is no batch of images."""
        shape, wanted = np.shape(images), self.images.shape[1:]
        if shape[1:] != tuple(wanted):
            text = ", ".join(map(str, wanted))
            raise UserError(f"images must have shape (n, {text}), got {shape}.")
        return {id(self.images): tf.convert_to_tensor(images, tf.float32)}

    def _advance(self, number, cache):
        """Run one stage on cached maps; adds its maps to the cache, returns logits."""
        stage = self.stages[number]
        inputs = [cache[id(tensor)] for tensor in stage.inputs]
        self.evaluated[number] += len(inputs[0])
        *maps, logits = self._functions[number](inputs)
        later = {id(t) for rest in self.stages[number + 1 :] for t in rest.inputs}
        for tensor, value in zip(stage.outputs[:-1], maps, strict=True):
            cache[id(tensor)] = value
        for key in [key for key in cache if key not in later]:
            del cache[key]
        return logits


def _compiled(part, specs):
    @tf.function(input_signature=[specs], autograph=False)
    def run(inputs):
        return tf.nest.flatten(part(inputs, training=False))

    return run


def softmax(logits):
    """Probabilities in float64, of any shape (..., classes)."""
    logits = np.asarray(logits, np.float64)
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def confidence(probabilities):
    """The greatest probability, shape (...)."""
    return np.max(probabilities, axis=-1)
