"""What `one_shot_imitation` compares, as data."""

import dataclasses

from lessons.toolkit import variants

KINDS = ("reach", "stack", "clone")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One policy, and how it is trained.

    Attributes:
        kind: "reach", particles; "stack", blocks, one stage after the other; "clone",
            blocks with few pairs of demonstrations.
        reader: of particles, see `model_reach.KINDS`.
        units: of the part that reads demonstrations of particles, so that all three
            policies have about 11,300 weights.
        rate: of Adamax for particles, chosen on another seed.
        conditioning: of blocks: "full", "snapshot", "final" or "none".
        noise: whether the pairs' targets are moved by a noisy expert.
        extra: what doubles the few pairs: "" for nothing, "expert" for pairs of the
            expert, "dagger" for the states that the clone visits.
    """

    kind: str
    reader: str = ""
    units: int = 0
    rate: float = 0.0
    conditioning: str = "full"
    noise: bool = True
    extra: str = ""


def _clone(label, color, **settings):
    return Variant(label=label, color=color, kind="clone", **settings)


VARIANTS = {
    "full": Variant(label="full demonstration", color="blue", marker="o", kind="stack"),
    "snapshot": Variant(
        label="snapshots",
        color="green",
        marker="s",
        kind="stack",
        conditioning="snapshot",
    ),
    "final": Variant(
        label="final frame",
        color="orange",
        marker="^",
        kind="stack",
        conditioning="final",
    ),
    "blind": Variant(
        label="no demonstration",
        color="grey",
        marker="x",
        kind="stack",
        conditioning="none",
    ),
    "reach_plain": Variant(
        label="plain LSTM",
        color="grey",
        marker="s",
        kind="reach",
        reader="plain",
        units=40,
        rate=0.04,
    ),
    "reach_attention": Variant(
        label="LSTM with attention",
        color="blue",
        marker="o",
        kind="reach",
        reader="attention",
        units=46,
        rate=0.04,
    ),
    "reach_final": Variant(
        label="final frame with attention",
        color="orange",
        marker="^",
        kind="reach",
        reader="final",
        units=96,
        rate=0.04,
    ),
    "clone_clean": _clone("cloning, no noise", "grey", noise=False),
    "clone_more": _clone(
        "twice the pairs, no noise", "sky", noise=False, extra="expert"
    ),
    "clone_noisy": _clone("twice the pairs, noise", "green", extra="expert"),
    "clone_dagger": _clone("one DAGGER round", "pink", noise=False, extra="dagger"),
}

STACKING = ("full", "final", "blind")
REACHING = ("reach_plain", "reach_attention", "reach_final")
CLONING = ("clone_clean", "clone_more", "clone_noisy", "clone_dagger")
