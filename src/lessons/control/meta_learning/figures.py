"""Pictures from reports and from recorded runs."""

import numpy as np

from lessons.control.meta_learning import hexapod
from lessons.control.meta_learning.variants import VARIANTS
from lessons.toolkit import figures
from lessons.toolkit.variants import Variant

# What is no variant but stands beside them.
WAYS = {
    "held": Variant(label="algorithm 2", color="blue", marker="o"),
    "unweighted": Variant(label="without weights", color="amber", marker="s"),
    "fresh": Variant(label="one more interaction", color="green", marker="^"),
    "wrong": Variant(label="of another life", color="orange", line="--", marker="x"),
    "still": Variant(label="no step", color="grey", line=":", marker="+"),
    "tracking": Variant(label="tracking", color="pink", marker="v"),
}
TRIPOD = Variant(label="tripod by hand", color="black", line="--", marker="")


def all_of(report):
    """The pictures of a run, by name."""
    names, metrics = report.config.variants, report.metrics
    found = {"training": training(report)}
    walkers = [n for n in names if VARIANTS[n].kind == "hexapod"]
    if walkers:
        lines = [(VARIANTS[n], speeds_of(metrics, "held", n)) for n in walkers]
        lines.append((TRIPOD, speeds_of(metrics, "held", "tripod")))
        found["speeds"] = speeds(lines)
    for name in names:
        if VARIANTS[name].kind == "compass" and VARIANTS[name].adapts:
            found[name] = ways(metrics, name)
    return found


def training(report):
    """Losses, or mean rewards where there are agents, against the epoch."""
    figure, axis = figures.new()
    column = "after" if any("/after" in key for key in report.history) else "loss"
    drawn = figures.curves(axis, report.history, column, VARIANTS)
    label = "mean reward of a step" if column == "after" else "loss"
    axis.set(xlabel="epoch", ylabel=label)
    axis.legend()
    labels = ", ".join(VARIANTS[name].label for name in drawn)
    return figures.Figure(
        figure,
        f"{label.capitalize()} against the epoch: {labels}.",
        "How learners get on during training.",
    )


def speeds_of(numbers, group, name):
    """Speeds in the seven tasks, mean and range over seeds, shape (7, 3).

    Args:
        numbers: metrics by key: numbers, or arrays over seeds.
        group, name: of the keys.
    """
    keys = [f"{group}/{name}/speed_{i + 1}" for i in range(hexapod.NUM_TASKS)]
    rows = [np.atleast_1d(numbers[key]) for key in keys]
    return np.array([[row.mean(), row.min(), row.max()] for row in rows])


def speeds(lines, title=""):
    """Speed against the task.

    Args:
        lines: pairs of a `Variant` and an array of `speeds_of`.
        title: above the picture.
    """
    figure, axis = figures.new()
    _lines(axis, lines)
    axis.set(
        xlabel="task i: two legs have (7 - i)/6 of their torque",
        ylabel="speed (units per second)",
        title=title,
    )
    axis.legend(fontsize=9)
    labels = ", ".join(variant.label for variant, _ in lines)
    return figures.Figure(
        figure,
        f"Speed in each of seven tasks, in which two legs lose their torque: {labels}.",
        "All lose speed as the legs do; bands are ranges over seeds.",
    )


def _lines(axis, lines, bands=True):
    tasks = np.arange(1, hexapod.NUM_TASKS + 1)
    for variant, values in lines:
        look = figures.look(variant)
        axis.plot(tasks, values[:, 0], **look)
        low, high = values[:, 1], values[:, 2]
        if bands:
            axis.fill_between(tasks, low, high, color=look["color"], alpha=0.15, lw=0)
    axis.set_xticks(tasks)


