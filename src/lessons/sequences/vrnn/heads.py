"""What a step emits: frames, pen strokes or symbols, each as a distribution.

A head turns the decoder's features into parameters, gives the log density of the truth
and draws from them. `HEADS` is the table by name.
"""

import typing

import keras
import numpy as np
from keras import layers, ops

from lessons.sequences.vrnn import theory
from lessons.sequences.vrnn.networks import SCALE_BIAS
from lessons.toolkit import mixtures


class Parameters(typing.NamedTuple):
    """Parameters of an output; a head leaves out what it does not need.

    Attributes:
        mean, scale: shape (..., dim), or (..., components, dim) of a mixture.
        logits: of components (..., K), or of symbols (..., alphabet).
        mixing: below the diagonal, see `theory.full_gaussian_log_prob`.
        correlation: shape (..., components).
        pen: logit of lifting the pen, shape (...,).
    """

    mean: typing.Any = None
    scale: typing.Any = None
    logits: typing.Any = None
    mixing: typing.Any = None
    correlation: typing.Any = None
    pen: typing.Any = None


class Head(layers.Layer):
    """What all heads share: one dense layer for each part of the parameters.

    Args:
        dim: numbers of a step; of an alphabet, its size.
        components: of a mixture.
        floor: least standard deviation.
    """

    def __init__(self, dim, components=1, floor=1e-4, **options):
        super().__init__(**options)
        self.dim, self.components, self.floor = dim, components, floor
        bias = keras.initializers.Constant(SCALE_BIAS)
        self.parts = {
            name: layers.Dense(
                units,
                name=name,
                bias_initializer=bias if name == "scale" else "zeros",
            )
            for name, units in self.sizes().items()
        }

    def build(self, input_shape):
        """Create the weights."""
        for part in self.parts.values():
            part.build(input_shape)
        super().build(input_shape)

    def part(self, name, features, *shape):
        """One part of the parameters in float32, its last axis in a shape."""
        found = ops.cast(self.parts[name](features), "float32")
        return ops.reshape(found, (*ops.shape(found)[:-1], *shape)) if shape else found

    def inputs(self, x):
        """What the networks read of a step; x itself unless it is a symbol."""
        return x

    def get_config(self):
        """The arguments, for saving."""
        own = {"dim": self.dim, "components": self.components, "floor": self.floor}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("lessons")
class GaussHead(Head):
    """A diagonal Gaussian over a frame: VRNN-Gauss, RNN-Gauss."""

    def sizes(self):
        """Numbers of each part."""
        return {"mean": self.dim, "scale": self.dim}

    def call(self, features):
        """`Parameters` of features (..., units)."""
        scale = theory.positive(self.part("scale", features), self.floor)
        return Parameters(mean=self.part("mean", features), scale=scale)

    def log_prob(self, given, x):
        """Log density of x (..., dim): (...,)."""
        return mixtures.gaussian_log_prob(x, given.mean, given.scale)

    def draw(self, given, uniform, normal):
        """A frame from draws: uniform (..., 2), normal (..., dim)."""
        return mixtures.gaussian_sample(given.mean, given.scale, normal)


@keras.saving.register_keras_serializable("lessons")
class MixtureHead(Head):
    """A mixture of diagonal Gaussians over whole frames: VRNN-GMM, RNN-GMM."""

    def sizes(self):
        """Numbers of each part."""
        many = self.components * self.dim
        return {"mean": many, "scale": many, "logits": self.components}

    def call(self, features):
        """`Parameters` of features (..., units)."""
        shape = self.components, self.dim
        return Parameters(
            mean=self.part("mean", features, *shape),
            scale=theory.positive(self.part("scale", features, *shape), self.floor),
            logits=self.part("logits", features),
        )

    def log_prob(self, given, x):
        """Log density of x (..., dim): (...,)."""
        return mixtures.gaussian_mixture_log_prob(
            x, given.logits, given.mean, given.scale
        )

    def draw(self, given, uniform, normal):
        """A frame from draws: uniform (..., 2), normal (..., dim)."""
        return mixtures.gaussian_mixture_sample(
            given.logits, given.mean, given.scale, uniform[..., 0], normal
        )


