"""Pictures that need no training: the chain of tasks, and two quadratic tasks."""

import numpy as np

from lessons.control.meta_learning import theory
from lessons.toolkit import drawing, figures, turning

CURVATURES, MINIMA = (1.0, 4.0), (-1.0, 2.0)


def chain():
    """A drawing of what is learned: from one task to the next, always from theta."""
    d = drawing.Drawing()
    d.text(2.2, 3.55, "training (algorithm 1)", align="center")
    d.node("theta", 0, 1.3, r"$\theta, \alpha$", kind="latent", color="blue")
    for i, x in ((1, 1.5), (2, 4.2)):
        d.node(f"T{i}", x, 3.0, f"$T_{i}$", kind="observed")
        d.node(f"tau{i}", x, 2.1, rf"$\tau_{i}^{{1:K}}$", kind="array")
        d.arrow(f"T{i}", f"tau{i}")
    d.node("step", 1.5, 1.3, r"step $\alpha$", kind="layer", color="green")
    d.node("phi", 2.85, 1.3, r"$\phi$", kind="latent")
    d.node("loss", 4.2, 1.3, r"$L_{T_2}$", kind="layer", color="orange")
    d.arrow("T1", "T2")
    d.arrow("theta", "tau1", bend=-0.2)
    d.arrow("theta", "step")
    d.arrow("tau1", "step")
    d.arrow("step", "phi")
    d.arrow("phi", "tau2", bend=-0.1)
    d.arrow("tau2", "loss")
    d.node("through", 2.2, 0.45, "through the step", kind="text")
    d.arrow("loss", "through", dashed=True, color="orange", bend=-0.15, head=False)
    d.arrow("through", "theta", dashed=True, color="orange", bend=-0.15)
    d.node("sampled", 0.2, 2.9, "through what\nis sampled", kind="text")
    d.arrow("tau1", "sampled", dashed=True, color="orange", head=False, bend=0.2)
    d.arrow("sampled", "theta", dashed=True, color="orange", bend=0.2)
    d.text(7.6, 3.55, "execution (algorithm 2)", align="center")
    places = (6.2, 7.6, 9.0)
    d.node("start", 7.6, 0.45, r"$\theta$", kind="latent", color="blue")
    for i, x in enumerate(places, start=1):
        d.node(f"E{i}", x, 3.0, f"$T_{i}$", kind="observed")
        d.node(f"p{i}", x, 1.3, rf"$\phi_{i - 1}$", kind="latent")
        d.node(f"t{i}", x, 2.1, rf"$\tau_{i}$", kind="array")
        d.arrow(f"E{i}", f"t{i}")
        d.arrow(f"p{i}", f"t{i}")
        d.arrow("start", f"p{i}")
        if i > 1:
            d.arrow(f"E{i - 1}", f"E{i}")
            d.arrow(f"t{i - 1}", f"p{i}", r"$w$", color="green")
    return d.figure(
        "Left, training: theta makes trajectories of task one, a step makes phi of "
        "them, phi makes trajectories of task two, whose loss goes back through the "
        "step and through what was sampled. Right, execution: each phi is made from "
        "theta and from weighted trajectories of the task before.",
        "Dashed: the two ways in which the loss depends on theta.",
    )


def quadratics(rates=None):
    """Two parabolas before and after a step, for each rate (`turning.Turning`)."""
    rates = np.linspace(0, 0.45, 16) if rates is None else np.asarray(rates)
    pictures = [_quadratic(rate) for rate in rates]
    return turning.turn(
        pictures,
        [f"{rate:.2f}" for rate in rates],
        "rate α of the step",
        "Two quadratic tasks before and after one gradient step, with the best "
        "starting points of joint training, first-order MAML and MAML.",
        "The better one step solves the sharp task, the more MAML starts at the other.",
        start=int(np.abs(rates - 0.12).argmin()),
    )


def _quadratic(rate):
    figure, (left, right) = figures.new(1, 2, size=(7.4, 3.1), width_ratios=(1.25, 1))
    theta = np.linspace(-4, 4, 161)
    colors = figures.BLUE, figures.ORANGE
    for a, c, color in zip(CURVATURES, MINIMA, colors, strict=True):
        left.plot(theta, a / 2 * (theta - c) ** 2, color=color, ls=":", lw=1.2)
        after = theory.quadratic_loss((a,), (c,), theta, rate)
        left.plot(theta, after, color=color, label=f"a = {a:g}, c = {c:g}")
    marks = {
        "joint": (theory.quadratic_optimum(CURVATURES, MINIMA, 0), "s", figures.GREY),
        "first order": (
            theory.quadratic_optimum(CURVATURES, MINIMA, rate, True),
            "^",
            figures.SKY,
        ),
        "MAML": (
            theory.quadratic_optimum(CURVATURES, MINIMA, rate),
            "o",
            figures.GREEN,
        ),
    }
    for label, (place, marker, color) in marks.items():
        # First order has no minimum beyond 5/17: there is nothing to mark.
        if label != "first order" or rate < 5 / 17:
            left.plot(place, 0, marker, color=color, label=label, clip_on=False)
    left.set(
        xlabel="starting point θ",
        ylabel="loss (dotted: before the step)",
        xlim=(-4, 4),
        ylim=(-0.2, 12),
    )
    left.legend(fontsize=8, loc="upper center", ncols=2)
    grid = np.linspace(0, 0.45, 91)
    optimum = [theory.quadratic_optimum(CURVATURES, MINIMA, r) for r in grid]
    best = [
        theory.quadratic_loss(CURVATURES, MINIMA, t, r)
        for t, r in zip(optimum, grid, strict=True)
    ]
    joint = [theory.quadratic_loss(CURVATURES, MINIMA, 1.4, r) for r in grid]
    right.plot(grid, joint, color=figures.GREY, ls="--", label="joint, after a step")
    right.plot(grid, best, color=figures.GREEN, label="MAML, after a step")
    right.axvline(rate, color=figures.BLACK, lw=1)
    right.set(xlabel="rate α", ylabel="mean loss after the step", ylim=(0, 2.5))
    right.legend(fontsize=8, loc="upper right")
    return figure
