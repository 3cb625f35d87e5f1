"""The layers of a capsule network: Keras has none of them."""

import keras
import tensorflow as tf
from keras import initializers, layers, ops

from lessons.toolkit.errors import UserError
from lessons.vision.capsules import theory


def _at_least_one(**sizes):
    for name, value in sizes.items():
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise UserError(
                f"{name} must be a whole number of at least 1, got {value!r}."
            )


@keras.saving.register_keras_serializable("lessons")
class PrimaryCapsules(layers.Layer):
    """The lowest capsules: a convolution whose channels are cut into vectors.

    A convolution with `types * dim` channels, whose neighbours in the channel axis
    form one capsule, then squash over the components of each.

    Args:
        types: kinds of capsules at every place.
        dim: components of each.
        kernel_size, stride: of the convolution, which has no padding.
        bias_initializer, kernel_initializer: of the convolution.
        **kwargs: for `keras.layers.Layer`.
    """

    def __init__(
        self,
        types,
        dim,
        kernel_size=9,
        stride=2,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        **kwargs,
    ):
        super().__init__(**kwargs)
        _at_least_one(types=types, dim=dim, kernel_size=kernel_size, stride=stride)
        self.types, self.dim = types, dim
        self.conv = layers.Conv2D(
            types * dim,
            kernel_size,
            stride,
            kernel_initializer=kernel_initializer,
            bias_initializer=bias_initializer,
            dtype=self.dtype_policy,
            name="conv",
        )

    def build(self, input_shape):
        """Weights of the convolution."""
        if None in input_shape[1:]:
            raise UserError(
                "primary capsules need images of a known size, since each place has "
                f"capsules of its own, got {tuple(input_shape)!r}. Allowed: "
                "(height, width, channels) as whole numbers."
            )
        self.conv.build(input_shape)

    def call(self, inputs):
        """(batch, height, width, channels) to (batch, capsules, dim), in float32."""
        maps = self.conv(inputs)  # (batch, rows, columns, types * dim)
        _, rows, columns, _ = maps.shape
        capsules = ops.reshape(maps, (-1, rows * columns * self.types, self.dim))
        return theory.squash(ops.cast(capsules, "float32"))

    def get_config(self):
        """The arguments, for saving."""
        return {
            **super().get_config(),
            "types": self.types,
            "dim": self.dim,
            "kernel_size": self.conv.kernel_size[0],
            "stride": self.conv.strides[0],
            "kernel_initializer": initializers.serialize(self.conv.kernel_initializer),
            "bias_initializer": initializers.serialize(self.conv.bias_initializer),
        }


