"""Figures of a run and of recorded runs; the notebook shows the same ones."""

import numpy as np

from lessons.language.noisy_translation import bpe, evaluation, noise
from lessons.language.noisy_translation.variants import VARIANTS
from lessons.toolkit import charts, figures, turning
from lessons.toolkit.figures import BLACK, COLORS, GREY, Figure, look

NOISES = ("clean", *noise.KINDS)
NAMES = {
    "clean": "clean",
    "swap": "Swap",
    "mid": "Mid",
    "rand": "Rand",
    "key": "Key",
    "nat": "Nat",
}
_TINTS = ("#cfe5f2", "#f9dcc9", "#cdeade", "#f3dfeb")  # of pieces of a word


def heat_map(values, names):
    """BLEU of every translator under every noise, a table in colours.

    Args:
        values: function of (VARIANT, METRIC) that gives a number, or one per seed.
        names: variants, from top to bottom.
    """
    table = np.array([[np.mean(values(n, kind)) for kind in NOISES] for n in names])
    figure, axis = figures.new(size=(7.0, 0.9 + 0.34 * len(names)))
    axis.imshow(table, vmin=0, vmax=100, cmap="cividis", aspect="auto")
    for row, numbers in enumerate(table):
        for column, number in enumerate(numbers):
            color = "white" if number < 55 else BLACK
            axis.text(
                column, row, f"{number:.0f}", ha="center", va="center", color=color
            )
    axis.set_xticks(range(len(NOISES)), [NAMES[kind] for kind in NOISES])
    axis.set_yticks(range(len(names)), [VARIANTS[n].label for n in names])
    axis.set(xlabel="noise of the test sentences", ylabel="reader, trained on")
    axis.grid(False)
    rows = "; ".join(
        f"{VARIANTS[n].label} " + ", ".join(f"{x:.0f}" for x in numbers)
        for n, numbers in zip(names, table, strict=True)
    )
    return Figure(
        figure,
        "Table in colours of BLEU, a row for each translator, columns "
        f"{', '.join(NAMES.values())}: {rows}.",
        "BLEU from 0 (dark) to 100 (light); a translator without a noise was trained "
        "on clean sentences.",
    )


def shares(values, names, floor):
    """BLEU against the share of words that a noise may touch, a line per translator.

    Args:
        values: function of (VARIANT, METRIC) that gives a number, or one per seed.
        names: variants.
        floor: BLEU of an answer that does not look at the sentence.
    """
    figure, axes = figures.new(1, 2, size=(8.6, 3.3), sharey=True)
    places, texts = (0, *evaluation.SHARES, 100), []
    for axis, kind in zip(axes, evaluation.CURVES, strict=True):
        keys = ("clean", *(f"{kind}_{share}" for share in evaluation.SHARES), kind)
        for name in names:
            rows = [np.atleast_1d(values(name, key)) for key in keys]
            means, spans = figures.mean_and_range(rows)
            options = look(VARIANTS[name])
            axis.errorbar(places, means, spans, capsize=2, **options)
            texts.append(f"{VARIANTS[name].label} {means[0]:.0f} to {means[-1]:.0f}")
        axis.axhline(floor, color=GREY, linestyle=":", linewidth=1.2)
        axis.set(xlabel="words given to the noise (%)", title=NAMES[kind])
        axis.set_xticks(places)
    axes[0].set(ylabel="BLEU", ylim=(0, 103))
    axes[0].legend(fontsize=8, loc="lower left")
    half = len(names)
    return Figure(
        figure,
        "Two line charts of BLEU against the per cent of words given to a noise, from "
        f"0 to 100. Swap: {', '.join(texts[:half])}. Rand: {', '.join(texts[half:])}. "
        f"A dotted line at {floor:.0f} marks an answer that does not look.",
        "Dotted: the best constant sentence. Bars, if any, are ranges over seeds.",
    )


