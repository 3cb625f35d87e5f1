"""What `wavenet_autoencoder` compares, as data."""

import dataclasses

from lessons.toolkit import variants

CODES = ("learned", "causal", "level", "none")
WEIGHTINGS = ("low", "flat", "high")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One autoencoder, or one rival of it.

    Attributes:
        spectral: whether it is the spectral baseline, not a WaveNet.
        code: where a WaveNet's code comes from, one of `CODES`: a learned encoder that
            sees both sides, one that sees the past only, the level of each frame
            (nothing learned), or there is no code.
        pitch: whether the decoder is told the pitch.
        weighting: which frequencies the spectral loss weighs more, of `WEIGHTINGS`.
    """

    spectral: bool = False
    code: str = "learned"
    pitch: bool = False
    weighting: str = "low"


VARIANTS = {
    "autoencoder": Variant(label="WaveNet autoencoder", color="blue"),
    "pitched": Variant(label="WaveNet, pitch given", color="sky", pitch=True),
    "unconditional": Variant(label="WaveNet, no code", color="orange", code="none"),
    "causal": Variant(label="WaveNet, causal code", color="green", code="causal"),
    "level": Variant(label="WaveNet, level as code", color="pink", code="level"),
    "spectral": Variant(label="spectral", color="black", spectral=True),
    "spectral_pitched": Variant(
        label="spectral, pitch given",
        color="black",
        line="--",
        spectral=True,
        pitch=True,
    ),  # fmt: skip
    "flat": Variant(
        label="spectral, flat weights", color="amber", spectral=True, weighting="flat"
    ),
    "reversed": Variant(
        label="spectral, reversed", color="grey", spectral=True, weighting="high"
    ),
}
