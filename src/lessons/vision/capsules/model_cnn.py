"""The convolutional networks CapsNet is compared with, the paper's and a small one."""

import math

import keras
from keras import layers, ops

from lessons.toolkit.errors import unknown
from lessons.vision.capsules.model_scenes import SceneModel

# ("conv", filters, kernel), ("pool",), ("dense", units) or ("dropout", rate), each;
# convolutions keep the size: with "valid" padding the paper's would have 13.3 million
# parameters instead of the 35.4 million it states.
NETWORKS = {
    "laptop": (
        ("conv", 32, 3),
        ("pool",),
        ("conv", 48, 3),
        ("pool",),
        ("dense", 96),
    ),
    "mnist": (
        ("conv", 256, 5),
        ("conv", 256, 5),
        ("conv", 128, 5),
        ("dense", 328),
        ("dense", 192),
        ("dropout", 0.5),
    ),
    "multimnist": (
        ("conv", 512, 9),
        ("pool",),
        ("conv", 256, 5),
        ("pool",),
        ("dense", 1024),
    ),
}


def find(network):
    """The rows of a network.

    Raises:
        UserError: there is none of that name.
    """
    if network not in NETWORKS:
        raise unknown("baseline", network, NETWORKS)
    return NETWORKS[network]


def count_parameters(network, image_shape, num_classes=10):
    """Trainable parameters of a baseline, by arithmetic: no array is made.

    Args:
        network: one of `NETWORKS`.
        image_shape: (height, width, channels).
        num_classes: outputs.

    Returns:
        The count of each layer that has weights, as a list.
    """
    height, width, channels = image_shape
    counts, flat = [], None
    for kind, *sizes in (*find(network), ("dense", num_classes)):
        if kind == "conv":
            filters, kernel = sizes
            counts.append((kernel**2 * channels + 1) * filters)
            channels = filters
        elif kind == "pool":
            height, width = height // 2, width // 2
        elif kind == "dense":
            flat = math.prod((height, width, channels)) if flat is None else flat
            counts.append((flat + 1) * sizes[0])
            flat = sizes[0]
    return counts


@keras.saving.register_keras_serializable("lessons")
class SceneConvNet(SceneModel):
    """A convolutional network that says of every class whether a scene holds it.

    Trained like `CapsNet`, with a sigmoid and its cross-entropy per class, or, with
    `exclusive`, a softmax over classes.

    Args:
        image_shape, num_classes: as for `SceneModel`.
        network: one of `NETWORKS`.
        exclusive: whether a scene holds exactly one class.
        **kwargs: for `SceneModel`.
    """

    def __init__(
        self,
        image_shape,
        num_classes=10,
        *,
        network="laptop",
        exclusive=False,
        **kwargs,
    ):
        super().__init__(image_shape, num_classes, **kwargs)
        self.network, self.exclusive = network, exclusive
        self.classifier = self._build_classifier(find(network))
        self.build((None, None, *self.image_shape))

    def _build_classifier(self, rows):
        """A functional model from images to logits."""
        make = {
            "conv": lambda filters, kernel: layers.Conv2D(
                filters, kernel, padding="same", activation="relu"
            ),
            "pool": lambda: layers.MaxPooling2D(2),
            "dense": lambda units: layers.Dense(units, activation="relu"),
            "dropout": lambda rate: layers.Dropout(rate, seed=self.seed),
        }
        image = keras.Input(self.image_shape, name="image")
        hidden, is_flat = image, False
        for kind, *sizes in rows:
            if kind == "dense" and not is_flat:
                hidden, is_flat = layers.Flatten()(hidden), True
            hidden = make[kind](*sizes)(hidden)
        logits = layers.Dense(self.num_classes, dtype="float32", name="logits")(hidden)
        return keras.Model(image, logits, name="classifier")

    def call(self, scenes, training=False):
        """Shift, overlay, classify: logits, shape (batch, classes)."""
        _, image = self.compose(scenes, training)
        return self.classifier(image, training=training)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """The mean cross-entropy in nats, summed over classes."""
        targets = self.targets(y, x)
        if self.exclusive:
            loss = ops.categorical_crossentropy(targets, y_pred, from_logits=True)
        else:
            loss = ops.sum(
                ops.binary_crossentropy(targets, y_pred, from_logits=True), axis=-1
            )
        return self.batch_loss(loss, y, sample_weight)

    def scores(self, images):
        """Logits of images, NumPy, shape (n, classes)."""
        return self.classifier.predict(images, batch_size=256, verbose=0)

    def get_config(self):
        """The arguments, for saving."""
        return {
            **super().get_config(),
            "network": self.network,
            "exclusive": self.exclusive,
        }
