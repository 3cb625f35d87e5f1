r"""The model: an encoder of whole drawings and a decoder that draws point by point."""

import keras
from keras import layers, ops

from lessons.sequences.sketch_rnn import sampling, theory
from lessons.sequences.sketch_rnn.layers import PenRecurrence
from lessons.sequences.sketch_rnn.variants import CODES
from lessons.toolkit import runtime
from lessons.toolkit.data import strokes
from lessons.toolkit.errors import UserError, unknown

_SMALL = 0.001  # deviation of the first weights to and from the code


@keras.saving.register_keras_serializable("lessons")
class SketchRNN(keras.Model):
    r"""A variational autoencoder of drawings, or its decoder alone.

    The encoder reads $S_1 \dots S_{N_s}$ in both directions; $[h_\to; h_\gets]$ gives
    $\mu$ and $\hat\sigma$, and $z = \mu + e^{\hat\sigma/2} \epsilon$ (eq. 1-2). The
    decoder starts at $[h_0; c_0] = \tanh(z W_z + b_z)$ (eq. 3), reads $[S_{i-1}; z]$,
    and gives the numbers of $S_i$.

    Args:
        max_length: N_max.
        encoder_units, decoder_units: H of each of the encoder's two, and the decoder's.
        latent_dim: N_z.
        num_mixtures: M.
        code: what the decoder is told, one of `variants.CODES`.
        num_classes: classes, where the code is the class.
        encoder_cell, decoder_cell: keys of `cells.CELLS`.
        cell_options: more arguments of the decoder's cell, or None.
        keep: of recurrent dropout, see `PenRecurrence`.
        kl_weight, kl_floor, kl_start, kl_rate: $w_{KL}$, $KL_{min}$, $\eta_{min}$, R.
        scale: what the offsets of the drawings were divided by; kept, not used.
        seed: of the draws.

    Input: stroke-5, shape (batch, N_max, 5); with the classes' one-hot columns behind
    where the code is the class. Output: a dictionary with `numbers`, shape
    (batch, N_max, 6M + 3), and, with an encoder, `mean` and `log_var`, (batch, N_z).
    The code is drawn in training; else it is the mean.
    """

    def __init__(
        self,
        max_length,
        encoder_units,
        decoder_units,
        latent_dim,
        num_mixtures,
        *,
        code="encoder",
        num_classes=0,
        encoder_cell="lstm",
        decoder_cell="lstm",
        cell_options=None,
        keep=1.0,
        kl_weight=1.0,
        kl_floor=0.0,
        kl_start=0.01,
        kl_rate=0.0,
        scale=1.0,
        seed=0,
        **options,
    ):
        super().__init__(**options)
        if code not in CODES:
            raise unknown("code", code, CODES)
        self.arguments = {
            "max_length": max_length,
            "encoder_units": encoder_units,
            "decoder_units": decoder_units,
            "latent_dim": latent_dim,
            "num_mixtures": num_mixtures,
            "code": code,
            "num_classes": num_classes,
            "encoder_cell": encoder_cell,
            "decoder_cell": decoder_cell,
            "cell_options": cell_options,
            "keep": keep,
            "kl_weight": kl_weight,
            "kl_floor": kl_floor,
            "kl_start": kl_start,
            "kl_rate": kl_rate,
            "scale": scale,
            "seed": seed,
        }
        self.draws = keras.random.SeedGenerator(seed)
        self._make_encoder()
        self._make_decoder()
        parts = ("reconstruction", "kl") if code == "encoder" else ("reconstruction",)
        self.parts = [keras.metrics.Mean(name=name) for name in parts]

    def _make_encoder(self):
        given = self.arguments
        if given["code"] != "encoder":
            return
        self.encoders = [
            PenRecurrence(
                given["encoder_cell"],
                given["encoder_units"],
                keep=given["keep"],
                backwards=backwards,
                seed=given["seed"] + 1 + backwards,
                name="backwards" if backwards else "forwards",
            )
            for backwards in (False, True)
        ]
        self.to_mean = _small_dense(given["latent_dim"], "mean")
        self.to_log_var = _small_dense(given["latent_dim"], "log_var")

    def _make_decoder(self):
        given = self.arguments
        self.decoder = PenRecurrence(
            given["decoder_cell"],
            given["decoder_units"],
            keep=given["keep"],
            seed=given["seed"] + 3,
            cell_options=given["cell_options"],
            name="decoder",
        )
        sizes = self.decoder.cell.state_sizes
        self.to_state = None
        if given["code"] != "none":
            self.to_state = _small_dense(sum(sizes), "state", given["code"] != "start")
        count = 6 * given["num_mixtures"] + theory.NUM_STATES
        self.to_numbers = layers.Dense(count, name="numbers")

    @property
    def code_size(self):
        """Numbers that the decoder is told; 0 where it is told nothing."""
        told = {"encoder": "latent_dim", "class": "num_classes"}
        name = told.get(self.arguments["code"])
        return self.arguments[name] if name else 0

    def build(self, input_shape):
        """Create every weight; the input has N_max rows."""
        given = self.arguments
        if given["code"] == "encoder":
            for encoder in self.encoders:
                encoder.build((None, given["max_length"], 5))
            for dense in (self.to_mean, self.to_log_var):
                dense.build((None, 2 * given["encoder_units"]))
        self.decoder.build((None, given["max_length"], 5 + self.code_size))
        if self.to_state is not None:
            self.to_state.build((None, max(1, self.code_size)))
        self.to_numbers.build((None, None, given["decoder_units"]))
        self.built = True

    def call(self, inputs, training=False):
        """Numbers of every step, reading the true drawing; and the code's."""
        rows = self._checked(inputs)
        code, found = None, {}
        if self.arguments["code"] == "encoder":
            found["mean"], found["log_var"] = self.encode(rows, training)
            code = found["mean"]
            if training:
                noise = keras.random.normal(
                    ops.shape(code), dtype=code.dtype, seed=self.draws
                )
                code = code + ops.exp(0.5 * found["log_var"]) * noise
        elif self.arguments["code"] == "class":
            code = rows[:, 0, 5:]
        found["numbers"] = self.decode(rows[..., :5], code, training)
        return found

    def _checked(self, inputs):
        columns = 5 + (self.code_size if self.arguments["code"] == "class" else 0)
        shape = (self.arguments["max_length"], columns)
        if len(inputs.shape) != 3 or tuple(inputs.shape[1:]) != shape:
            raise UserError(
                f"drawings have shape {tuple(inputs.shape)}. Allowed: (batch, "
                f"{shape[0]}, {shape[1]}), stroke-5 rows."
            )
        return ops.cast(inputs, self.compute_dtype)

    def encode(self, rows, training=False):
        r"""$\mu$ and $\hat\sigma$ of drawings, (batch, N_z) each.

        Args:
            rows: stroke-5, shape (batch, N_max, 5).
            training: whether dropout is on.
        """
        real = rows[..., 4] < 0.5
        ends = [
            encoder(rows, mask=real, training=training)[1][0]
            for encoder in self.encoders
        ]
        hidden = ops.concatenate(ends, axis=-1)  # (batch, 2 * encoder_units)
        return self.to_mean(hidden), self.to_log_var(hidden)

    def decode(self, rows, code=None, training=False):
        """Numbers of every step, shape (batch, N_max, 6M + 3).

        Args:
            rows: stroke-5 to read, shape (batch, N_max, 5).
            code: shape (batch, code_size), or None where there is none.
            training: whether dropout is on.
        """
        rows = ops.convert_to_tensor(rows)
        start = ops.cast(ops.convert_to_tensor([[strokes.START]]), rows.dtype)
        start = ops.tile(start, (ops.shape(rows)[0], 1, 1))
        before = ops.concatenate([start, rows[:, :-1]], axis=1)
        if self.code_size:
            told = ops.repeat(code[:, None], self.arguments["max_length"], axis=1)
            before = ops.concatenate([before, ops.cast(told, rows.dtype)], axis=-1)
        state = self.first_state(ops.shape(rows)[0], code)
        outputs, _ = self.decoder(before, state=state, training=training)
        return self.to_numbers(outputs)

    def first_state(self, batch, code=None):
        """The decoder's first state: zeros, learned, or a function of the code."""
        if self.to_state is None:
            return self.decoder.first_state(batch)
        if not self.code_size:
            code = ops.ones((batch, 1))  # learned: a row of weights, no bias
        flat = ops.tanh(self.to_state(code))
        sizes = self.decoder.cell.state_sizes
        places = [sum(sizes[: i + 1]) for i in range(len(sizes) - 1)]
        return tuple(ops.split(flat, places, axis=-1))

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """$L_R$ plus the weighted divergence, in float32; notes both parts."""
        rows = ops.cast(x, "float32")[..., :5]
        step = theory.step_of(
            ops.cast(y_pred["numbers"], "float32"), self.arguments["num_mixtures"]
        )
        reconstruction = theory.reconstruction_loss(step, rows)
        self.parts[0].update_state(reconstruction)
        loss = runtime.batch_loss(reconstruction, sample_weight)
        if self.arguments["code"] != "encoder":
            return loss
        mean, log_var = (ops.cast(y_pred[n], "float32") for n in ("mean", "log_var"))
        kl = theory.kl_loss(mean, log_var)
        self.parts[1].update_state(kl)
        return loss + self._kl_term(runtime.batch_loss(kl, sample_weight))

    def _kl_term(self, kl):
        given = self.arguments
        updates = ops.cast(self.optimizer.iterations, "float32")
        eta = theory.annealed(updates, given["kl_start"], given["kl_rate"])
        return theory.kl_term(kl, given["kl_weight"], given["kl_floor"], eta)

    def generate(self, count=None, code=None, temperature=1.0, **options):
        """Draw in one compiled loop, see `sampling.generate`."""
        return sampling.generate(self, count, code, temperature, **options)

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self.arguments}


def _small_dense(units, name, use_bias=True):
    initializer = keras.initializers.RandomNormal(0, _SMALL)
    return layers.Dense(
        units, use_bias=use_bias, kernel_initializer=initializer, name=name
    )
