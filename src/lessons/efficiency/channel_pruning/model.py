"""The networks of the lesson: a classifier that knows which of its channels may go."""

import keras
from keras import layers, ops

from lessons.efficiency.channel_pruning import networks
from lessons.toolkit import augmentation
from lessons.toolkit import labels as class_labels
from lessons.toolkit.labels import Labelled


@keras.saving.register_keras_serializable("lessons")
class Standardise(layers.Layer):
    """Takes the mean off each image and divides by its standard deviation.

    As `tf.image.per_image_standardization`: the deviation is at least 1 over the root
    of the number of values. Images of shape (batch, height, width, channels).
    """

    def call(self, images):
        """The standardised images, of the same shape."""
        axes = (1, 2, 3)
        mean, variance = ops.moments(images, axes, keepdims=True)
        count = images.shape[1] * images.shape[2] * images.shape[3]
        return (images - mean) / ops.maximum(ops.sqrt(variance), count**-0.5)

    def compute_output_shape(self, input_shape):
        """The shape of the images."""
        return input_shape


@keras.saving.register_keras_serializable("lessons")
class GatedClassifier(Labelled, keras.Model):
    """A classifier of images in [0, 1], built by the functional API; outputs logits.

    Args:
        image_shape: (height, width, channels).
        num_classes: classes.
        network: a key of `networks.WIDTHS`.
        widths: channels of each gate; empty for the published ones.
        loss_penalties: factors of the L1 norms of the gates' scales in the loss, one
            for each gate; empty for none.
        standardise: whether each image is standardised; else 1/2 is taken off and the
            rest divided by 3/8.
        augment: whether training images are moved, mirrored and changed in brightness
            and contrast (CIFAR-10).
        momentum: of the moving statistics of batch normalisation.
        seed: of the first weights.
        **kwargs: for `keras.Model`.

    Attributes:
        gates: `networks.Gate`s, first to last.
    """

    def __init__(
        self,
        image_shape,
        num_classes,
        network="digits",
        widths=(),
        *,
        loss_penalties=(),
        standardise=False,
        augment=False,
        momentum=0.9,
        seed=0,
        **kwargs,
    ):
        widths = networks.check(network, widths, image_shape)
        arguments = {
            "image_shape": tuple(image_shape),
            "num_classes": num_classes,
            "network": network,
            "widths": widths,
            "loss_penalties": tuple(loss_penalties),
            "standardise": standardise,
            "augment": augment,
            "momentum": momentum,
            "seed": seed,
        }
        inputs = keras.Input(arguments["image_shape"])
        values = _moved(inputs, seed) if augment else inputs
        values = Standardise()(values) if standardise else (values - 0.5) / 0.375
        builder = networks.Builder(loss_penalties, momentum, seed)
        if network in networks.CHAINS:
            built = networks.chain(builder, values, network, widths, num_classes)
        else:
            built = networks.residual(builder, values, widths, num_classes)
        super().__init__(inputs, built[0], **kwargs)
        self.gates, self.arguments = built[1], arguments

    @property
    def gammas(self):
        """The scales of the gates, Keras variables of shape (channels,)."""
        return [self.get_layer(gate.norm).gamma for gate in self.gates]

    def call(self, inputs, training=False, mask=None):
        """Logits, shape (batch, classes).

        Without `training` it is inference: layers that augment would else take their
        own default, which is training, and hand it on to batch normalisation.
        """
        return super().call(inputs, training=bool(training), mask=mask)

    def check_labels(self, y):
        """Raise `UserError` unless labels are classes."""
        class_labels.check(y, self.arguments["num_classes"])

    def get_config(self):
        """The arguments, for saving."""
        return {"name": self.name, "trainable": self.trainable, **self.arguments}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """The model of a configuration; `custom_objects` is for Keras."""
        return cls(**config)


def _moved(images, seed):
    """Padded and cut by up to 4 pixels, mirrored, brighter or darker, at random."""
    for layer in (
        augmentation.shifted(images.shape[1:], seed),
        augmentation.mirrored(seed),
        layers.RandomBrightness(0.25, value_range=(0, 1), seed=seed),
        layers.RandomContrast(0.5, value_range=(0, 1), seed=seed),
    ):
        images = layer(images)
    return images
