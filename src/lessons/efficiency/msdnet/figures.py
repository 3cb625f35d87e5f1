"""Figures of a run and of recorded runs; the notebook shows the same ones."""

import numpy as np

from lessons.efficiency.msdnet import evaluation, lazy, theory
from lessons.efficiency.msdnet.variants import VARIANTS
from lessons.toolkit import charts, figures, turning
from lessons.toolkit.figures import BLACK, BLUE, GREEN, GREY, ORANGE, Figure

EXIT_COLORS = (BLUE, GREEN, ORANGE)
MILLION = 1e6


def frontier(report):
    """Accuracy of a run's exits and of leaving early, against what they cost.

    Args:
        report: a `Report`.
    """
    metrics, config = report.metrics, report.config
    rows = {}
    for name in config.variants:
        count = sum(f"{name}/exit_{k}" in metrics for k in range(1, 100))
        exits = [
            (metrics[f"{name}/cost_{k}"], metrics[f"{name}/exit_{k}"])
            for k in range(1, count + 1)
        ]
        groups = [f"p_{p:g}/{name}" for p in sorted(config.ratios)]
        early = [
            (metrics[f"{g}/cost"], metrics[f"{g}/accuracy"])
            for g in groups
            if f"{g}/cost" in metrics
        ]
        rows[name] = np.array(exits), np.array(early)
    return curves(rows, "one run")


def curves(rows, title, alone=None):
    """Accuracy against multiplications: markers for exits, lines for leaving early.

    Args:
        rows: by variant, a pair of arrays (n, 2) of cost and accuracy: exits, and
            points of the dynamic rule (possibly none).
        title: what is shown.
        alone: a variant whose static mixes are drawn as well.
    """
    figure, axis = figures.new(1, 1, size=(6.4, 4.2))
    texts = []
    for name, (exits, early) in rows.items():
        _curve(axis, name, exits, early, name == alone)
        shown = ", ".join(f"{a:.3f} at {c / MILLION:.2f}" for c, a in exits)
        texts.append(f"{VARIANTS[name].label}: exits {shown}")
        if len(early):
            best = early[early[:, 1].argmax()]
            texts[-1] += f", leaving early {best[1]:.3f} at {best[0] / MILLION:.2f}"
    axis.set(
        xlabel="millions of multiplications, on average",
        ylabel="accuracy on test images",
        title=title,
    )
    axis.legend(fontsize=8, loc="lower right")
    return Figure(
        figure,
        "Accuracy on test images against millions of multiplications, "
        f"{title}. {'; '.join(texts)}.",
        "Markers are exits; lines are images that leave where they are sure.",
    )


def _curve(axis, name, exits, early, is_alone):
    look = figures.look(VARIANTS[name])
    places = exits[:, 0] / MILLION
    axis.plot(places, exits[:, 1], **look | {"linestyle": ""})
    if is_alone:
        axis.plot(places, exits[:, 1], color=GREY, linestyle=":", linewidth=1.4)
    if len(early):
        look |= {"marker": "", "label": None}
        axis.plot(early[:, 0] / MILLION, early[:, 1], **look)


def budget(validation, test, parts, costs, ratios):
    """What the budget turns: who leaves where, and what is reached at which cost.

    Args:
        validation, test: probabilities, shape (exits, examples, classes).
        parts: a `data.Parts`.
        costs: multiplications until each exit.
        ratios: p of each frame.

    Returns:
        A `Turning`.
    """
    labels = parts.split.test_labels
    held = lazy.confidence(validation)
    is_right = evaluation.right(test, labels)
    rows = []
    for p in ratios:
        shares = theory.geometric_shares(p, len(costs))
        thresholds = theory.find_thresholds(held, shares)
        exits = theory.choose_exits(lazy.confidence(test), thresholds)
        accuracy, cost = evaluation.leave(is_right, exits, costs)
        rng = np.random.default_rng(3)
        others = evaluation.yardsticks(test, labels, costs, exits, rng)
        rows.append((p, thresholds, exits, accuracy, cost, others))
    frames = [_budget_frame(rows, at, test, parts, costs) for at in range(len(rows))]
    alts = []
    for p, _, exits, accuracy, cost, others in rows:
        counts = np.bincount(exits, minlength=len(costs))
        alts.append(
            f"With p = {p:g}, {', '.join(map(str, counts))} of {len(exits)} images "
            f"leave at exits 1, 2, 3; {accuracy:.3f} are right at "
            f"{cost / MILLION:.2f} million multiplications, a static mix has "
            f"{others['static']:.3f}."
        )
    return turning.turn(
        frames,
        [f"p = {p:g}" for p in ratios],
        "ratio p of the shares of neighbouring exits",
        "Top left, histograms of the confidence of those who reach each exit, with its "
        "threshold. Top right, accuracy against cost: exits and their mixes, leaving "
        "early, exits drawn by chance, and the oracle. Below, images that leave at "
        "each exit: the later the exit, the noisier and more turned they are.",
        "How far above the mix of exits is the marker?",
        alts=alts,
        start=len(rows) // 3,
    )