def touched(values, changed, moved, names):
    """BLEU of each noise against how many words, and letters, it changes.

    Args:
        values: function of (VARIANT, METRIC) that gives one number per seed.
        changed, moved: per cent of words and of letters by noise, one per seed.
        names: variants.
    """
    figure, axes = figures.new(1, 2, size=(8.6, 3.3), sharey=True)
    for axis, touched_by, label in (
        (axes[0], changed, "words changed (%)"),
        (axes[1], moved, "letters not in their place (%)"),
    ):
        places = np.array([np.mean(touched_by(kind)) for kind in noise.KINDS])
        for number, name in enumerate(names):
            beside = 1.2 * (number - (len(names) - 1) / 2)  # dots do not hide others
            means, spans = figures.mean_and_range(
                [values(name, kind) for kind in noise.KINDS]
            )
            options = look(VARIANTS[name], linestyle="", marker="o")
            axis.errorbar(places + beside, means, spans, capsize=2, **options)
        order = sorted(zip(places, noise.KINDS, strict=True))
        for number, (place, kind) in enumerate(order):
            height = 104 + 6 * (number % 3)  # three rows: neighbours stay apart
            axis.text(place, height, NAMES[kind], ha="center", fontsize=8, color=GREY)
        axis.set(xlabel=label, xlim=(0, 105))
    axes[0].set(ylabel="BLEU", ylim=(0, 122))
    axes[0].legend(fontsize=8, loc="lower left")
    numbers = ", ".join(
        f"{NAMES[kind]} {np.mean(changed(kind)):.0f} and {np.mean(moved(kind)):.0f}"
        for kind in noise.KINDS
    )
    return Figure(
        figure,
        "Two charts of BLEU, a column of dots for each noise: on the left against the "
        "per cent of words that it changes, on the right against the per cent of "
        f"letters that are not in their place. These are: {numbers}.",
        "Dots are means over seeds, bars their ranges. A letter too few or too many "
        "moves all letters behind it.",
    )


def filters(values, names, first, untrained):
    """How flat filters are, and how far scrambled words lie apart, a column each.

    Args:
        values: function of (VARIANT, METRIC) that gives one number per seed.
        names: variants with charCNN.
        first: flatness of independent weights, (k - 1) / k.
        untrained: spread of an untrained charCNN by what its filters are.
    """
    spreads = [(f"untrained, filters {k}", spread) for k, spread in untrained.items()]
    figure, axes = figures.new(1, 2, size=(8.6, 3.4))
    for axis, metric, label, lines in (
        (
            axes[0],
            "flatness",
            "variance / mean square",
            [("independent weights", first)],
        ),
        (axes[1], "spread", "spread, scrambled / words", spreads),
    ):
        charts.seed_dots(axis, {n: values(n, metric) for n in names}, VARIANTS)
        labels = [VARIANTS[n].label.removeprefix("charCNN, ") for n in names]
        axis.set_xticks(range(len(names)), labels, rotation=30, fontsize=8)
        most = max(np.max(values(n, metric)) for n in names)
        most = max(most, *(number for _, number in lines))
        axis.set(ylabel=label, ylim=(0, 1.12 * most))
        charts.yardsticks(axis, lines, -0.4)
    texts = ", ".join(
        f"{VARIANTS[n].label} {np.mean(values(n, 'flatness')):.2f} and "
        f"{np.mean(values(n, 'spread')):.2f}"
        for n in names
    )
    return Figure(
        figure,
        "Two charts with a column of dots, one per seed, for each training noise: on "
        "the left the variance of filters along the word as a share of their mean "
        f"square, on the right the spread of scrambled spellings. Means: {texts}. "
        "Dotted lines: "
        + ", ".join(f"{name} {number:.2f}" for name, number in spreads)
        + f", independent weights {first:.2f}.",
        "Dots are seeds, lines their means; dotted lines belong to untrained networks.",
    )