def ways(numbers, name, groups=("held", "unweighted", "fresh", "wrong", "still")):
    """Speed of one meta-learner in each task, for some ways to live.

    Args:
        numbers: as for `speeds_of`.
        name: of the variant.
        groups: names in `WAYS`.
    """
    figure, axis = figures.new()
    _lines(axis, [(WAYS[g], speeds_of(numbers, g, name)) for g in groups], False)
    axis.set(xlabel="task", ylabel="speed (units per second)")
    axis.legend(fontsize=9, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    labels = ", ".join(WAYS[group].label for group in groups)
    return figures.Figure(
        figure,
        f"Speed of the {VARIANTS[name].label} in seven tasks, for each way to get the "
        f"trajectories of a step: {labels}.",
        "With algorithm 2 every second step dies.",
    )


def fits(models, tasks, index, steps=(0, 1, 5), rates=None):
    """Predictions of some models for one sinusoid before and after steps.

    Args:
        models: `MetaLearner`s by label.
        tasks: `data.Sinusoids`.
        index: which.
        steps: numbers of steps.
        rates: a rate by label, by default the model's own.
    """
    figure, axes = figures.new(
        1, len(models), size=(3.7 * len(models), 3.2), sharey=True, squeeze=False
    )
    x = np.linspace(-5, 5, 201, dtype=np.float32)[None]
    truth = tasks.amplitude[index] * np.sin(x[0] - tasks.phase[index])
    seen = tasks.support_x[index : index + 1], tasks.support_y[index : index + 1]
    colors = figures.GREY, figures.SKY, figures.BLUE
    for axis, (label, model) in zip(axes[0], models.items(), strict=True):
        axis.plot(x[0], truth, color=figures.BLACK, lw=1, label="truth")
        for count, color in zip(steps, colors, strict=True):
            rate = (rates or {}).get(label)
            found = model.predict_after(*seen, x, num_steps=count, rate=rate)
            text = "before" if not count else f"{count} step" + "s" * (count > 1)
            axis.plot(x[0], np.asarray(found)[0], color=color, label=text)
        axis.plot(*(part[0] for part in seen), "o", color=figures.ORANGE, ms=5)
        axis.set(title=label, xlabel="x", ylim=(-6, 6))
    axes[0, 0].set_ylabel("y")
    axes[0, 0].legend(fontsize=8, ncols=2)
    return figures.Figure(
        figure,
        f"A sinusoid, ten points of it, and predictions of {', '.join(models)} before "
        "and after gradient steps.",
        "A step bends what was learned over many sinusoids into this one.",
    )


def ratings(history, labels):
    """Ratings of versions against the number of games.

    Args:
        history: {name: (games + 1, 2)}, mean and deviation, of `rating.of_games`.
        labels: by name.
    """
    figure, axis = figures.new()
    for (name, values), color in zip(history.items(), figures.PALETTE, strict=False):
        games, (mean, deviation) = np.arange(len(values)), values.T
        axis.plot(games, mean, color=color, label=labels[name])
        low, high = mean - 2 * deviation, mean + 2 * deviation
        axis.fill_between(games, low, high, color=color, alpha=0.15, lw=0)
    axis.set(xlabel="game", ylabel="skill: mean ± 2 deviations")
    axis.legend(fontsize=9)
    return figures.Figure(
        figure,
        "TrueSkill's belief of each version's skill against the number of games: bands "
        "narrow, and later versions end higher.",
        "Belief narrows with evidence.",
    )


def league(names, measured, predicted, counts):
    """Shares of wins, those that ratings predict, and what evolution makes of them.

    Args:
        names: of the players.
        measured, predicted: shape (players, players), the row against the column.
        counts: agents of each player in a population, shape (generations, players).
    """
    figure, axes = figures.new(1, 3, size=(9.6, 3.2), width_ratios=(1, 1, 1.3))
    titles = "bouts that the row won", "as the ratings predict"
    for axis, values, title in zip(axes, (measured, predicted), titles, strict=False):
        axis.imshow(values, vmin=0, vmax=1, cmap="Blues")
        for (i, j), value in np.ndenumerate(values):
            color = "white" if value > 0.6 else "black"
            axis.text(j, i, f"{value:.2f}", ha="center", va="center", color=color)
        axis.set_xticks(range(len(names)), names)
        axis.set_yticks(range(len(names)), names)
        axis.set_title(title)
        axis.grid(False)
    shares = (counts / counts.sum(axis=1, keepdims=True)).T
    generations = range(shares.shape[1])
    axes[2].stackplot(generations, shares, labels=names, colors=figures.PALETTE)
    axes[2].set(xlabel="generation", title="share of the population", ylim=(0, 1))
    axes[2].legend(fontsize=8, loc="upper right")
    axes[2].set_xticks(range(0, shares.shape[1], 5))
    return figures.Figure(
        figure,
        f"Two tables of numbers for {', '.join(names)}: shares of bouts won and the "
        "chances to win that ratings give; beside them shares of a population in which "
        "winners are copied.",
        "Ratings know no draws here: equal versions mostly draw.",
    )
