r"""The WaveNet autoencoder: an encoder that sees all, a decoder that sees the past.

Encoder: $e \leftarrow e + C_1 \mathrm{relu}(C_{3,d}\, \mathrm{relu}(e))$, then 16
(here 4) channels, averaged over `hop` samples. Decoder: $a = C_{3,d} h + \mathrm{up}(V
Z)$, $g = \sigma(a_1) \tanh(a_2)$, $h \leftarrow h + R g$, $s \leftarrow s + S g$, and
logits from $s$. R of the last layer would be read by nothing, so it is left out.
"""

import keras
from keras import layers, ops

from lessons.sequences.wavenet_autoencoder import theory
from lessons.sequences.wavenet_autoencoder.layers import DilatedConv, add_frames, gated
from lessons.sequences.wavenet_autoencoder.variants import CODES
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError, unknown

NUM_PITCHES = 128  # of MIDI


@keras.saving.register_keras_serializable("lessons")
class WaveNetEncoder(layers.Layer):
    """Codes of a waveform: (batch, time, 1) to (batch, time / hop, code_dim).

    Args:
        width: channels.
        rates: dilations, one for each layer.
        code_dim: channels of the code.
        hop: samples of a frame.
        causal: whether a code knows only what lies before its frame: the convolutions
            see the past, and the mean of a frame serves the frame after it.
    """

    def __init__(self, width, rates, code_dim, hop, causal=False, **options):
        super().__init__(**options)
        self.arguments = {
            "width": width,
            "rates": tuple(rates),
            "code_dim": code_dim,
            "hop": hop,
            "causal": causal,
        }
        self.start = DilatedConv(width, causal=causal, name="start")
        self.convs = [
            DilatedConv(width, 3, rate, causal, name=f"conv_{i}")
            for i, rate in enumerate(rates)
        ]
        self.mixes = [layers.Dense(width, name=f"mix_{i}") for i in range(len(rates))]
        self.out = layers.Dense(code_dim, name="code")

    def build(self, input_shape):
        """Create all weights."""
        width = self.arguments["width"]
        self.start.build((None, None, 1))
        for layer in (*self.convs, *self.mixes, self.out):
            layer.build((None, None, width))
        self.built = True

    def call(self, x):
        """The codes."""
        codes = self.pooled(self.features(x))
        return theory.shift_right(codes) if self.arguments["causal"] else codes

    def features(self, x):
        """Before the average: shape (batch, time, code_dim)."""
        e = self.start(x)
        for conv, mix in zip(self.convs, self.mixes, strict=True):
            e = e + mix(ops.relu(conv(ops.relu(e))))  # (batch, time, width)
        return self.out(e)

    def pooled(self, features):
        """The mean over each frame."""
        hop = self.arguments["hop"]
        shape = (-1, features.shape[1] // hop, hop, features.shape[2])
        return ops.mean(ops.reshape(features, shape), axis=2)

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self.arguments}


@keras.saving.register_keras_serializable("lessons")
class WaveNetDecoder(layers.Layer):
    """Logits of every sample from those before it and a code.

    Args:
        width: R, channels of the residual path.
        skip: S, channels of the skip path.
        rates: dilations, one for each layer.
        code_dim: channels of the condition; 0 for none.

    Call with inputs (batch, time, 1), not yet shifted, and a condition (batch, frames,
    code_dim) or None; returns (batch, time, 256).
    """

    def __init__(self, width, skip, rates, code_dim, **options):
        super().__init__(**options)
        self.arguments = {
            "width": width,
            "skip": skip,
            "rates": tuple(rates),
            "code_dim": code_dim,
        }
        count, last = len(rates), len(rates) - 1
        self.start = DilatedConv(width, name="start")
        self.skip_start = layers.Dense(skip, name="skip_start")
        self.convs = [
            DilatedConv(2 * width, 3, rate, name=f"conv_{i}")
            for i, rate in enumerate(rates)
        ]
        # One product for both paths: skip channels, then residual ones.
        self.mixes = [
            layers.Dense(skip + (width if i < last else 0), name=f"mix_{i}")
            for i in range(count)
        ]
        self.hidden = layers.Dense(skip, name="hidden")
        self.logits = layers.Dense(theory.NUM_CLASSES, name="logits", dtype="float32")
        self.conditions = []
        if code_dim:
            sizes = [2 * width] * count + [skip]
            self.conditions = [
                layers.Dense(n, name=f"condition_{i}") for i, n in enumerate(sizes)
            ]

    def build(self, input_shape):
        """Create all weights."""
        width, skip = self.arguments["width"], self.arguments["skip"]
        self.start.build((None, None, 1))
        for layer in (self.skip_start, *self.convs, *self.mixes):
            layer.build((None, None, width))
        self.hidden.build((None, None, skip))
        self.logits.build((None, None, skip))
        for layer in self.conditions:
            layer.build((None, None, self.arguments["code_dim"]))
        self.built = True

    def call(self, x, condition=None):
        """The logits."""
        biases = self.biases(condition)
        h = self.start(theory.shift_right(x))  # (batch, time, R)
        s = self.skip_start(h)
        for conv, mix, bias in zip(self.convs, self.mixes, biases[:-1], strict=True):
            a = conv(h) if bias is None else add_frames(conv(h), bias)
            h, s = self.joined(h, s, mix(gated(a)))
        s = self.hidden(ops.relu(s))
        if biases[-1] is not None:
            s = add_frames(s, biases[-1])
        return self.logits(ops.relu(s))

    def joined(self, h, s, mixed):
        """Both paths with what a layer adds: its skip channels come first."""
        skip = self.arguments["skip"]
        s = s + mixed[..., :skip]
        return (h + mixed[..., skip:] if mixed.shape[-1] > skip else h), s

    def biases(self, condition):
        """What the condition adds in each layer, computed once a frame.

        Args:
            condition: shape (batch, frames, code_dim), or None.

        Returns:
            A list, one entry for each layer and one for the end, of shape (batch,
            frames, channels) or None.
        """
        if not self.conditions:
            return [None] * (len(self.convs) + 1)
        return [layer(condition) for layer in self.conditions]

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self.arguments}


