"""What `sketch_rnn` compares, as data: how much a code may say, who is told what."""

import dataclasses

from lessons.toolkit import variants

# What the decoder is told: a code from the encoder; the class; nothing; nothing, but
# its first state is learned.
CODES = ("encoder", "class", "none", "start")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One model.

    Attributes:
        code: what the decoder is told, one of `CODES`.
        kl_weight: $w_{KL}$; it only matters with an encoder.
        kl_floor: $KL_{min}$; None leaves it to the configuration.
        cell: of encoder and decoder; "" leaves them to the configuration.
    """

    code: str = "encoder"
    kl_weight: float = 1.0
    kl_floor: float | None = None
    cell: str = ""


VARIANTS = {
    "weight_1": Variant(label="w = 1", color="blue", kl_weight=1.0),
    "weight_half": Variant(label="w = 0.5", color="pink", kl_weight=0.5),
    "weight_quarter": Variant(label="w = 0.25", color="sky", kl_weight=0.25),
    "weight_tenth": Variant(label="w = 0.1", color="green", kl_weight=0.1),
    "weight_small": Variant(label="w = 0.02", color="orange", kl_weight=0.02),
    "decoder_only": Variant(label="decoder only", color="black", code="none"),
    # Is it the code? The class alone, or a first state that is learned.
    "class_only": Variant(label="told the class", color="sky", code="class"),
    "learned_start": Variant(
        label="decoder only, learned start", color="grey", line="--", code="start"
    ),
    # Is it the floor?
    "no_floor": Variant(label="w = 1, no floor", color="blue", line="--", kl_floor=0.0),
    "high_floor": Variant(
        label="w = 1, floor 0.2", color="blue", line=":", kl_floor=0.2
    ),
    # The cells, at w = 0.02.
    "layer_norm": Variant(
        label="layer norm", color="amber", kl_weight=0.02, cell="layer_norm"
    ),
    "hyper_alone": Variant(
        label="HyperLSTM, decoder only", color="grey", code="none", cell="hyper"
    ),
    "hyper": Variant(label="HyperLSTM", color="grey", kl_weight=0.02, cell="hyper"),
}
