"""What `crowding` compares, as data: pooling, contrast, training."""

import dataclasses

from lessons.toolkit import variants


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One network and what it is trained on.

    Attributes:
        layout: pooling over space, one of `theory.LAYOUTS`.
        pooling: pooling over scales, one of `theory.POOLINGS`; "single" sees one scale,
            the whole canvas.
        normalise: whether the crops are divided as `theory.area_normalised` says.
        crops: "exponential" or "linear" sides of the squares.
        chevron: how many scales see a point at most; 0 for all.
        flanked: whether it is trained on targets between two flankers.
        rounds: how often it gets the configuration's epochs.
    """

    layout: str = "end"
    pooling: str = "single"
    normalise: bool = False
    crops: str = "exponential"
    chevron: int = 0
    flanked: bool = False
    rounds: int = 1


VARIANTS = {
    "end": Variant(label="DCNN, pooled at the end", marker="o"),
    "progressive": Variant(
        label="DCNN, pooled progressively",
        color="sky",
        marker="s",
        layout="progressive",
    ),
    "none": Variant(
        label="DCNN, no total pooling", color="grey", marker="^", layout="none"
    ),
    "late": Variant(
        label="multi-scale, late", color="orange", marker="o", pooling="late"
    ),
    "late_normalised": Variant(
        label="multi-scale, late, normalised",
        color="amber",
        marker="s",
        pooling="late",
        normalise=True,
    ),
    "gradual": Variant(
        label="multi-scale, gradual", color="green", marker="D", pooling="gradual"
    ),
    # Three times the epochs: with as many as the others "early" has not learned its
    # task, and "late_long" is what it is to be compared with.
    "early": Variant(
        label="multi-scale, early, long",
        color="pink",
        marker="^",
        pooling="early",
        rounds=3,
    ),
    "late_long": Variant(
        label="multi-scale, late, long",
        color="orange",
        line="--",
        marker="s",
        pooling="late",
        rounds=3,
    ),
    "late_linear": Variant(
        label="multi-scale, late, linear crops",
        color="green",
        line="--",
        marker="s",
        pooling="late",
        crops="linear",
    ),
    "late_chevron": Variant(
        label="multi-scale, late, chevron of two",
        color="black",
        line="--",
        marker="D",
        pooling="late",
        chevron=2,
    ),
    # Trained on targets between two flankers.
    "end_flanked": Variant(
        label="DCNN, trained on xax", line="--", marker="o", flanked=True
    ),
    "late_flanked": Variant(
        label="multi-scale, trained on xax",
        color="orange",
        line="--",
        marker="o",
        pooling="late",
        flanked=True,
    ),
}