def reading(sentence, reference, shares_shown, noised, segmenter, translated):
    """Turn up the share of noised words: what is read, in pieces, and translations.

    Args:
        sentence: source words.
        reference: target words.
        shares_shown: per cent of noised words, one for each position of the knob.
        noised: source words at each position.
        segmenter: a `bpe.Segmenter`.
        translated: (label, translation at each position, BLEU at each position) of each
            translator.

    Returns:
        A `Turning`.
    """
    frames, alts = [], []
    for place, words in enumerate(noised):
        figure, axis = figures.new(size=(8.4, 3.1))
        axis.set(xlim=(0, 100), ylim=(0, 10))
        axis.set_axis_off()
        axis.text(0, 9.2, "read", color=GREY, fontsize=9)
        _pieces(axis, words, sentence, segmenter)
        axis.text(0, 5.0, "should be", color=GREY, fontsize=9)
        axis.text(25, 5.0, " ".join(reference), fontsize=10)
        for row, (label, sentences, scores) in enumerate(translated):
            height = 3.6 - 1.25 * row
            axis.text(0, height, label, color=GREY, fontsize=9)
            axis.text(25, height, " ".join(sentences[place]), fontsize=10)
            axis.text(100, height, f"BLEU {scores[place]:.0f}", ha="right", fontsize=9)
        frames.append(figure)
        alts.append(
            f"{shares_shown[place]} per cent of the words noised: "
            f"{' '.join(words)}. "
            + ". ".join(f"{t[0]}: {' '.join(t[1][place])}" for t in translated)
            + "."
        )
    return turning.turn(
        frames,
        [f"{share} %" for share in shares_shown],
        "words given to the noise",
        "A German sentence whose words are scrambled one after the other, cut into "
        "coloured pieces, its right translation, and what translators make of it.",
        "Pieces of byte pair encoding are shaded; BLEU is that of the whole test set.",
        alts=alts,
        start=len(frames) // 2,
    )


def _pieces(axis, words, clean, segmenter):
    """Write words, their pieces shaded in turn; changed words are bold."""
    x, y = 25.0, 9.2
    for word, right in zip(words, clean, strict=True):
        pieces = segmenter([word])
        if x + 1.5 * len(word) > 99:
            x, y = 25.0, y - 1.8
        for number, piece in enumerate(pieces):
            text = piece.removesuffix(bpe.END)
            if not text:
                continue
            width = 1.5 * len(text)
            axis.text(
                x + width / 2,
                y,
                text,
                family="monospace",
                ha="center",
                weight="bold" if word != right else "normal",
                fontsize=9.5,
                bbox={
                    "facecolor": _TINTS[number % len(_TINTS)],
                    "edgecolor": "none",
                    "pad": 1.2,
                },
            )
            x += width + 0.5
        x += 1.6


def clouds(panels):
    """Vectors of words and of their scrambled spellings, in two dimensions.

    Args:
        panels: (title, words, vectors of shape (words, spellings, 2)) each; the first
            spelling is the right one.
    """
    figure, axes = figures.new(1, len(panels), size=(9.0, 3.4))
    colors = ("blue", "orange", "green", "pink", "amber")
    for axis, (title, words, vectors) in zip(axes, panels, strict=True):
        equal = {}
        for word, places, color in zip(words, vectors, colors, strict=False):
            tint = COLORS[color]
            axis.plot(*places[1:].T, "o", ms=4, alpha=0.5, color=tint)
            axis.plot(
                *places[0], "*", ms=13, color=tint, mec=BLACK, mew=0.5, label=word
            )
            equal.setdefault(tuple(places[0].round(4)), []).append(word)
        for place, same in equal.items():
            if len(same) > 1:
                axis.annotate(
                    " = ".join(same), place, (8, -4), textcoords="offset points"
                )
        axis.margins(0.12, 0.16)
        axis.set(title=title, xlabel="first component")
    axes[0].set(ylabel="second component")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=5)
    return Figure(
        figure,
        f"{len(panels)} charts of words as points in a plane, each word with twenty "
        "scrambled spellings as dots around its star: "
        f"{', '.join(title for title, *_ in panels)}.",
        "Stars are the words, dots their scrambled spellings; every chart has axes of "
        "its own.",
    )


def all_of(report):
    """The figures of a report, by name."""
    names = report.config.variants

    def values(name, key):
        return report.metrics[f"{name}/{key}"]

    return {
        "noises": heat_map(values, names),
        "shares": shares(values, names, report.metrics["floor/constant"]),
    }