@keras.saving.register_keras_serializable("lessons")
class WaveNetAutoencoder(keras.Model):
    """Encoder and decoder, trained on the likelihood of the next sample.

    Args:
        encoder, decoder: arguments of `WaveNetEncoder` and `WaveNetDecoder`, without
            the decoder's `code_dim`.
        code: where codes come from, one of `variants.CODES`.
        pitch_dim: width of the pitch's embedding; 0 if the decoder is not told it.

    Input: whole numbers of shape (batch, 1 + time), in each row the MIDI pitch of a
    note and the classes of its samples; time is a multiple of the hop. Output: logits
    (batch, time, 256).
    """

    def __init__(self, encoder, decoder, *, code="learned", pitch_dim=0, **options):
        super().__init__(**options)
        if code not in CODES:
            raise unknown("code", code, CODES)
        self.arguments = {
            "encoder": dict(encoder),
            "decoder": dict(decoder),
            "code": code,
            "pitch_dim": pitch_dim,
        }
        self.hop, self.code = encoder["hop"], code
        self.encoder = self.embedding = None
        size = {"none": 0, "level": 1}.get(code, encoder["code_dim"])
        if code in ("learned", "causal"):
            self.encoder = WaveNetEncoder(
                **encoder, causal=code == "causal", name="encoder"
            )
        if pitch_dim:
            self.embedding = layers.Embedding(NUM_PITCHES, pitch_dim, name="pitch")
        self.decoder = WaveNetDecoder(
            **decoder, code_dim=size + pitch_dim, name="decoder"
        )

    def build(self, input_shape):
        """Create all weights."""
        for layer in (self.encoder, self.decoder):
            if layer is not None:
                layer.build((None, None, 1))
        if self.embedding is not None:
            self.embedding.build((None,))
        self.length = input_shape[1]
        self.built = True

    def export(self, filepath, format="tf_saved_model", **options):
        """Export as Keras does, for notes of the length that it was built for."""
        notes = keras.InputSpec(shape=(None, self.length), dtype="int32")
        options.setdefault("input_signature", [notes])
        return super().export(filepath, format, **options)

    def split(self, notes):
        """Pitches, inputs, classes: shapes (batch,), (batch, time), (batch, time)."""
        if len(notes.shape) != 2 or (notes.shape[1] - 1) % self.hop:
            raise UserError(
                f"notes have shape {tuple(notes.shape)}. Allowed: (batch, 1 + time), a "
                f"pitch and then samples, time a multiple of hop={self.hop}."
            )
        notes = ops.cast(notes, "int32")
        classes = notes[:, 1:]
        inputs = (ops.cast(classes, "float32") - theory.HALF) / theory.HALF
        return notes[:, 0], ops.cast(inputs, self.compute_dtype), classes

    def encode(self, notes):
        """Codes of notes, shape (batch, frames, channels); None without a code."""
        _, inputs, _ = self.split(notes)
        if self.code == "none":
            return None
        if self.code == "level":
            return theory.frame_levels(inputs, self.hop)
        return self.encoder(inputs[..., None])

    def condition(self, code, pitches, frames):
        """What the decoder is told: the code, the pitch, both, or None.

        Args:
            code: shape (batch, frames, channels), or None.
            pitches: MIDI, shape (batch,).
            frames: how many.
        """
        parts = [] if code is None else [code]
        if self.embedding is not None:
            vector = ops.repeat(self.embedding(pitches)[:, None], frames, axis=1)
            parts.append(ops.cast(vector, self.compute_dtype))
        return ops.concatenate(parts, axis=-1) if parts else None

    def decode(self, notes, code):
        """Logits of notes under any code, such as another note's."""
        pitches, inputs, _ = self.split(notes)
        frames = inputs.shape[1] // self.hop
        condition = self.condition(code, pitches, frames)
        return self.decoder(inputs[..., None], condition)

    def call(self, notes, training=False):
        """Logits of notes under their own codes."""
        return self.decode(notes, self.encode(notes))

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """Cross-entropy in nats a sample."""
        losses = theory.cross_entropy(y_pred, self.split(x)[2])
        return runtime.batch_loss(losses, sample_weight)

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self.arguments}
