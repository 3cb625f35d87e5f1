"""What `msdnet` compares, as data: networks with exits of about the same full cost."""

import dataclasses

from lessons.toolkit import variants


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One network, or several.

    Attributes:
        scales: whether it has the configuration's scales; else one, whose maps are
            halved after each exit but the last.
        dense: whether maps are concatenated; else they are added.
        final_only: whether the last classifier is the only one.
        members: independent networks with a classifier each, evaluated one after the
            other, whose probabilities are averaged; 0 for one network.
        matched: whether its width is adapted so that its last exit costs about as much
            as the grid's.
        timed: whether lazy evaluation is held against the clock, and a linear model
            of the pixels beside it.
    """

    scales: bool = True
    dense: bool = True
    final_only: bool = False
    members: int = 0
    matched: bool = False
    timed: bool = False


VARIANTS = {
    "msdnet": Variant(label="MSDNet", marker="o", timed=True),
    "final_only": Variant(
        label="MSDNet, last classifier only", color="sky", marker="s", final_only=True
    ),
    "not_dense": Variant(
        label="grid, maps added", color="green", marker="^", dense=False, matched=True
    ),
    "one_scale": Variant(
        label="one scale, dense",
        color="orange",
        marker="v",
        scales=False,
        matched=True,
    ),
    "chain": Variant(
        label="one scale, maps added",
        color="pink",
        marker="D",
        scales=False,
        dense=False,
        matched=True,
    ),
    "ensemble": Variant(
        label="ensemble of three",
        color="grey",
        marker="x",
        scales=False,
        dense=False,
        members=3,
        matched=True,
    ),
}
