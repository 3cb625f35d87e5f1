"""What `vrnn` compares, as data: output, latent variables, and what is cut."""

import dataclasses

from lessons.toolkit import variants

OUTPUTS = ("gauss", "gmm", "full", "full_gmm")
LATENTS = ("none", "standard", "learned")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One model and one way to train it.

    Attributes:
        output: of a frame, one of `OUTPUTS`: diagonal Gaussian, mixture of such, a
            Gaussian with a full covariance, or a mixture of such. Pen strokes have one
            bivariate Gaussian or a mixture of them, text has symbols, whatever it says.
        latents: "none" is the ordinary RNN, "standard" the prior N(0, I) of VRNN-I,
            "learned" the prior of the VRNN, which reads the state.
        memory: whether the four networks see the state; else they see zeros.
        decoder_sees: which of "h" and "z" the decoder sees.
        components: of a mixture; None for the configuration's number.
        norm: batch normalisation in the features of x and in the decoder (the seed's
            idea, not in the paper).
        stream: how a stream of sequences is used (the seed's idea, not in the paper):
            "fixed" is no stream but a data set, seen every epoch; "once"; "replay"
            with draws from a buffer; "repeat" with the fresh batch again instead.
        rate_factor: learning rate over the configuration's.
    """

    output: str = "gauss"
    latents: str = "learned"
    memory: bool = True
    decoder_sees: tuple[str, ...] = ("h", "z")
    components: int | None = None
    norm: bool = False
    stream: str = "fixed"
    rate_factor: float = 1.0


VARIANTS = {
    "rnn_gauss": Variant(label="RNN-Gauss", color="sky", latents="none"),
    "rnn_gmm": Variant(
        label="RNN-GMM", color="amber", output="gmm", latents="none", marker="s"
    ),
    "rnn_full": Variant(
        label="RNN-FullGauss", color="orange", output="full", latents="none"
    ),
    "vrnn_gauss": Variant(label="VRNN-Gauss", color="blue"),
    "vrnn_gmm": Variant(label="VRNN-GMM", color="green", output="gmm"),
    "vrnn_i": Variant(label="VRNN-I-Gauss", color="pink", latents="standard"),
    # What the VRNN has, taken away.
    "no_memory": Variant(label="VRNN, h := 0", color="black", memory=False),
    "no_z": Variant(label="VRNN, z := 0", color="grey", decoder_sees=("h",)),
    # Rivals of "latent variables do it": components that follow a ring, or many.
    "rnn_full_gmm": Variant(
        label="RNN-FullGMM", color="orange", output="full_gmm", latents="none",
        marker="s",
    ),
    "rnn_gmm200": Variant(
        label="RNN-GMM, K=200", color="amber", output="gmm", latents="none",
        components=200, line="--",
    ),
    "vrnn_norm": Variant(label="VRNN, batch norm", color="blue", norm=True, line="--"),
    # Where the past says what z is: the prior alone may know it.
    "vrnn_cut": Variant(
        label="VRNN, decoder without h", color="blue", decoder_sees=("z",), line="--"
    ),
    "vrnn_i_cut": Variant(
        label="VRNN-I, decoder without h", color="pink", latents="standard",
        decoder_sees=("z",), line="--",
    ),
    # The seed's replay buffer, and its rivals.
    "once": Variant(label="stream, once", color="grey", stream="once"),
    "replay": Variant(label="stream, 3 replays", color="green", stream="replay"),
    "repeat": Variant(label="stream, each 4 times", color="orange", stream="repeat"),
    "once_fast": Variant(
        label="stream, once, rate x 4", color="black", stream="once", rate_factor=4.0
    ),
}  # fmt: skip
