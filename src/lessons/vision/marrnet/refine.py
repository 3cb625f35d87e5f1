"""Fine-tuning on one image: the re-projection losses move the encoder (section 3.4)."""

import typing

import keras
import numpy as np
import tensorflow as tf

from lessons.toolkit.errors import UserError
from lessons.vision.marrnet import data, theory

MOMENTUM = 0.9


class Course(typing.NamedTuple):
    """What fine-tuning did, before the first and after each update.

    Attributes:
        loss: re-projection loss over the number of pixels, shape (images, steps + 1).
        overlap: intersection over union with the truth, of the same shape.
        occupied: part of the voxels above the threshold, of the same shape.
        voxels: occupancies at the end, shape (images, grid, grid, grid).
    """

    loss: np.ndarray
    overlap: np.ndarray
    occupied: np.ndarray
    voxels: np.ndarray


class Refiner:
    """Fine-tunes a copy of a shape network on single images, each from the start.

    Weights and momentum are put back before every image: nothing that was learned on
    one moves the next. Layers run as in inference, so that statistics of batch
    normalisation stay as well. Which weights move is settled here, once: `trainable`
    changed later would not reach the compiled step.

    Args:
        shape_net: a trained `ShapeNet`, which stays as it is.
        tuning: a `variants.Tuning`.
        rate: of SGD with momentum 0.9.
    """

    def __init__(self, shape_net, tuning, rate=0.03):
        self.model = type(shape_net).from_config(shape_net.get_config())
        self.model.set_weights(shape_net.get_weights())
        self.model.encoder.trainable = tuning.encoder
        self.model.decoder.trainable = tuning.decoder
        self.variables = self.model.trainable_variables
        if not self.variables:
            raise UserError("fine-tuning needs an encoder or a decoder that moves.")
        self.first = [np.copy(v.numpy()) for v in self.variables]
        self.optimizer = keras.optimizers.SGD(rate, momentum=MOMENTUM)
        self.optimizer.build(self.variables)
        self.start = [np.copy(v.numpy()) for v in self.optimizer.variables]
        self._walk = tf.function(self._updates)

    def reset(self):
        """Weights and momentum as before the first image."""
        for kept, values in (
            (self.variables, self.first),
            (self.optimizer.variables, self.start),
        ):
            for variable, value in zip(kept, values, strict=True):
                variable.assign(value)

    def tune(self, sketches, truth, threshold, steps, targets=None, normal_weight=1.0):
        """Fine-tune on images, one after the other.

        Args:
            sketches: what the network is given, shape (images, size, size, 5).
            truth: voxels to be held against, of the same number.
            threshold: of occupied voxels.
            steps: updates on each image.
            targets: sketches that the losses compare with; by default `sketches`.
            normal_weight: of the normal loss beside the depth loss.

        Returns:
            A `Course`.
        """
        targets = sketches if targets is None else targets
        grid = truth.shape[-1]
        maps = at_voxels(targets, grid)
        depth = data.depths(maps, grid)
        found = []
        for place in range(len(sketches)):
            self.reset()
            row = slice(place, place + 1)
            arrays = sketches[row], depth[row], maps[row][..., :3], truth[row]
            tensors = [tf.constant(array, tf.float32) for array in arrays]
            # Numbers as tensors: one graph serves them all.
            numbers = [tf.constant(n, tf.float32) for n in (threshold, normal_weight)]
            walked = self._walk(*tensors, *numbers, tf.constant(steps))
            found.append([np.asarray(part) for part in walked])
        self.reset()
        loss, overlap, occupied, voxels = (
            np.stack(p) for p in zip(*found, strict=True)
        )
        return Course(loss, overlap, occupied, voxels[:, 0])

    def _updates(self, sketch, depth, normals, truth, threshold, weight, steps):
        """All updates on one image, shape (1, ...) each, in one graph."""
        losses = tf.TensorArray(tf.float32, steps + 1)
        overlaps = tf.TensorArray(tf.float32, steps + 1)
        shares = tf.TensorArray(tf.float32, steps + 1)
        for step in tf.range(steps):
            with tf.GradientTape() as tape:
                voxels = tf.sigmoid(self.model(sketch, training=False))
                loss = theory.reprojection_loss(voxels, depth, normals, weight)[0]
            losses = losses.write(step, loss)
            overlaps = overlaps.write(step, theory.iou(voxels, truth, threshold)[0])
            shares = shares.write(step, _share(voxels, threshold))
            slopes = tape.gradient(loss, [v.value for v in self.variables])
            self.optimizer.apply(slopes, self.variables)
        voxels = tf.sigmoid(self.model(sketch, training=False))
        loss = theory.reprojection_loss(voxels, depth, normals, weight)[0]
        losses = losses.write(steps, loss)
        overlaps = overlaps.write(steps, theory.iou(voxels, truth, threshold)[0])
        shares = shares.write(steps, _share(voxels, threshold))
        return losses.stack(), overlaps.stack(), shares.stack(), voxels


def at_voxels(sketches, grid):
    """Sketches at the pixels that stand for rays: every so-many-th in both directions.

    Args:
        sketches: shape (images, size, size, 5), the size a multiple of the grid.
        grid: rays along an axis.
    """
    factor = sketches.shape[1] // grid
    start = factor // 2
    return sketches[:, start::factor, start::factor]


def _share(voxels, threshold):
    return tf.reduce_mean(tf.cast(voxels > threshold, tf.float32))


def at_equal_loss(course, reached):
    """Intersection over union where the loss first falls to what another way reached.

    Args:
        course: a `Course`.
        reached: losses of the other way, shape (images,).

    Returns:
        Shape (images,); at the end where the loss never falls so far.
    """
    there = course.loss <= reached[:, None]
    there[:, -1] = True
    return course.overlap[np.arange(len(there)), there.argmax(axis=1)]
