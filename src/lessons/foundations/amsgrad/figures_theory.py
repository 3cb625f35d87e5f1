"""Figures of the theory: each takes computed numbers and only draws."""

import numpy as np

from lessons.foundations.amsgrad import games, problems, theory
from lessons.foundations.amsgrad.variants import VARIANTS
from lessons.toolkit import figures, turning
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import BLACK, BLUE, COLORS, ORANGE, Figure


def generic_method():
    """Drawing of one round: the loss, the two functions of the gradients, the step."""
    drawing = Drawing()
    drawing.node("loss", 0, 0.75, "loss $f_t$", kind="layer")
    drawing.node("g", 1.25, 0.75, "$g_t$", kind="array")
    drawing.node("phi", 3.05, 1.5, "$\\phi_t$: where to go", kind="layer")
    drawing.node("psi", 3.05, 0.0, "$\\psi_t$: how far", kind="layer")
    drawing.node("max", 4.9, 0.0, "max so far", kind="layer", color="blue")
    step = "step\n$x_t - \\alpha_t V_t^{-1/2} m_t$"
    drawing.node("step", 6.3, 0.75, step, kind="layer", width=1.75)
    drawing.node("project", 8.15, 0.75, "$\\Pi_F$", kind="layer")
    drawing.arrow("loss", "g")
    drawing.arrow("g", "phi", "gradients")
    drawing.arrow("g", "psi", "squares")
    drawing.arrow("phi", "step", "$m_t$")
    drawing.arrow("psi", "max", "$v_t$")
    drawing.arrow("max", "step", "$\\hat v_t$", at=0.4)
    drawing.arrow("step", "project")
    drawing.arrow("project", "loss", "play $x_{t+1}$", bend=-0.36, dashed=True)
    drawing.text(4.9, -0.42, "AMSGrad only", color="blue")
    return drawing.figure(
        "Diagram of a loop: the loss gives a gradient; one box makes a direction of "
        "the gradients so far, another a scale of their squares, followed in AMSGrad "
        "by a box that keeps the maximum; a step, a projection onto the feasible set, "
        "and the new point is played against the next loss.",
        "Methods differ in the boxes phi and psi alone; AMSGrad adds the blue one.",
    )


def walks(paths, num_steps=30):
    """The first points of several players of one game, and the gradients they saw.

    Args:
        paths: a `games.Path` by variant, all of the same game.
        num_steps: how many steps to show.
    """
    figure, axis = figures.new(size=(7.6, 3.6))
    steps = np.arange(1, num_steps + 1)
    for name, path in paths.items():
        look = figures.look(VARIANTS[name], linestyle="-", marker="o")
        axis.plot(steps, path.points[:num_steps], ms=4, **look)
    gradients = next(iter(paths.values())).gradients[:num_steps]
    for sign, color, text in (
        (1, BLACK, "spike, pushes down"),
        (-1, "0.6", "pushes up"),
    ):
        at = steps[np.sign(gradients) == sign]
        axis.plot(
            at, np.full(len(at), -1.2), "|", color=color, ms=10, mew=2, label=text
        )
    axis.axhline(-1, color=BLACK, linewidth=1, linestyle=":")
    axis.annotate(
        "best fixed point", (0.4, -1), (0, 3), fontsize=9, textcoords="offset points"
    )
    axis.set(
        xlabel="step t",
        ylabel="point played $x_t$",
        ylim=(-1.35, 1.15),
        xlim=(0.3, num_steps + 0.7),
    )
    axis.legend(fontsize=8, ncols=5, loc="upper center", bbox_to_anchor=(0.5, 1.18))
    return Figure(
        figure,
        "Points played in the first thirty steps: Adam falls at each spike and is back "
        "at plus one two steps later, every time; the other players drift downwards.",
        "The spike is three times as strong as either push up, but Adam divides it by "
        "about its own size.",
    )


