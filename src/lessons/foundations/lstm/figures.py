"""The pictures of a run; the notebook shows them too."""

import numpy as np

from lessons.foundations.lstm import fizzbuzz
from lessons.toolkit import figures
from lessons.toolkit.figures import AMBER, BLACK, BLUE, GREEN, ORANGE, PINK, SKY, Figure

TITLES = {
    "rnn": "plain RNN",
    "bias_1": "LSTM, forget bias 1",
    "bias_2.5": "LSTM, forget bias 2.5",
    "bias_5": "LSTM, forget bias 5",
    "chrono": "LSTM, chrono biases",
    "blocks_1997": "blocks of 1997",
}
_COLORS = dict(zip(TITLES, (ORANGE, AMBER, SKY, BLUE, GREEN, PINK), strict=True))


def text_curve(updates, bits, baselines, source, fresh=None, carried=None):
    """Bits per character against updates, with baselines; by position, if given.

    Args:
        updates, bits: the curve.
        baselines: bits by name.
        source: name of the text.
        fresh, carried: bits by position in a window, from the first state and with
            the state carried; None leaves the second panel out.
    """
    two = fresh is not None
    figure, axes = figures.new(1, 1 + two, size=(9.6 if two else 7.0, 3.6))
    axis = axes[0] if two else axes
    axis.plot(updates, bits, color=BLUE, label="LSTM")
    for name in ("unigram", "bigram", "trigram"):
        axis.axhline(baselines[name], color=BLACK, linewidth=1, linestyle="--")
        axis.annotate(
            name,
            (1, baselines[name]),
            (-4, 3),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            ha="right",
            fontsize=9,
        )
    title = f"held-out text ({'pydoc' if source == 'pydoc' else 'file'})"
    axis.set(xlabel="updates", ylabel="bits per character", title=title)
    alt = "Line chart of bits per character against updates: the curve falls steeply "
    alt += "below the dashed lines of unigrams, bigrams and trigrams."
    if two:
        places = np.arange(1, len(fresh) + 1)
        axes[1].plot(places, fresh, color=ORANGE, label="from the first state")
        axes[1].plot(places, carried, color=BLUE, label="state carried")
        axes[1].set(xlabel="position in the window", ylabel="bits per character")
        axes[1].set_title("what a fresh start costs")
        axes[1].legend(fontsize=9)
        alt += " Second panel: bits by position in a window; from the first state they "
        alt += "start high and fall to the level of the carried state."
    return Figure(figure, alt, "Counting is overtaken, first pairs and then triples.")


def lag_curves(history, config):
    """Training loss on the task with a lag, one line per network.

    Args:
        history: columns called `lag/CELL/loss`.
        config: the `Config` of the run.
    """
    figure, axis = figures.new(size=(7.0, 3.4))
    for kind in config.lag_cells:
        values = history[f"lag/{kind}/loss"]
        stride = config.lag_updates / len(values)
        axis.plot(
            stride * np.arange(1, len(values) + 1),
            values,
            "o-",
            ms=3,
            color=_COLORS[kind],
            label=TITLES[kind],
        )
    unit = "squared error" if config.lag_task == "adding" else "nats"
    axis.set(xlabel="updates", ylabel=f"training loss ({unit})")
    axis.set_title(f"{config.lag_task}, lag {config.lag}")
    axis.legend(fontsize=8)
    return Figure(
        figure,
        "Training loss against updates on a task with a long time lag, one line per "
        "network.",
        "Only networks whose gates stay open long enough leave the level of guessing.",
    )


def polygon(parameters, num_steps=150):
    """Hidden states of a FizzBuzz network in the plane of greatest variance.

    Args:
        parameters: of a trained network (`fizzbuzz.initial`).
        num_steps: steps to show, after 45 steps to settle.
    """
    states, _ = fizzbuzz.forward(parameters, 45 + num_steps)
    states = states[45:] - states[45:].mean(axis=0)
    axes_of, sizes, _ = np.linalg.svd(states, full_matrices=False)
    flat = axes_of[:, :2] * sizes[:2]
    phases = np.arange(45, 45 + num_steps) % 15
    figure, axis = figures.new(size=(5.6, 4.6))
    axis.plot(*flat[:16].T, color="0.75", linewidth=1, zorder=1)
    kinds = fizzbuzz.labels(15)
    colors = ("0.55", BLUE, ORANGE, GREEN)
    for kind, name in enumerate(fizzbuzz.CLASSES):
        rows = kinds[phases] == kind
        axis.scatter(*flat[rows].T, s=36, color=colors[kind], label=name, zorder=2)
    for phase in range(15):
        place = flat[phases == phase].mean(axis=0)
        axis.annotate(str(phase), place, (5, 4), textcoords="offset points", fontsize=9)
    axis.set(xlabel="first principal component", ylabel="second principal component")
    axis.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    repeats = fizzbuzz.drift(parameters) < 0.01
    return Figure(
        figure,
        f"Hidden states of {num_steps} steps in a plane: fifteen "
        f"{'tight clusters' if repeats else 'groups that overlap or spread'}, numbered "
        "by the step modulo 15 and coloured by class, joined in the order of time.",
        "The network has become a clock with fifteen positions."
        if repeats
        else "The states do not repeat after fifteen steps.",
    )
