"""What all models of the lesson are made of: towers of affine maps, and likelihoods."""

import keras
from keras import layers, ops

from lessons.autoencoders.semi_supervised_vae import theory
from lessons.autoencoders.vae.model_blocks import clip, positive
from lessons.autoencoders.vae.theory import diagonal_log_density
from lessons.toolkit.errors import UserError, unknown

_OWN = {"positive": positive, "clip": clip}
_NORMALIZATION = {"momentum": 0.9, "epsilon": 1e-5}  # as in the `vae` lesson
STYLES = ("softplus", "source")
LIKELIHOODS = ("gaussian", "bernoulli", "normal")


def encoder_layers(units, style):
    """(units, activation) of hidden layers before the heads.

    Args:
        units: widths.
        style: "softplus" throughout, or as in the `vae` lesson's "source": rectifiers
            and a final tanh.
    """
    names = ["softplus"] * len(units)
    if style == "source":
        names = ["relu"] * (len(units) - 1) + ["tanh"]
    return tuple(zip(units, names, strict=True))


def decoder_layers(units, style):
    """(units, activation) of hidden layers after the code; see `encoder_layers`."""
    names = ["softplus"] * len(units)
    if style == "source":
        names = ["linear"] + ["relu"] * (len(units) - 1)
    return tuple(zip(units, names, strict=True))


class Block(layers.Layer):
    """An affine map of one input or of the join of two, normalised, and activated.

    Inputs of sizes a and b are joined as one of size a + b would be. Their affine maps
    are computed apart and then added, so the two may broadcast: codes of shape
    (batch, classes, a) meet all labels, (classes, classes), and images of shape
    (batch, 1, a) are multiplied once, not once for every label.

    Args:
        input_dims: (a,) or (a, b).
        units: size of the output.
        activation: "positive", "clip", or one of Keras's.
        batch_norm: whether to normalise before the activation.
        weight_scale: standard deviation of the first weights; None for Glorot's.
        **kwargs: for `keras.layers.Layer`.
    """

    def __init__(
        self, input_dims, units, activation, batch_norm, weight_scale, **kwargs
    ):
        super().__init__(**kwargs)
        initializer = "glorot_uniform"
        if weight_scale is not None:
            initializer = keras.initializers.RandomNormal(0.0, weight_scale)
        self.activation = _OWN.get(activation) or keras.activations.get(activation)
        self.affine = []
        for index, size in enumerate(input_dims):
            layer = layers.Dense(
                units,
                use_bias=index == 0,
                kernel_initializer=initializer,
                dtype=self.dtype_policy,
                name=f"part_{index}",
            )
            layer.build((None, size))
            self.affine.append(layer)
        self.norm = None
        if batch_norm:
            self.norm = layers.BatchNormalization(
                dtype=self.dtype_policy, name="norm", **_NORMALIZATION
            )
            self.norm.build((None, units))
        self.built = True

    def call(self, *inputs, training=False):
        """Shape (..., units); leading axes of the inputs broadcast."""
        parts = zip(self.affine, inputs, strict=True)
        values = sum(affine(part) for affine, part in parts)
        if self.norm is not None:  # over every row, whatever the leading axes
            rows = ops.reshape(values, (-1, values.shape[-1]))
            rows = self.norm(rows, training=training)
            values = ops.reshape(rows, ops.shape(values))
        return self.activation(values)


@keras.saving.register_keras_serializable("lessons")
class Tower(layers.Layer):
    """Hidden blocks, then heads side by side: each network of the lesson is one.

    Args:
        input_dims: (a,) or (a, b), see `Block`.
        hidden: pairs (units, activation), at least one.
        heads: pairs (units, activation) by name, in the order of the outputs; they
            compute in float32.
        batch_norm: whether blocks are normalised; a head called "logits" is not.
        weight_scale: see `Block`.
        **kwargs: for `keras.layers.Layer`.

    Raises:
        UserError: no hidden layer.
    """

    def __init__(
        self, input_dims, hidden, heads, batch_norm=False, weight_scale=None, **kwargs
    ):
        super().__init__(**kwargs)
        if not hidden:
            raise UserError("a network needs at least one hidden layer, got none.")
        self._arguments = {
            "input_dims": tuple(input_dims),
            "hidden": tuple(hidden),
            "heads": dict(heads),
            "batch_norm": batch_norm,
            "weight_scale": weight_scale,
        }
        self.hidden, self.heads = [], []
        for index, (units, activation) in enumerate(hidden):
            block = Block(
                input_dims,
                units,
                activation,
                batch_norm,
                weight_scale,
                name=f"hidden_{index}",
            )
            self.hidden.append(block)
            input_dims = (units,)
        for name, (units, activation) in heads.items():
            block = Block(
                input_dims,
                units,
                activation,
                batch_norm and name != "logits",
                weight_scale,
                dtype="float32",
                name=name,
            )
            self.heads.append(block)
        self.built = True

    def call(self, *inputs, training=False):
        """A head's output, or a tuple of them, each of shape (..., units)."""
        values = self.hidden[0](*inputs, training=training)
        for block in self.hidden[1:]:
            values = block(values, training=training)
        outputs = tuple(head(values, training=training) for head in self.heads)
        return outputs if len(outputs) > 1 else outputs[0]

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self._arguments}


class Likelihood:
    r"""How a decoder's outputs are read: heads, density and mean.

    * "gaussian": $N(x; y, v I)$ with a fixed $v$;
    * "bernoulli": pixels are probabilities, the decoder gives logits;
    * "normal": $N(x; y, \mathrm{diag}(s^2))$, the decoder gives $y$ and $s$.

    Args:
        kind: one of the names above.
        num_inputs: numbers in one $x$.
        variance: $v$, for "gaussian".
        output: last activation of the mean, for "gaussian".

    Raises:
        UserError: no such kind.
    """

    def __init__(self, kind, num_inputs, variance, output="linear"):
        if kind not in LIKELIHOODS:
            raise unknown("likelihood", kind, LIKELIHOODS)
        self.kind = kind
        self.scale = variance**0.5
        self.heads = {"output": (num_inputs, output)}
        if kind == "normal":
            self.heads["scale"] = (num_inputs, "positive")

    def log_prob(self, x, outputs):
        """Log density of x given a decoder's outputs, shape (...), in nats."""
        if self.kind == "bernoulli":
            return theory.bernoulli_log_likelihood(x, outputs)
        mean, scale = outputs if self.kind == "normal" else (outputs, self.scale)
        return diagonal_log_density(x, mean, ops.cast(scale, "float32"))

    def mean(self, outputs):
        """The expected x, shape (..., num_inputs)."""
        if self.kind == "bernoulli":
            return ops.sigmoid(outputs)
        return outputs[0] if self.kind == "normal" else outputs
