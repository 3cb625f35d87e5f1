"""What `variable_depth` compares, as data."""

import dataclasses

from lessons.toolkit import variants

GATINGS = ("cascade", "even", "last", "act")
STARTS = ("zero", "uniform", "random")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One network and its loss.

    Attributes:
        gating: "cascade" of gates; "even", no gates and equal weights; "last", the last
            layer's classifier only; "act", halting units.
        alpha: weight α of the prior on the gates.
        cost: weight λ of the expected depth.
        supervision: weight of the mean of the layers' own losses.
        ponder: weight τ of ACT's pondering.
        start: first weights of the gates: "zero" (π = 1/2), "uniform" (zero weights, a
            bias that gives each layer 1/L) or "random".
        easy: kind of the easy class that joins the digits, see `data.EASY`.
        shuffled: whether training labels of digits are permuted among digits.
    """

    gating: str = "cascade"
    alpha: float = 0.0
    cost: float = 0.0
    supervision: float = 0.0
    ponder: float = 0.0
    start: str = "zero"
    easy: str = "silence"
    shuffled: bool = False


def _cascade(label, color, **settings):
    return Variant(label=label, color=color, **settings)


VARIANTS = {
    "plain": Variant(
        label="last layer only",
        color="grey",
        marker="x",
        gating="last",
        supervision=1.0,
    ),
    "deep": Variant(
        label="no gates, loss at every layer",
        color="black",
        marker="s",
        gating="even",
        supervision=1.0,
    ),
    "free": _cascade("gates, α = 0", "orange", marker="v"),
    "little": _cascade("gates, α = 0.01", "blue", marker="o", alpha=0.01),
    "strong": _cascade("gates, α = 0.15", "sky", marker="^", alpha=0.15),
    "cost": _cascade(
        "gates, α = 0.01, λ = 0.02", "green", marker="D", alpha=0.01, cost=0.02
    ),
    "dear": _cascade(
        "gates, α = 0.01, λ = 0.1", "amber", marker="P", alpha=0.01, cost=0.1
    ),
    "cost_alone": _cascade(
        "gates, α = 0, λ = 0.02", "orange", marker="<", line="--", cost=0.02
    ),
    "both": _cascade(
        "gates, α = 0.01, λ = 0.1, loss at every layer",
        "pink",
        marker="*",
        alpha=0.01,
        cost=0.1,
        supervision=1.0,
    ),
    # Layers that nobody starves: what is the gates' own doing?
    "supervised": _cascade(
        "gates, α = 0.01, loss at every layer",
        "sky",
        marker="h",
        alpha=0.01,
        supervision=1.0,
    ),
    "free_supervised": _cascade(
        "gates, α = 0, loss at every layer",
        "orange",
        marker="d",
        line="--",
        supervision=1.0,
    ),
    "act": Variant(
        label="adaptive computation time",
        color="sky",
        marker=">",
        gating="act",
        ponder=0.1,
        start="uniform",
    ),
    # Other first weights of the gates.
    "little_uniform": _cascade(
        "α = 0.01, uniform start", "sky", marker="s", alpha=0.01, start="uniform"
    ),
    "little_random": _cascade(
        "α = 0.01, random start", "green", marker="^", alpha=0.01, start="random"
    ),
    "free_uniform": _cascade(
        "α = 0, uniform start", "amber", marker="s", start="uniform"
    ),
    "free_random": _cascade("α = 0, random start", "pink", marker="^", start="random"),
    # Other data.
    "shuffled": _cascade(
        "α = 0.01, digits' labels permuted",
        "grey",
        marker="x",
        line="--",
        alpha=0.01,
        shuffled=True,
    ),
    "pattern": _cascade(
        "α = 0.01, a loud pattern instead of silence",
        "orange",
        marker="v",
        alpha=0.01,
        easy="pattern",
    ),
}
