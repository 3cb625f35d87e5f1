"""What `waveform_rnn` compares, as data: what the network reads while it trains."""

import dataclasses

from lessons.toolkit import variants

FEEDINGS = ("truth", "mixture", "sampled", "noise")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One way to train.

    Attributes:
        feeding: what the network reads beyond the first window, one of `FEEDINGS`: the
            truth; alpha times it plus (1 - alpha) times the network's predictions; one
            or the other for each sample, by chance (scheduled sampling); the truth
            with noise of standard deviation (1 - alpha) times the configuration's.
        floor: least alpha.
        decay: whether the rate falls with alpha.
        through: whether the gradient flows through the predictions that were fed.
        clip: whether the gradient's norm is limited.
        momentum: of SGD.
    """

    feeding: str = "mixture"
    floor: float = 0.5
    decay: bool = True
    through: bool = True
    clip: bool = True
    momentum: float = 0.0


def _remedy(label, color, **fields):
    """C without any remedy, but for the fields given."""
    return Variant(
        label=label,
        color=color,
        **{"floor": 0.0, "decay": False, "clip": False} | fields,
    )


VARIANTS = {
    "teacher": Variant(
        label="A: truth", color="blue", feeding="truth", floor=1.0, decay=False
    ),
    "mixed": Variant(label="B: mixture to 1/2", color="green"),
    "free": Variant(label="C: mixture to 0", color="orange", floor=0.0),
    "sampled": Variant(
        label="scheduled sampling", color="pink", feeding="sampled", through=False
    ),
    # Is it the predictions? The same rate, or noise, with none of them fed.
    "decayed": Variant(
        label="A, B's rate", color="sky", line="--", feeding="truth", decay=True
    ),
    "noise": Variant(label="A, noise on input", color="sky", feeding="noise"),
    # Is it the gradient through them?
    "mixed_cut": Variant(
        label="B, gradient cut", color="green", line="--", through=False
    ),
    "free_cut": Variant(
        label="C, gradient cut", color="orange", line="--", floor=0.0, through=False
    ),
    # The seed's remedies with its plain gradient descent: C as it fails, each remedy
    # alone, all of them; and A, which is fed nothing back.
    "momentum": _remedy("C, momentum 0.9", "orange", momentum=0.9),
    "momentum_clip": _remedy("clipped", "sky", momentum=0.9, clip=True),
    "momentum_floor": _remedy("floor 1/2", "green", momentum=0.9, floor=0.5),
    "momentum_decay": _remedy("rate decays", "pink", momentum=0.9, decay=True),
    "plain": _remedy("no momentum", "amber"),
    "all": _remedy("all four", "black", floor=0.5, decay=True, clip=True),
    "momentum_truth": _remedy(
        "A, momentum 0.9", "blue", momentum=0.9, feeding="truth", floor=1.0
    ),
    "plain_truth": _remedy(
        "A, no momentum", "blue", line="--", feeding="truth", floor=1.0
    ),
}
