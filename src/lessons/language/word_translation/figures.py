"""Figures of a run and of recorded runs; the notebook shows the same ones."""

import numpy as np

from lessons.language.word_translation import retrieval
from lessons.language.word_translation.variants import VARIANTS
from lessons.toolkit import figures
from lessons.toolkit.figures import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALETTE,
    PINK,
    Figure,
)


def clouds(languages, mapping):
    """Both vocabularies from two sides, before and after a mapping.

    Args:
        languages: `data.Languages`.
        mapping: W, shape (d, d).
    """
    figure, axes = figures.new(1, 3, size=(8.0, 3.0))
    mapped = languages.source @ mapping.T
    sides = np.linalg.eigh(languages.target.T @ languages.target)[1][:, [-1, -2]]
    across, up = (mapped @ sides).T
    shown = np.argmin(across), np.argmax(across), np.argmax(up * np.sign(up.mean()))
    panels = (
        ("source words", [(languages.source[:, :2], BLUE)]),
        ("target words", [(languages.target[:, :2], ORANGE)]),
        ("mapped by W", [(languages.target @ sides, ORANGE), (mapped @ sides, BLUE)]),
    )
    for axis, (title, drawn) in zip(axes, panels, strict=True):
        for words, color in drawn:
            axis.plot(words[:, 0], words[:, 1], ".", color=color, markersize=3)
            for rank in shown:
                theirs = color == BLUE
                place = rank if theirs else min(languages.gold[rank])
                text = (languages.source_words if theirs else languages.target_words)[
                    place
                ]
                axis.annotate(
                    text,
                    words[place],
                    xytext=(4, 4 if theirs else -10),
                    textcoords="offset points",
                    fontsize=8,
                    arrowprops={"arrowstyle": "-", "color": GREY},
                )
                axis.plot(*words[place], "o", color=color, markeredgecolor=BLACK)
        axis.set(title=title, xticks=(), yticks=())
        axis.grid(visible=False)
    return Figure(
        figure,
        "Three scatter charts of two of ten coordinates. Left the source words, in the "
        "middle the target words, each a cloud of another shape; three words and their "
        "translations are named and lie in other places. Right both together after the "
        "mapping: the clouds cover each other and each named word lies beside its "
        "translation.",
        "Two sides of ten; three words at the rim are named. To the right both clouds, "
        "after a mapping that was found from pairs.",
    )


def training(history, name, restarts):
    """Criterion and accuracy of every restart after each epoch.

    Args:
        history: columns `NAME/criterion_r` and `NAME/p1_r`.
        name: the variant.
        restarts: how many.
    """
    figure, (left, right) = figures.new(1, 2, size=(7.8, 3.2))
    ends = []
    for r in range(restarts):
        color = PALETTE[r % len(PALETTE)]
        criteria, accuracy = (history[f"{name}/{c}_{r}"] for c in ("criterion", "p1"))
        epochs = np.arange(1, len(criteria) + 1)
        line = "-" if r < len(PALETTE) else "--"
        left.plot(epochs, criteria, line, color=color, linewidth=1.4)
        right.plot(epochs, accuracy, line, color=color, linewidth=1.4)
        ends.append((criteria[-1], accuracy[-1]))
    left.set(xlabel="epoch", ylabel="criterion (no pairs needed)")
    right.set(xlabel="epoch", ylabel="P@1 with CSLS (%)", ylim=(-3, 103))
    ends.sort()
    texts = ", ".join(f"{c:.3f} with {a:.0f}" for c, a in ends)
    return Figure(
        figure,
        "Two line charts against the epoch, a line for each restart: the criterion, "
        "and the percent of words translated right. Ends, criterion and percent: "
        f"{texts}.",
        "The right chart needs a dictionary, the left one does not; the same lines are "
        "on top.",
    )


def endpoints(criteria, accuracy, limit):
    """Criterion against accuracy of every restart of every recorded seed.

    Args:
        criteria, accuracy: shape (restarts, seeds).
        limit: criterion that the right ones pass, drawn as a line.
    """
    figure, axis = figures.new(size=(6.4, 3.6))
    for seed in range(np.shape(criteria)[1]):
        axis.plot(
            criteria[:, seed],
            accuracy[:, seed],
            "o",
            color=PALETTE[seed % len(PALETTE)],
            alpha=0.7,
            markersize=5,
        )
    axis.axvline(limit, color=GREY, linestyle=":")
    axis.set(xlabel="criterion", ylabel="P@1 with CSLS (%)", ylim=(-3, 103))
    criteria, accuracy = (np.ravel(a) for a in (criteria, accuracy))
    right = criteria > limit
    return Figure(
        figure,
        f"Scatter chart of accuracy against the criterion for {len(criteria)} "
        f"mappings, a colour for each seed. {right.sum()} lie right of the dotted line "
        f"at {limit:g} with P@1 of {accuracy[right].min():.0f} percent or more; the "
        "others reach "
        f"{accuracy[~right].max():.0f} percent at most.",
        "Beyond the line everything is right; to its left the criterion orders "
        "mappings only roughly.",
    )


