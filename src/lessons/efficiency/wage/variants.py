"""What `wage` compares, as data: bit widths, rounding, baselines in real numbers."""

import dataclasses

from lessons.toolkit import variants


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One way to train.

    Attributes:
        bits: of weights, activations, gradients and errors; None for real numbers.
        rounding: of the weights' steps, see `optimizer.ROUNDINGS`.
        rate_shift: the rate is 2 to this power times the configuration's rate, of
            the store or of real numbers.
        gamma: of the errors' window.
        momentum: of Keras's SGD, which trains where it is given; else `IntegerSGD`.
        batch_norm: whether there is batch normalisation.
        loss: "squared" or "softmax".
        only_last: whether only the last layer learns.
    """

    bits: tuple[int | None, ...] = (2, 8, 8, 8)
    rounding: str = "stochastic"
    rate_shift: int = 0
    gamma: float = 1.0
    momentum: float | None = None
    batch_norm: bool = False
    loss: str = "squared"
    only_last: bool = False


_REAL = (None, None, None, None)
_FORWARD = (2, 8, None, None)  # "28ff" in the paper

VARIANTS = {
    "wage": Variant(label="2-8-8-8"),
    "unrounded": Variant(label="unrounded steps", color="sky", rounding="none"),
    "nearest": Variant(
        label="nearest rounding", color="orange", line="--", rounding="nearest"
    ),
    "nearest_slow": Variant(
        label="nearest, rate/8",
        color="orange",
        line=":",
        rounding="nearest",
        rate_shift=-3,
    ),
    "slow": Variant(label="rate/8", color="sky", line=":", rate_shift=-3),
    "last_layer": Variant(
        label="last layer only", color="grey", line="--", only_last=True
    ),
    # Rates of the baselines: the best of two or three for the split of seed 100; only
    # one was tried for `vanilla`.
    "w2a8": Variant(
        label="2-8-real-real",
        color="pink",
        bits=_FORWARD,
        momentum=0.9,
        rate_shift=4,
    ),
    "w2a8_bn": Variant(
        label="2-8-real-real, BN",
        color="pink",
        line="--",
        bits=_FORWARD,
        momentum=0.9,
        rate_shift=4,
        batch_norm=True,
        loss="softmax",
    ),
    "float": Variant(
        label="real, no momentum", color="amber", bits=_REAL, momentum=0.0, rate_shift=1
    ),
    "float_momentum": Variant(
        label="real, momentum", color="green", bits=_REAL, momentum=0.9
    ),
    "vanilla": Variant(
        label="real, momentum, BN",
        color="green",
        line="--",
        bits=_REAL,
        momentum=0.9,
        batch_norm=True,
        loss="softmax",
    ),
    # The study of gradient bits: the paper halves the rate with each bit taken away.
    "g2": Variant(label="k_G = 2", bits=(2, 8, 2, 8), rate_shift=-6),
    "g4": Variant(label="k_G = 4", bits=(2, 8, 4, 8), rate_shift=-4),
    "g6": Variant(label="k_G = 6", bits=(2, 8, 6, 8), rate_shift=-2),
    "g10": Variant(label="k_G = 10", bits=(2, 8, 10, 8), rate_shift=2),
    "g2_fast": Variant(label="k_G = 2, full rate", color="orange", bits=(2, 8, 2, 8)),
    "g8_slow": Variant(label="k_G = 8, rate/64", color="orange", rate_shift=-6),
    # The study of errors: fewer bits, and a window that moves down.
    "e2": Variant(label="k_E = 2", color="pink", bits=(2, 8, 8, 2)),
    "e4": Variant(label="k_E = 4", color="pink", bits=(2, 8, 8, 4)),
    "gamma2": Variant(label="γ = 2", color="amber", gamma=2.0),
    "gamma8": Variant(label="γ = 8", color="amber", gamma=8.0),
}