def average_regrets(curves, limit):
    """Average regret against length, on logarithmic axes.

    Args:
        curves: average regrets by variant, each of shape (steps,).
        limit: what Adam's tends to.
    """
    figure, axis = figures.new(size=(7.0, 3.8))
    for name, values in curves.items():
        steps = np.unique(np.geomspace(3, len(values), 200).astype(int)) // 3 * 3
        axis.plot(steps, values[steps - 1], **figures.look(VARIANTS[name]))
    length = len(values)
    guide = np.array([300.0, length])
    axis.plot(guide, 0.6 * guide**-0.5, color="0.5", linewidth=1, linestyle=":")
    axis.annotate(
        "slope −1/2",
        (guide[0], 0.6 * guide[0] ** -0.5),
        (-4, -4),
        textcoords="offset points",
        ha="right",
        fontsize=9,
        color="0.4",
    )
    axis.axhline(limit, color=BLACK, linewidth=1, linestyle="--")
    axis.annotate("2(C − 2)/3", (3, limit), (0, -13), textcoords="offset points")
    axis.set(xscale="log", yscale="log", xlabel="length T", ylabel="$R_T / T$")
    axis.legend(fontsize=9, ncols=2)
    return Figure(
        figure,
        "Average regret against length on logarithmic axes. Adam and RMSProp stay at "
        "two thirds; SGD, AdaGrad, AdamNC and AMSGrad fall along a line of slope minus "
        "one half or faster.",
        "A flat line means that the player never learns.",
    )


def gammas(values, num_steps=12):
    r"""Bars of $\Gamma_t$ over the first steps, one panel per variant.

    Args:
        values: `theory.gamma` by variant.
        num_steps: how many to show.
    """
    figure, axes = figures.new(1, len(values), size=(8.4, 3.0), sharey=True)
    steps = np.arange(2, num_steps + 2)
    for axis, (name, gamma) in zip(axes, values.items(), strict=True):
        shown = gamma[:num_steps]
        colors = np.where(shown < 0, ORANGE, BLUE)
        axis.bar(steps, shown, color=colors)
        axis.axhline(0, color=BLACK, linewidth=1)
        axis.set(xlabel="step t", title=VARIANTS[name].label)
    axes[0].set_ylabel(r"$\Gamma_t$")
    return Figure(
        figure,
        "Bars of Gamma over the first steps for three methods: Adam has two negative "
        "bars after each positive one, AMSGrad and AdaGrad have none.",
        "Orange bars are what the regret proof cannot have.",
    )


def effective_rates(steps, rates):
    """The factor that multiplies the gradient, against the step.

    Args:
        steps: shape (n,).
        rates: label -> (values of shape (n,), colour, line style).
    """
    figure, axis = figures.new(size=(7.0, 3.6))
    for label, (values, color, line) in rates.items():
        axis.plot(steps, values, line, color=color, label=label)
    axis.set(xscale="log", yscale="log", xlabel="step t")
    axis.set_ylabel(r"step per unit of gradient, in units of $\alpha$")
    axis.legend(fontsize=9)
    return Figure(
        figure,
        "Effective rate against step on logarithmic axes after one large gradient: "
        "Adam's rises a hundredfold and is level from some 5,000 steps on, AMSGrad's "
        "is flat, and that of AMSGrad with Keras's bias correction rises thirtyfold "
        "until it meets the flat line.",
        "A rate that rises is a negative Gamma when alpha is constant.",
    )


def periods(table, betas, lengths):
    r"""Where Adam ends, for each memory and period of the game.

    Args:
        table: mean final points, shape (len(betas), len(lengths)).
        betas: values of $\beta_2$.
        lengths: periods of the game.
    """
    figure, axis = figures.new(size=(7.0, 2.9))
    image = axis.imshow(table, vmin=-1, vmax=1, cmap="PuOr_r", aspect="auto")
    axis.set_xticks(range(len(lengths)), [str(length) for length in lengths])
    axis.set_yticks(range(len(betas)), [f"{beta:g}" for beta in betas])
    axis.set(xlabel="period C of the game (one spike of size C)")
    axis.set_ylabel(r"$\beta_2$")
    axis.grid(False)
    for row, column in np.ndindex(*np.shape(table)):
        value = table[row][column]
        color = "white" if abs(value) > 0.7 else "black"
        axis.text(
            column,
            row,
            f"{value:.1f}",
            ha="center",
            va="center",
            color=color,
            fontsize=8,
        )
    figure.colorbar(image, ax=axis, label="where Adam ends")
    return Figure(
        figure,
        "Table of colours: rows are memories beta 2 from 0.1 to 0.99, columns periods "
        "from 3 to 100. The row of 0.1 is plus one throughout; the others change from "
        "minus one on the left to plus one on the right, at period 4 for 0.5, at 8 for "
        "0.9 and at 20, which is undecided with 0.2, for 0.99.",
        "A longer memory does not cure Adam; it asks the adversary for patience.",
    )