def _budget_frame(rows, at, test, parts, costs):
    _, thresholds, exits, accuracy, cost, _ = rows[at]
    figure, axes = figures.new(2, 3, size=(8.4, 5.4), height_ratios=(1.0, 0.8))
    for axis in axes[0]:
        axis.remove()
    grid = axes[0, 0].get_gridspec()
    seen = lazy.confidence(test)
    with figures.style():
        inner = grid[0, 0].subgridspec(len(costs), 1, hspace=0.15)
        right = figure.add_subplot(grid[0, 1:])
        for k in range(len(costs)):
            axis = figure.add_subplot(inner[k])
            here = seen[k, exits >= k]
            axis.hist(here, np.linspace(0, 1, 41), color=EXIT_COLORS[k % 3])
            if np.isfinite(thresholds[k]):
                axis.axvline(thresholds[k], color=BLACK, linestyle="--", linewidth=1.2)
            axis.set(xlim=(0, 1), yticks=[])
            axis.set_ylabel(f"exit {k + 1}", fontsize=8)
            if k < len(costs) - 1:
                axis.set_xticklabels([])
        axis.set_xlabel("confidence", fontsize=8)
    _plane(right, rows, test, parts, costs)
    right.plot(cost / MILLION, accuracy, "o", color=BLACK, markersize=9, zorder=5)
    for k, axis in enumerate(axes[1]):
        chosen = np.flatnonzero(exits == k)[:12]
        images = np.zeros((12, *parts.split.test_images.shape[1:]))
        images[: len(chosen)] = parts.split.test_images[chosen]
        share = np.mean(exits == k)
        title = f"exit {k + 1}: {100 * share:.0f} % of the images"
        figures.show_tiles(axis, images, 4)
        axis.set_title(title, fontsize=9)
    return figure


def _plane(axis, rows, test, parts, costs):
    """Accuracy against cost: exits, their mixes, random exits, the rule, the oracle."""
    labels = parts.split.test_labels
    accuracies = evaluation.right(test, labels).mean(axis=1)
    places = np.array([row[4] for row in rows]) / MILLION
    axis.plot(np.array(costs) / MILLION, accuracies, "o:", color=GREY, label="exits")
    axis.plot(places, [row[3] for row in rows], color=BLUE, label="leaving early")
    for name, color in (("random", ORANGE), ("oracle", GREEN)):
        values = [row[5][name] for row in rows]
        axis.plot(places, values, "--", color=color, linewidth=1.3, label=name)
    axis.set(xlabel="millions of multiplications on average", ylabel="accuracy")
    axis.legend(fontsize=8, loc="lower right")


def easy_and_hard(test, images, labels, names, count=14):
    """Images that leave first and rightly, and images that only the last exit gets.

    Args:
        test: probabilities, shape (exits, examples, classes).
        images, labels: of the examples.
        names: of the classes.
        count: images of each kind.
    """
    is_right = evaluation.right(test, labels)
    sure = np.argsort(-lazy.confidence(test[0]))
    easy = [i for i in sure if is_right[0, i]][:count]
    late = np.flatnonzero(~is_right[0] & is_right[-1])
    late = late[np.argsort(lazy.confidence(test[0])[late])][:count]
    figure, axes = figures.new(2, count, size=(8.4, 2.1))
    for number, (row, chosen) in enumerate(zip(axes, (easy, late), strict=True)):
        for axis in row:
            axis.set_axis_off()
        for axis, i in zip(row, chosen, strict=False):
            axis.imshow(images[i, ..., 0], vmin=0, vmax=1, cmap="gray_r")
            first, last = (names[test[k, i].argmax()] for k in (0, -1))
            text = f"{first}→{last}" if number else last
            axis.set_title(text, fontsize=9)
    spelled = ", ".join(
        f"{names[test[0, i].argmax()]} for {names[labels[i]]}" for i in late[:5]
    )
    return Figure(
        figure,
        f"Two rows of letters. Above, {len(easy)} letters of which the first exit is "
        f"surest and right. Below, {len(late)} letters that the first exit gets wrong "
        f"and the last one right; the first exit says {spelled}.",
        "Above what needs one layer; below what needs six.",
    )


def all_of(report):
    """Every figure of a run, by name.

    Args:
        report: a `Report`.
    """
    history = {
        name.replace("/exit_1", "/accuracy"): values
        for name, values in report.history.items()
        if name.endswith("/exit_1")
    }
    first = charts.accuracy_curves(
        history, VARIANTS, "The first exit of each network while it is trained."
    )
    return {"frontier": frontier(report), "first_exit": first}
