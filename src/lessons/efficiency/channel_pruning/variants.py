"""What `channel_pruning` compares, as data: penalties, cuts, baselines."""

import dataclasses

from lessons.toolkit import variants

PENALTIES = ("none", "ista", "loss")
CUTS = ("none", "zeros", "threshold", "random", "norm", "gamma")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One way to a network: train, cut, fine-tune.

    Attributes:
        penalty: on the gates while training, one of `PENALTIES`: "ista" shrinks after
            each step, "loss" adds the same sum to the loss.
        rho: factor of the configuration's `rho`.
        alpha: the gates are scaled by it while they are trained.
        cut: which channels go, one of `CUTS`: those whose gate is 0, or within
            two thresholds of 0; or all but as many as `like` keeps, drawn at random or
            with the greatest L1 norms of filters or the greatest gates.
        like: the variant whose numbers of channels this one has or is compared with.
        source: the variant whose trained network is cut; "" trains one.
        start: the variant whose finished network is trained further; "" begins anew.
        rounds: how often the configuration's epochs the first training, before the
            cut, takes; 0 for none.
        small: whether the network has the size of `like` from the start.
    """

    penalty: str = "none"
    rho: float = 1.0
    alpha: float = 1.0
    cut: str = "none"
    like: str = ""
    source: str = ""
    start: str = ""
    rounds: int = 1
    small: bool = False


def _ista(label, **fields):
    return Variant(label=label, penalty="ista", cut="zeros", **fields)


def _cut_dense(label, cut, **fields):
    return Variant(label=label, cut=cut, like="ista", source="dense", **fields)


def _scratch(label, **fields):
    return Variant(label=label, color="green", small=True, **fields)


VARIANTS = {
    "dense": Variant(label="all channels", color="grey"),
    "ista": _ista("ISTA"),
    "subgradient": Variant(
        label="penalty in the loss",
        color="orange",
        penalty="loss",
        cut="threshold",
        like="ista",
    ),
    "random": _cut_dense("cut at random", "random", color="pink"),
    "norm": _cut_dense("cut by norm", "norm", color="pink", line="--"),
    "gamma": _cut_dense("cut by gate", "gamma", color="pink", line=":"),
    "scratch": _scratch("small from scratch", like="ista"),
    "short": Variant(
        label="small, fine-tuned only",
        color="green",
        line=":",
        like="ista",
        small=True,
        rounds=0,
    ),
    # Is it the budget? Four times the first training.
    "scratch_long": _scratch("from scratch, longer", like="ista", line="--", rounds=4),
    # The study of rho, and a small network of each size from scratch.
    "rho_02": _ista("ρ/5", color="sky", rho=0.2),
    "rho_2": _ista("2ρ", color="sky", rho=2.0),
    "rho_4": _ista("4ρ", color="sky", rho=4.0),
    "scratch_2": _scratch("as 2ρ, from scratch", like="rho_2"),
    "scratch_4": _scratch("as 4ρ, from scratch", like="rho_4"),
    # The paper's models A, B and C: each begins where the one before ended.
    "a": _ista("A: ρ/2", color="blue", rho=0.5),
    "b": _ista("B: ρ, from A", color="sky", start="a"),
    "c": _ista("C: 4ρ, from B", color="amber", rho=4.0, start="b"),
    "scratch_a": _scratch("as A, from scratch", like="a"),
    "scratch_c": _scratch("as C, from scratch", like="c", rounds=3),
    # The study of alpha: a trained network is pruned at a small rate.
    "alpha_1": _ista("α = 1", color="blue", start="dense"),
    "alpha_01": _ista("α = 0.1", color="green", start="dense", alpha=0.1),
}