@keras.saving.register_keras_serializable("lessons")
class Capsules(layers.Layer):
    r"""Higher capsules: a vote per pair $\hat u_{j|i} = W_{ij} u_i$, then routing.

    Every pair of a lower and a higher capsule has a matrix of its own; nothing is
    shared over places. The votes of all examples are one batched matrix product, with
    the lower capsules as its batch and the examples as its rows.

    Args:
        num_capsules: higher capsules $J$.
        dim: components of each.
        iterations: of routing.
        weight_scale: standard deviation of $W$ at the start.
        detach: whether gradients ignore how couplings depend on votes.
        use_bias: whether $s_j$ has a trainable bias, 0.1 at the start (the official
            code has it, the paper's formula does not).
        learn_priors: whether the logits $b$ start from trained values instead of 0.
        orphan: whether a lower capsule may couple to "none of the above".
        jit_routing: whether XLA compiles the routing alone, on processors. It halves
            the time of routing and costs about a second at the first step.
        **kwargs: for `keras.layers.Layer`.

    Attributes:
        matrices: the weights $W$, shape (lower, lower dim, num_capsules * dim).
    """

    def __init__(
        self,
        num_capsules,
        dim,
        iterations=3,
        weight_scale=0.1,
        *,
        detach=False,
        use_bias=False,
        learn_priors=False,
        orphan=False,
        jit_routing=False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        _at_least_one(num_capsules=num_capsules, dim=dim, iterations=iterations)
        if not weight_scale > 0:
            raise UserError(f"weight_scale must be positive, got {weight_scale!r}.")
        self._arguments = {
            "num_capsules": num_capsules,
            "dim": dim,
            "iterations": iterations,
            "weight_scale": weight_scale,
            "detach": detach,
            "use_bias": use_bias,
            "learn_priors": learn_priors,
            "orphan": orphan,
            "jit_routing": jit_routing,
        }
        self.num_capsules, self.dim, self.iterations = num_capsules, dim, iterations
        self.bias = self.log_priors = None
        self._route = tf.function(self._routed, jit_compile=True, autograph=False)

    def build(self, input_shape):
        """The matrices, and the bias and log priors if asked for."""
        if len(input_shape) != 3 or None in input_shape[1:]:
            raise UserError(
                "capsules need parts of shape (batch, lower, lower dim), the last two "
                f"known, got {tuple(input_shape)!r}. Allowed: the output of "
                "PrimaryCapsules or of another Capsules."
            )
        _, lower, lower_dim = input_shape
        scale = self._arguments["weight_scale"]
        self.matrices = self.add_weight(
            shape=(lower, lower_dim, self.num_capsules * self.dim),
            initializer=initializers.RandomNormal(stddev=scale),
            name="matrices",
        )
        if self._arguments["use_bias"]:
            self.bias = self.add_weight(
                shape=(self.num_capsules, self.dim),
                initializer=initializers.Constant(0.1),
                name="bias",
            )
        if self._arguments["learn_priors"]:
            self.log_priors = self.add_weight(
                shape=(self.num_capsules, lower), initializer="zeros", name="log_priors"
            )

    def votes(self, inputs):
        """(batch, lower, lower dim) to (batch, higher, lower, dim)."""
        lower = inputs.shape[1]
        by_lower = ops.transpose(inputs, (1, 0, 2))  # (lower, batch, lower dim)
        votes = ops.matmul(by_lower, self.matrices)  # (lower, batch, higher * dim)
        votes = ops.reshape(votes, (lower, -1, self.num_capsules, self.dim))
        return ops.transpose(votes, (1, 2, 0, 3))

    def call(self, inputs):
        """(batch, lower, lower dim) to (batch, higher, dim), in float32."""
        arguments = [ops.cast(self.votes(inputs), "float32")]  # b needs its precision
        arguments += [
            ops.cast(weight, "float32")
            for weight in (self.log_priors, self.bias)
            if weight is not None
        ]
        route = self._route if self._arguments["jit_routing"] else self._routed
        return route(*arguments)

    def _routed(self, votes, *weights):
        weights = list(weights)
        log_priors = weights.pop(0) if self.log_priors is not None else None
        bias = weights.pop(0) if self.bias is not None else None
        return theory.route(
            votes,
            self.iterations,
            log_priors=log_priors,
            bias=bias,
            orphan=self._arguments["orphan"],
            detach=self._arguments["detach"],
        ).capsules

    def compute_output_shape(self, input_shape):
        """(batch, num_capsules, dim)."""
        return input_shape[0], self.num_capsules, self.dim

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self._arguments}


@keras.saving.register_keras_serializable("lessons")
class RandomShift(layers.Layer):
    """Shift each picture by whole pixels at random; what leaves is lost.

    A shift is a product with a shifted unit matrix on either side, so nothing can come
    in again on the other side, as it does with `roll`. Like Keras's random layers it
    does nothing in `predict` and `evaluate`.

    Args:
        max_shift: largest shift along each axis, in pixels.
        seed: of the shifts.
        **kwargs: for `keras.layers.Layer`.
    """

    def __init__(self, max_shift, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.max_shift, self.seed = max_shift, seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, pictures, training=True):
        """(..., height, width, 1), each of the leading ones shifted by itself."""
        if not training:
            return pictures
        *leading, height, width, _ = ops.shape(pictures)
        flat = ops.reshape(pictures, (-1, height, width))
        steps = keras.random.randint(
            (2, ops.shape(flat)[0]), 0, 2 * self.max_shift + 1, seed=self.seed_generator
        )
        down = ops.take(self._matrices(height, flat.dtype), steps[0], axis=0)
        right = ops.take(self._matrices(width, flat.dtype), steps[1], axis=0)
        flat = ops.matmul(ops.matmul(down, flat), ops.transpose(right, (0, 2, 1)))
        return ops.reshape(flat, (*leading, height, width, 1))

    def _matrices(self, size, dtype):
        """Unit matrices shifted by all whole numbers from -max_shift to max_shift."""
        shifts = range(-self.max_shift, self.max_shift + 1)
        dtype = keras.backend.standardize_dtype(dtype)
        return ops.stack([ops.eye(size, k=-shift, dtype=dtype) for shift in shifts])

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), "max_shift": self.max_shift, "seed": self.seed}