@keras.saving.register_keras_serializable("lessons")
class FullGaussHead(Head):
    """A Gaussian with a full covariance: the rival that has no latent variable."""

    def sizes(self):
        """Numbers of each part."""
        return {"mean": self.dim, "scale": self.dim, "mixing": self.below}

    @property
    def below(self):
        """Numbers below a diagonal; at least one, for a layer to have something."""
        return max(1, self.dim * (self.dim - 1) // 2)

    def triangle(self, flat):
        """Numbers (..., below) as a triangle (..., dim, dim), zeros elsewhere."""
        places = np.zeros((self.dim, self.dim), int)  # 0: nothing stands there
        below = np.tril_indices(self.dim, -1)
        places[below] = 1 + np.arange(len(below[0]))
        padded = ops.concatenate([ops.zeros_like(flat[..., :1]), flat], axis=-1)
        mixing = ops.take(padded, places.ravel(), axis=-1)
        return ops.reshape(mixing, (*ops.shape(flat)[:-1], self.dim, self.dim))

    def call(self, features):
        """`Parameters` of features (..., units)."""
        return Parameters(
            mean=self.part("mean", features),
            scale=theory.positive(self.part("scale", features), self.floor),
            mixing=self.triangle(self.part("mixing", features)),
        )

    def log_prob(self, given, x):
        """Log density of x (..., dim): (...,)."""
        return theory.full_gaussian_log_prob(x, given.mean, given.scale, given.mixing)

    def draw(self, given, uniform, normal):
        """A frame from draws: uniform (..., 2), normal (..., dim)."""
        unit = ops.eye(self.dim) - given.mixing
        mixed = ops.squeeze(
            ops.solve_triangular(unit, normal[..., None], lower=True), axis=-1
        )
        return mixtures.gaussian_sample(given.mean, given.scale, mixed)


@keras.saving.register_keras_serializable("lessons")
class FullMixtureHead(FullGaussHead):
    """A mixture of Gaussians with full covariances: pieces of any curved density."""

    def sizes(self):
        """Numbers of each part."""
        one = super().sizes()
        many = {name: self.components * size for name, size in one.items()}
        return {**many, "logits": self.components}

    def call(self, features):
        """`Parameters` of features (..., units)."""
        shape = self.components, self.dim
        flat = self.part("mixing", features, self.components, self.below)
        return Parameters(
            mean=self.part("mean", features, *shape),
            scale=theory.positive(self.part("scale", features, *shape), self.floor),
            logits=self.part("logits", features),
            mixing=self.triangle(flat),
        )

    def log_prob(self, given, x):
        """Log density of x (..., dim): (...,)."""
        inside = super().log_prob(given, ops.expand_dims(x, -2))
        return mixtures.mixture_log_prob(given.logits, inside)

    def draw(self, given, uniform, normal):
        """A frame from draws: uniform (..., 2), normal (..., dim)."""
        index = mixtures.chosen_component(given.logits, uniform[..., 0])[..., None]
        mean, scale = (
            ops.take_along_axis(part, index[..., None], axis=-2)[..., 0, :]
            for part in (given.mean, given.scale)
        )
        mixing = ops.take_along_axis(given.mixing, index[..., None, None], axis=-3)
        one = Parameters(mean=mean, scale=scale, mixing=mixing[..., 0, :, :])
        return super().draw(one, uniform, normal)


@keras.saving.register_keras_serializable("lessons")
class PenHead(Head):
    """A mixture of correlated Gaussians for the offset, and a bit for lifting the pen.

    `dim` is 3: offset and pen. With one component it is a single Gaussian.
    """

    def sizes(self):
        """Numbers of each part."""
        k = self.components
        many = {"mean": 2 * k, "scale": 2 * k, "correlation": k, "pen": 1}
        return {**many, "logits": k} if k > 1 else many

    def call(self, features):
        """`Parameters` of features (..., units)."""
        shape = self.components, 2
        correlation = ops.tanh(self.part("correlation", features))
        one = self.components == 1
        logits = ops.zeros_like(correlation) if one else self.part("logits", features)
        return Parameters(
            mean=self.part("mean", features, *shape),
            scale=theory.positive(self.part("scale", features, *shape), self.floor),
            logits=logits,
            correlation=correlation,
            pen=self.part("pen", features)[..., 0],
        )

    def log_prob(self, given, x):
        """Log density of x (..., 3): (...,)."""
        return theory.pen_log_prob(
            x, given.logits, given.mean, given.scale, given.correlation, given.pen
        )

    def draw(self, given, uniform, normal):
        """A step from draws: uniform (..., 2), normal (..., 3)."""
        if self.components == 1:
            offset = mixtures.bivariate_sample(
                given.mean[..., 0, :], given.scale[..., 0, :],
                given.correlation[..., 0], normal[..., :2],
            )  # fmt: skip
        else:
            offset = mixtures.bivariate_mixture_sample(
                given.logits, given.mean, given.scale, given.correlation,
                uniform[..., 0], normal[..., :2],
            )  # fmt: skip
        lifted = ops.cast(uniform[..., 1] < ops.sigmoid(given.pen), offset.dtype)
        return ops.concatenate([offset, lifted[..., None]], axis=-1)


@keras.saving.register_keras_serializable("lessons")
class SymbolHead(Head):
    """One symbol of an alphabet of `dim`: a step is one whole number, (..., 1)."""

    def sizes(self):
        """Numbers of each part."""
        return {"logits": self.dim}

    def call(self, features):
        """`Parameters` of features (..., units)."""
        return Parameters(logits=self.part("logits", features))

    def inputs(self, x):
        """A symbol as a one-hot vector."""
        return ops.one_hot(ops.cast(x[..., 0], "int32"), self.dim, dtype="float32")

    def log_prob(self, given, x):
        """Log probability of x (..., 1): (...,)."""
        return theory.symbol_log_prob(x[..., 0], given.logits)

    def draw(self, given, uniform, normal):
        """A symbol from draws: uniform (..., 2)."""
        index = mixtures.chosen_component(given.logits, uniform[..., 0])
        return ops.cast(index, "float32")[..., None]


HEADS = {
    "gauss": GaussHead,
    "gmm": MixtureHead,
    "full": FullGaussHead,
    "full_gmm": FullMixtureHead,
    "pen": PenHead,
    "symbol": SymbolHead,
}
