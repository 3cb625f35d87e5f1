"""Figures of routing itself, before and after training."""

import numpy as np
from matplotlib.colors import PowerNorm
from matplotlib.patches import Circle

from lessons.toolkit import figures
from lessons.toolkit.figures import BLACK, BLUE, GREEN, ORANGE, Figure
from lessons.vision.capsules import theory, theory_routing


def planted_votes(rng, dim=2):
    """Eight parts that agree on the first of two wholes, shape (1, 2, 8, dim).

    Five of them vote for it alike, three at random; for the second whole all vote at
    random.

    Args:
        rng: a NumPy generator.
        dim: components of a vote.
    """
    votes = rng.normal(0, 0.6, size=(1, 2, 8, dim))
    target = np.zeros(dim)
    target[:2] = (0.7, 0.5)
    votes[0, 0, :5] = target + rng.normal(0, 0.08, size=(5, dim))
    return votes


def votes_and_wholes(votes, iterations=3):
    """Votes as arrows, each as dark as its coupling, and the capsules they make.

    Args:
        votes: shape (1, 2, lower, 2).
        iterations: panels per whole.
    """
    figure, axes = figures.new(2, iterations, size=(8.4, 5.4), sharex=True, sharey=True)
    for column, step in enumerate(theory.routing_steps(votes, iterations)):
        couplings, capsules = np.asarray(step.couplings), np.asarray(step.capsules)
        for whole, color in enumerate((BLUE, ORANGE)):
            axis = axes[whole, column]
            for vote, coupling in zip(
                votes[0, whole], couplings[0, whole], strict=True
            ):
                axis.annotate(
                    "",
                    vote,
                    (0, 0),
                    arrowprops={
                        "arrowstyle": "->",
                        "color": color,
                        "alpha": float(coupling),
                        "linewidth": 1.6,
                    },
                )
            arrow = {"arrowstyle": "-|>", "color": BLACK, "linewidth": 2.6}
            axis.annotate("", capsules[0, whole], (0, 0), arrowprops=arrow)
            size = np.linalg.norm(capsules[0, whole])
            axis.set_title(f"whole {whole + 1}, r = {column + 1}: |v| = {size:.2f}")
            axis.set(xlim=(-1.4, 1.4), ylim=(-1.4, 1.4), aspect="equal")
            axis.add_patch(unit_circle())
    for axis in axes[-1]:
        axis.set_xlabel("first component")
    for axis in axes[:, 0]:
        axis.set_ylabel("second component")
    return Figure(
        figure,
        "Two rows of three panels. Votes for the first whole mostly point the same "
        "way; over three iterations they grow darker and the black arrow of the whole "
        "grows. Votes for the second point everywhere; they fade and its arrow stays "
        "short.",
        "The darker an arrow, the larger its coupling. Agreeing votes win.",
    )


def unit_circle():
    """A dotted circle that no capsule reaches."""
    return Circle((0, 0), 1, fill=False, linestyle=":", color="0.6")


def couplings_and_objective(votes, shown=(1, 2, 3, 10), iterations=30, marked=()):
    """Couplings of the first example, then F and entropy against the iteration.

    Args:
        votes: shape (batch, higher, lower, dim).
        shown: iterations whose couplings are drawn.
        iterations: how far the curves go.
        marked: higher capsules to point at, such as the classes present.
    """
    trace = theory_routing.trace(np.asarray(votes, np.float64), iterations)
    num_higher = votes.shape[1]
    figure, axes = figures.new(
        1, len(shown) + 2, size=(9.6, 3.3), width_ratios=[1] * len(shown) + [1.9, 1.9]
    )
    for axis, count in zip(axes, shown, strict=False):
        picture = axis.imshow(
            trace.couplings[count - 1, 0].T,
            norm=PowerNorm(0.5, 0, 1),  # small couplings are seen, too
            cmap="Blues",
            aspect="auto",
        )
        axis.set(title=f"r = {count}", xlabel="whole j")
        axis.grid(False)
        axis.set_xticks(list(marked) or [0, num_higher - 1])
        axis.tick_params(labelsize=8)
        axis.set_yticks([])
    axes[0].set_ylabel("part i")
    figure.colorbar(
        picture,
        ax=axes[: len(shown)],
        location="bottom",
        shrink=0.6,
        label="coupling $c_{ij}$",
        pad=0.02,
    )
    steps = np.arange(1, iterations + 1)
    curves = (
        (axes[-2], trace.objective.mean(axis=1), "objective F", BLUE),
        (axes[-1], trace.entropy.mean(axis=1), "entropy of $c_i$ (nats)", GREEN),
    )
    for axis, values, label, color in curves:
        axis.plot(steps, values, ".-", color=color)
        axis.set(xlabel="iteration", title=label, ylim=(0, None), xscale="log")
        axis.set_xticks([1, 3, 10, 30], ["1", "3", "10", "30"])
    return Figure(
        figure,
        "Four heat maps of couplings, uniform at one iteration and nearly black and "
        "white at ten, and two curves: the objective F rises with the iteration, the "
        "entropy falls towards zero.",
        "F never falls, and these couplings sharpen to the end.",
    )