def settled_periods(period, betas, num_steps=20_000):
    r"""Moves of Adam over a settled period, and its walk, for one memory after another.

    Args:
        period: $C$ of the game of theorem 2.
        betas: positions of the knob, $\beta_2$.
        num_steps: length of the walks shown.

    Returns:
        A `turning.Turning`.
    """
    gradients = problems.periodic(num_steps, period, -1.0, period)
    frames, alts = [], []
    for beta_2 in betas:
        moves = theory.settled_moves(period, beta_2)
        path = games.play(gradients, "adam", beta_2=beta_2)
        frames.append(_settled_period(moves, path.points))
        alts.append(
            f"Beta 2 of {beta_2:g}: the spike moves Adam by {moves[0]:.2f}, the "
            f"{period - 1} pushes after it by {moves[1:].sum():+.2f} together; after "
            f"{num_steps:,} steps Adam is at {path.last:+.2f}."
        )
    return turning.turn(
        frames,
        [f"{beta_2:g}" for beta_2 in betas],
        f"memory β₂ of Adam in the game with C = {period}",
        "Left, bars of Adam's moves over one period: one down for the spike, the "
        "others up. Right, the points it plays.",
        "Where the pushes outweigh the spike, Adam ends at the worst point.",
        alts=alts,
        start=list(betas).index(0.9) if 0.9 in betas else 0,
    )


def _settled_period(moves, points):
    """One frame of `settled_periods`."""
    figure, (left, right) = figures.new(1, 2, size=(8.4, 3.1))
    left.bar(range(len(moves)), moves, color=[ORANGE] + [BLUE] * (len(moves) - 1))
    left.axhline(0, color=BLACK, linewidth=1)
    left.set(xlabel="steps after the spike", ylim=(-3.2, 1.2))
    left.set_ylabel(r"move, in units of $\alpha_t$")
    left.set_title(
        f"down {-moves[0]:.2f}, up {moves[1:].sum():.2f}: {moves.sum():+.2f}".replace(
            "-", "−"
        )
    )
    steps = np.arange(1, len(points) + 1)
    right.plot(
        steps / 1000, points, color=COLORS[VARIANTS["adam"].color], linewidth=0.8
    )
    right.axhline(-1, color=BLACK, linewidth=1, linestyle=":")
    right.annotate(
        "best fixed point", (0.98, 0.02), xycoords="axes fraction", ha="right"
    )
    right.set(xlabel="step t, in thousands", ylabel="point played $x_t$")
    right.set_ylim(-1.15, 1.1)
    return figure


def tuned_losses(table, alphas):
    """Training and test loss against the rate, one line per variant and memory.

    Args:
        table: (variant, beta_2) -> (train losses, test losses), each of shape
            (rates, seeds).
        alphas: the rates.
    """
    figure, axes = figures.new(1, 2, size=(8.4, 3.5))
    for (name, beta_2), losses in table.items():
        variant = VARIANTS[name]
        color, line = COLORS[variant.color], "-" if beta_2 == 0.99 else "--"
        label = rf"{variant.label}, $\beta_2$ = {beta_2:g}"
        for axis, values in zip(axes, losses, strict=True):
            values = np.asarray(values)
            axis.plot(alphas, values.mean(axis=1), line, color=color, label=label)
            for column in values.T:
                axis.plot(alphas, column, ".", color=color, alpha=0.5)
    for axis, title in zip(axes, ("training loss", "test loss"), strict=True):
        axis.set(xscale="log", yscale="log", xlabel=r"rate $\alpha$", title=title)
        axis.set_xticks(alphas, [f"{alpha:g}" for alpha in alphas])
        axis.minorticks_off()
    axes[0].set_ylabel("nats per image")
    axes[1].set_yticks([0.1, 0.2, 0.4], ["0.1", "0.2", "0.4"])
    axes[0].legend(fontsize=8)
    return Figure(
        figure,
        "Training and test loss against the rate for Adam and AMSGrad with two "
        "memories, one dot per seed. Adam's training loss is below AMSGrad's at every "
        "rate. Test losses of the two methods lie on each other but for the smallest "
        "rate with the shorter memory, where Adam's is lower; memory and rate matter "
        "more.",
        "Lines are means over seeds; the dots of the two methods overlap on the right.",
    )