def rows(values, labels, lines=()):
    """Precision at 1 of methods: a mark for each seed and retrieval.

    Args:
        values: by method's name, by retrieval ("nn", "isf", "csls"), shape (seeds,).
        labels: of the methods, by name.
        lines: pairs (label, percent) of yardsticks.
    """
    figure, axis = figures.new(size=(7.6, 3.8))
    colors = {"nn": ORANGE, "isf": GREEN, "csls": BLUE}
    names = {"nn": "nearest", "isf": "inverted softmax", "csls": "CSLS"}
    for place, name in enumerate(values):
        for method, numbers in values[name].items():
            x = place + 0.22 * (list(names).index(method) - 1)
            axis.plot(
                np.full(len(numbers), x),
                numbers,
                "o",
                color=colors[method],
                alpha=0.4,
                markersize=4,
                label=names[method] if place == 0 else None,
            )
            axis.hlines(np.mean(numbers), x - 0.09, x + 0.09, color=BLACK)
    for label, value in lines:
        axis.axhline(value, color=GREY, linestyle=":", linewidth=1.2)
        axis.annotate(label, (len(values) - 0.55, value), fontsize=8, va="bottom")
    axis.set_xticks(range(len(values)), [labels[n] for n in values], fontsize=8)
    axis.set(ylabel="P@1 (%)", ylim=(-3, 103), xlim=(-0.6, len(values) + 0.6))
    axis.legend(fontsize=8, loc="center left")
    axis.grid(axis="x", visible=False)
    texts = "; ".join(
        f"{labels[n].replace(chr(10), ' ')} "
        + ", ".join(f"{names[m]} {np.mean(v):.1f}" for m, v in values[n].items())
        for n in values
    )
    return Figure(
        figure,
        "Dot chart of the percent of words translated right, a dot for each seed and a "
        f"line at the mean, for each method and way of retrieval: {texts}.",
        "How words are looked up matters little here, and between spaces that match "
        "several ways to a mapping are equally good.",
    )


def worlds(values, labels):
    """Success of each world: what a rotation can do, and three ways without pairs.

    Args:
        values: by world, by row ("ceiling", "moments", "search", "game"), percent over
            seeds; a row may be left out.
        labels: of the worlds, by name.
    """
    figure, axis = figures.new(size=(7.6, 3.6))
    looks = {
        "ceiling": (GREEN, "Procrustes on all pairs"),
        "moments": (ORANGE, "moments, refined"),
        "search": (PINK, "moments, axes turned"),
        "game": (BLUE, "game, refined"),
    }
    for place, world in enumerate(values):
        for row, numbers in values[world].items():
            x = place + 0.2 * (list(looks).index(row) - 1.5)
            color, label = looks[row]
            axis.plot(
                np.full(len(numbers), x),
                numbers,
                "o",
                color=color,
                alpha=0.5,
                markersize=4.5,
                label=label if place == 0 else None,
            )
            axis.hlines(np.mean(numbers), x - 0.08, x + 0.08, color=BLACK)
    axis.set_xticks(range(len(values)), [labels[w] for w in values], fontsize=8)
    axis.set(ylabel="P@1 with CSLS (%)", ylim=(-3, 103))
    axis.legend(fontsize=8, loc="upper right")
    axis.grid(axis="x", visible=False)
    texts = "; ".join(
        f"{labels[w].replace(chr(10), ' ')}: "
        + ", ".join(f"{looks[r][1]} {np.mean(v):.0f}" for r, v in values[w].items())
        for w in values
    )
    return Figure(
        figure,
        "Dot chart of the percent of words translated right in six pairs of languages, "
        "up to four rows each, a dot for each seed and a line at the mean: "
        f"{texts}.",
        "Green is what a rotation can do at all; the others had no pair.",
    )


def occurrences(cosines, k=retrieval.NEIGHBOURS):
    """How often target words are neighbours, with cosines and with CSLS.

    Args:
        cosines: shape (n, m).
        k: neighbours of a row.
    """
    figure, axis = figures.new(size=(6.4, 3.2))
    most = []
    for label, scores, color in (
        ("cosine", cosines, ORANGE),
        ("CSLS", retrieval.csls(cosines, k), BLUE),
    ):
        counts = retrieval.occurrences(scores, k)
        top = counts.max()
        places = np.arange(0, top + 5, 5)
        axis.hist(
            counts, places, histtype="step", color=color, label=label, linewidth=2
        )
        most.append(f"{label} {top}")
    axis.set(xlabel=f"rows that have a word among their {k} nearest", ylabel="words")
    axis.set_yscale("log")
    axis.legend()
    return Figure(
        figure,
        "Two histograms on a log scale of how many source words have a target word "
        f"among their {k} neighbours, a mean of {counts.mean():.0f}; "
        f"the most is {', '.join(most)}.",
        "With cosines a few words are everybody's neighbour; CSLS cuts the tail.",
    )


def all_of(report, languages):
    """Every figure of a run, by name.

    Args:
        report: a `Report`.
        languages: `data.Languages`.
    """
    config, found = report.config, {}
    for name in config.variants:
        if f"{name}/p1_0" in report.history:
            figure = training(report.history, name, config.restarts)
            found[f"training_{name}"] = Figure(
                figure.figure, f"{VARIANTS[name].label}. {figure.alt}", figure.caption
            )
    return found
