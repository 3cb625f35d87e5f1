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
        like: the variant whose numbers of channels this one has.
        source: the variant whose trained network is cut; "" trains one.
        start: the variant whose finished network is trained further; "" begins anew.
        trained: whether there is a first training, before the cut.
        small: whether the network has the size of `like` from the start.
    """

    penalty: str = "none"
    rho: float = 1.0
    alpha: float = 1.0
    cut: str = "none"
    like: str = ""
    source: str = ""
    start: str = ""
    trained: bool = True
    small: bool = False


def _ista(label, **fields):
    return Variant(label=label, penalty="ista", cut="zeros", **fields)


def _cut_dense(label, cut, **fields):
    return Variant(label=label, cut=cut, like="ista", source="dense", **fields)


VARIANTS = {
    "dense": Variant(label="all channels", color="grey"),
    "ista": _ista("ISTA"),
    "subgradient": Variant(
        label="penalty in the loss",
        color="orange",
        penalty="loss",
        cut="threshold",
    ),
    "random": _cut_dense("cut at random", "random", color="pink"),
    "norm": _cut_dense("cut by norm", "norm", color="pink", line="--"),
    "gamma": _cut_dense("cut by gate", "gamma", color="pink", line=":"),
    "scratch": Variant(
        label="small from scratch", color="green", like="ista", small=True
    ),
    "short": Variant(
        label="small, fine-tuned only",
        color="green",
        line=":",
        like="ista",
        small=True,
        trained=False,
    ),
    # The study of rho, and a small network of each size from scratch.
    "rho_01": _ista("ρ/10", color="sky", rho=0.1),
    "rho_02": _ista("ρ/5", color="sky", rho=0.2),
    "rho_05": _ista("ρ/2", color="sky", rho=0.5),
    "rho_2": _ista("2ρ", color="sky", rho=2.0),
    "rho_4": _ista("4ρ", color="sky", rho=4.0),
    # The study of alpha: a trained network is pruned at a small rate.
    "alpha_1": _ista("α = 1", color="blue", start="dense"),
    "alpha_03": _ista("α = 0.3", color="sky", start="dense", alpha=0.3),
    "alpha_01": _ista("α = 0.1", color="green", start="dense", alpha=0.1),
    "alpha_003": _ista("α = 0.03", color="orange", start="dense", alpha=0.03),
    # The paper's models A, B and C: each begins where the one before ended.
    "a": _ista("A", color="blue", rho=0.5),
    "b": _ista("B", color="sky", start="a"),
    "c": _ista("C", color="amber", rho=3.0, start="b"),
}
