"""The models: sketches from an image, voxels from sketches, and voxels at once."""

import keras
from keras import ops

from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError, unknown
from lessons.vision.marrnet import networks, theory

ROUTES = ("sketches", "image", "features")


class _Saved(keras.Model):
    """A model that is made again from its arguments."""

    def _keep(self, **arguments):
        if arguments["network"] not in networks.SIZES:
            raise unknown("network", arguments["network"], networks.SIZES)
        weights = {k: v for k, v in arguments.items() if k.endswith("weight")}
        if not all(0 <= value < float("inf") for value in weights.values()):
            raise UserError(f"weights of losses must be at least 0, got {weights}.")
        self.arguments = arguments

    def sketch_loss(self, predicted, true):
        """`theory.sketch_loss` with the weights that were given."""
        names = ("inside_only", "silhouette_weight", "depth_weight")
        return theory.sketch_loss(
            predicted, true, **{name: self.arguments[name] for name in names}
        )

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self.arguments}


@keras.saving.register_keras_serializable("lessons")
class SketchNet(_Saved):
    """Step 1: an image to normals, depth and silhouette.

    Args:
        size: of the image.
        network: one of `networks.SIZES`.
        inside_only: see `theory.sketch_loss`.
        silhouette_weight: see `theory.sketch_loss`.
        depth_weight: see `theory.sketch_loss`.
        **kwargs: for `keras.Model`.
    """

    def __init__(
        self,
        size,
        network="small",
        inside_only=False,
        silhouette_weight=1.0,
        depth_weight=1.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self._keep(
            size=size,
            network=network,
            inside_only=inside_only,
            silhouette_weight=silhouette_weight,
            depth_weight=depth_weight,
        )
        self.network = networks.of(network)[0](size)
        self.build((None, size, size, 3))

    def build(self, input_shape):
        """Nothing more: the network has its weights."""

    def call(self, images, training=False):
        """Images (batch, size, size, 3) to sketches (batch, size, size, 5), float32."""
        return _sketch(self.network(networks.centred(images), training=training))

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """Mean over examples of `theory.sketch_loss`."""
        losses = self.sketch_loss(y_pred, ops.cast(y, "float32"))
        return runtime.batch_loss(losses, sample_weight)


@keras.saving.register_keras_serializable("lessons")
class ShapeNet(_Saved):
    """Step 2: masked sketches to voxels; or the direct rival, an image to voxels.

    Args:
        size: of the maps.
        grid: voxels along an axis.
        code: components of the code.
        route: "sketches", five channels of which `theory.masked` makes four; "image",
            three channels as they are.
        network: one of `networks.SIZES`.
        positive_weight: see `theory.voxel_loss`.
        **kwargs: for `keras.Model`.

    Attributes:
        encoder, decoder: the halves; fine-tuning moves the first one.
    """

    def __init__(
        self,
        size,
        grid,
        code=64,
        route="sketches",
        network="small",
        positive_weight=1.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if route not in ROUTES[:2]:
            raise unknown("route", route, ROUTES[:2])
        self._keep(
            size=size,
            grid=grid,
            code=code,
            route=route,
            network=network,
            positive_weight=positive_weight,
        )
        given, channels = (5, 4) if route == "sketches" else (3, 3)
        _, encoder, decoder = networks.of(network)
        self.encoder = encoder(size, channels, code)
        self.decoder = decoder(grid, code)
        self.build((None, size, size, given))

    def build(self, input_shape):
        """Nothing more: encoder and decoder have their weights."""

    def call(self, maps, training=False):
        """Maps (batch, size, size, 5 or 3) to logits (batch, grid, grid, grid)."""
        if self.arguments["route"] == "sketches":
            maps = theory.masked(maps)
        else:
            maps = networks.centred(maps)
        code = self.encoder(maps, training=training)
        return ops.cast(self.decoder(code, training=training), "float32")

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """Mean over examples of `theory.voxel_loss`."""
        weight = self.arguments["positive_weight"]
        losses = theory.voxel_loss(y_pred, ops.cast(y, "float32"), weight)
        return runtime.batch_loss(losses, sample_weight)


@keras.saving.register_keras_serializable("lessons")
class TwoHeads(_Saved):
    """A rival that is told as much as MarrNet: sketches and voxels in one training.

    The first network's features feed the encoder. With `route="features"` all of them
    do, so no bottleneck of 2.5-D sketches lies between; with `route="sketches"` it is
    MarrNet trained end to end.

    Args:
        size: of image and grid.
        code: components of the code.
        route: "features" or "sketches".
        sketch_weight: of `theory.sketch_loss`; 0 leaves out what it is told more.
        positive_weight: see `theory.voxel_loss`.
        network: "small".
        inside_only: see `theory.sketch_loss`.
        silhouette_weight: see `theory.sketch_loss`.
        depth_weight: see `theory.sketch_loss`.
        **kwargs: for `keras.Model`.
    """

    def __init__(
        self,
        size,
        code=64,
        route="features",
        sketch_weight=1.0,
        positive_weight=1.0,
        network="small",
        inside_only=False,
        silhouette_weight=1.0,
        depth_weight=1.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if route not in ("features", "sketches"):
            raise unknown("route", route, ("features", "sketches"))
        self._keep(
            size=size,
            code=code,
            route=route,
            sketch_weight=sketch_weight,
            positive_weight=positive_weight,
            network=network,
            inside_only=inside_only,
            silhouette_weight=silhouette_weight,
            depth_weight=depth_weight,
        )
        if network != "small":
            raise UserError(f"only the small network has two heads, got {network!r}.")
        self.features = networks.unet_features(size)
        width = self.features.output_shape[-1]
        self.encoder = networks.encoder(size, width if route == "features" else 4, code)
        self.decoder = networks.decoder(size, code)
        self.head = keras.layers.Conv2D(theory.CHANNELS, 1, name="head")
        self.build((None, size, size, 3))

    def build(self, input_shape):
        """The weights of the head, where there is one."""
        if self.has_head:
            self.head.build((None, *self.features.output_shape[1:]))

    @property
    def has_head(self):
        """Whether sketches are made at all."""
        given = self.arguments
        return given["route"] == "sketches" or given["sketch_weight"] > 0

    def call(self, images, training=False):
        """Images to sketches and logits side by side, (batch, size, size, 5 + size).

        Channels of the sketch first, then the ray behind each pixel; without a head
        the ray alone.
        """
        features = self.features(networks.centred(images), training=training)
        parts, maps = [], features
        if self.has_head:
            sketch = _sketch(self.head(features))
            parts.append(sketch)
            if self.arguments["route"] == "sketches":
                maps = theory.masked(sketch)
        logits = self.decoder(self.encoder(maps, training=training), training=training)
        return ops.concatenate([*parts, ops.cast(logits, "float32")], axis=-1)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """Mean over examples of both losses, of which the sketch's has a weight.

        `y` is as `call` gives it with a head: shape (batch, size, size, 5 + size).
        """
        given, y = self.arguments, ops.cast(y, "float32")
        ray = given["size"]
        losses = theory.voxel_loss(
            y_pred[..., -ray:], y[..., -ray:], given["positive_weight"]
        )
        if given["sketch_weight"]:
            own = self.sketch_loss(y_pred[..., :-ray], y[..., :-ray])
            losses = losses + given["sketch_weight"] * own
        return runtime.batch_loss(losses, sample_weight)


@keras.saving.register_keras_serializable("lessons")
class MarrNet(keras.Model):
    """Both steps, one after the other; each is trained by itself.

    Args:
        sketch_net: a `SketchNet`.
        shape_net: a `ShapeNet` with route="sketches".
        **kwargs: for `keras.Model`.
    """

    def __init__(self, sketch_net, shape_net, **kwargs):
        super().__init__(**kwargs)
        self.sketch_net, self.shape_net = sketch_net, shape_net
        self.build((None, *[sketch_net.arguments["size"]] * 2, 3))

    def build(self, input_shape):
        """Nothing more: both networks have their weights."""

    def call(self, images, training=False):
        """Images (batch, size, size, 3) to logits (batch, grid, grid, grid)."""
        sketches = self.sketch_net(images, training=training)
        return self.shape_net(sketches, training=training)

    def get_config(self):
        """Both networks, for saving."""
        serialize = keras.saving.serialize_keras_object
        return {
            **super().get_config(),
            "sketch_net": serialize(self.sketch_net),
            "shape_net": serialize(self.shape_net),
        }

    @classmethod
    def from_config(cls, config):
        """A model as `get_config` describes it."""
        deserialize = keras.saving.deserialize_keras_object
        own = dict(config)
        for name in ("sketch_net", "shape_net"):
            own[name] = deserialize(own[name])
        return cls(**own)


def _sketch(outputs):
    """Outputs of a network as a sketch: the silhouette goes through a sigmoid."""
    outputs = ops.cast(outputs, "float32")
    silhouette = ops.sigmoid(outputs[..., 4:])
    return ops.concatenate([outputs[..., :4], silhouette], axis=-1)
