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
    # The seed's remedies: none of them, each alone, all; and where nothing is fed back.
    "none": Variant(
        label="C, no remedy", color="orange", floor=0.0, decay=False, clip=False
    ),
    "only_floor": Variant(
        label="floor 1/2 only", color="green", decay=False, clip=False
    ),
    "only_decay": Variant(label="decay only", color="pink", floor=0.0, clip=False),
    "only_clip": Variant(label="clipping only", color="sky", floor=0.0, decay=False),
    "all": Variant(label="all three", color="blue"),
    "momentum": Variant(
        label="C, momentum 0.9",
        color="amber",
        floor=0.0,
        decay=False,
        clip=False,
        momentum=0.9,
    ),
    "all_momentum": Variant(
        label="all three, momentum 0.9", color="amber", line="--", momentum=0.9
    ),
    "teacher_plain": Variant(
        label="A, no remedy",
        color="grey",
        feeding="truth",
        floor=1.0,
        decay=False,
        clip=False,
    ),
    "teacher_momentum": Variant(
        label="A, momentum 0.9",
        color="grey",
        line="--",
        feeding="truth",
        floor=1.0,
        decay=False,
        clip=False,
        momentum=0.9,
    ),
}
