"""The classifier with exits, its joint loss, and its accuracies."""

import dataclasses

import keras
from keras import layers, ops

from lessons.efficiency.msdnet import theory
from lessons.efficiency.msdnet.networks import Builder, Graph
from lessons.efficiency.msdnet.plan import Plan
from lessons.toolkit import augmentation
from lessons.toolkit import labels as class_labels
from lessons.toolkit.errors import UserError
from lessons.toolkit.labels import Labelled


@keras.saving.register_keras_serializable("lessons")
class MultiExit(Labelled, keras.Model):
    """A classifier of images in [0, 1] with exits; all of one functional graph.

    Several plans give several independent networks, each with its exits, one after the
    other: an ensemble. Outputs logits, float32, shape (batch, exits, classes).

    Args:
        plans: `Plan`s, or dictionaries of their fields, of equal images and classes.
        means, deviations: of each channel, for the normalisation.
        augment: whether training images are shifted by up to 4 pixels and mirrored.
        momentum: of the moving statistics.
        decay: weight decay, added to the gradients of all trained numbers.
        seed: of the first weights.
        **kwargs: for `keras.Model`.

    Attributes:
        plans: the `Plan`s.
        graph: the `networks.Graph`.

    Raises:
        UserError: the plans differ in images or classes, or there is none.
    """

    def __init__(
        self,
        plans,
        means=(0.0,),
        deviations=(1.0,),
        *,
        augment=False,
        momentum=0.9,
        decay=0.0,
        seed=0,
        **kwargs,
    ):
        plans = [p if isinstance(p, Plan) else Plan(**p) for p in plans]
        if len({(p.image_shape, p.num_classes) for p in plans}) != 1:
            raise UserError(
                f"plans must be at least one, with the same image_shape and "
                f"num_classes, got {len(plans)} plans."
            )
        if not len(means) == len(deviations) == plans[0].image_shape[2]:
            raise UserError(
                f"means and deviations must be one number for each of "
                f"{plans[0].image_shape[2]} channels, got {means} and {deviations}."
            )
        if min(deviations) <= 0:
            raise UserError(f"deviations must be above 0, got {deviations}.")
        arguments = {
            "plans": [dataclasses.asdict(plan) for plan in plans],
            "means": [float(m) for m in means],
            "deviations": [float(d) for d in deviations],
            "augment": bool(augment),
            "momentum": momentum,
            "decay": decay,
            "seed": seed,
        }
        images = keras.Input(plans[0].image_shape)
        builder = Builder(momentum, decay, seed)
        values = images
        if augment:
            values = builder.apply(augmentation.shifted(images.shape[1:], seed), values)
            values = builder.apply(augmentation.mirrored(seed), values)
        scale = [1 / d for d in deviations]
        offset = [-m / d for m, d in zip(means, deviations, strict=True)]
        values = builder.apply(layers.Rescaling(scale, offset), values)
        exits = []
        for number, plan in enumerate(plans):
            exits += builder.network(values, plan, number)
        super().__init__(images, ops.stack(exits, axis=1), **kwargs)
        self.plans, self.arguments = plans, arguments
        self.graph = Graph(images, builder.steps, exits)

    @property
    def num_exits(self):
        """K."""
        return len(self.graph.exits)

    def call(self, inputs, training=False, mask=None):
        """Logits, shape (batch, exits, classes).

        Without `training` it is inference: layers that augment would else take their
        own default, which is training.
        """
        return super().call(inputs, training=bool(training), mask=mask)

    def check_labels(self, y):
        """Raise `UserError` unless labels are classes."""
        class_labels.check(y, self.plans[0].num_classes)

    def get_config(self):
        """The arguments, for saving."""
        return {"name": self.name, "trainable": self.trainable, **self.arguments}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """The model of a configuration; `custom_objects` is for Keras."""
        return cls(**config)


@keras.saving.register_keras_serializable("lessons")
class MultiExitLoss(keras.losses.Loss):
    """`theory.multi_exit_loss` of classes (batch,) and logits (batch, exits, classes).

    Args:
        weights: $w_k$, one number for each exit.
        **kwargs: for `keras.losses.Loss`.
    """

    def __init__(self, weights, name="multi_exit_loss", **kwargs):
        super().__init__(name=name, **kwargs)
        self.weights = [float(w) for w in weights]
        if not self.weights or min(self.weights) < 0 or max(self.weights) <= 0:
            raise UserError(
                f"weights must be at least 0 and not all 0, got {self.weights}."
            )

    def call(self, y_true, y_pred):
        """Losses of the examples, shape (batch,); NaN where a label is no class."""
        if y_pred.shape[1] != len(self.weights):
            raise UserError(
                f"weights must be one number for each of {y_pred.shape[1]} exits, got "
                f"{len(self.weights)}."
            )
        labels = ops.reshape(ops.cast(y_true, "int32"), (-1,))
        losses = theory.multi_exit_loss(labels, y_pred, self.weights)
        return class_labels.existing(losses, labels, y_pred.shape[-1])

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), "weights": self.weights}


@keras.saving.register_keras_serializable("lessons")
class ExitAccuracy(keras.metrics.Mean):
    """Part of the examples that one exit gets right.

    Args:
        exit: its number, counted from 0.
        **kwargs: for `keras.metrics.Mean`.
    """

    def __init__(self, exit, **kwargs):
        super().__init__(**kwargs)
        self.exit = exit

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take in a batch: classes (batch,) and logits (batch, exits, classes)."""
        found = ops.argmax(y_pred[:, self.exit], axis=-1)
        truth = ops.reshape(ops.cast(y_true, found.dtype), (-1,))
        if sample_weight is not None:
            sample_weight = ops.reshape(sample_weight, (-1,))
        super().update_state(ops.cast(found == truth, "float32"), sample_weight)

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), "exit": self.exit}
