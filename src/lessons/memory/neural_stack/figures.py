"""Figures of a run and of recorded runs; the notebook shows the same ones."""

import numpy as np

from lessons.memory.neural_stack import evaluation
from lessons.memory.neural_stack.variants import VARIANTS
from lessons.toolkit import charts, figures
from lessons.toolkit.figures import BLUE, GREEN, GREY, ORANGE, Figure, look

SIGNALS = {  # of `signals`: what stands below a column of dots
    "own": "own",
    "average": "average\nof each\nphase",
    "shifted": "own,\nmoved to\n$q = p$",
    "even": "average,\n$q = p$",
    "even_0.8": "average,\n$q = p$,\ntimes 0.8",
    "even_0.7": "average,\n$q = p$,\ntimes 0.7",
    "even_0.5": "average,\n$q = p$,\ntimes 0.5",
    "exact": "0 and 1,\nseparator\nkept",
    "rounded": "rounded\nto 0 and 1",
}


def learning(history, config):
    """Loss against updates, one line per network.

    Args:
        history: columns called `VARIANT/loss`.
        config: a `Config`.
    """
    figure, axis = figures.new(size=(7.0, 3.3))
    drawn = figures.curves(
        axis, history, "loss", VARIANTS, every=config.updates_per_epoch
    )
    if config.stop:
        charts.yardsticks(axis, [("learned", config.learned_below)], 0)
    axis.set(yscale="log", xlabel="updates", ylabel="loss (nats per symbol)")
    axis.legend(fontsize=8)
    last = ", ".join(
        f"{VARIANTS[n].label} {history[f'{n}/loss'][-1]:.2g}" for n in drawn
    )
    return Figure(
        figure,
        "Line chart of the training loss against updates on a logarithmic axis, one "
        f"line per network. They end at: {last}.",
        f"{config.task.replace('_', ' ')}: same sequences, same optimizer.",
    )


def accuracy(values, config, title=""):
    """Coarse and fine accuracy against length: dots are seeds, lines their means.

    Args:
        values: function of (VARIANT, METRIC) that gives a number, or one per seed.
        config: a `Config`.
        title: of the chart.
    """
    figure, axes = figures.new(1, 2, size=(8.6, 3.4), sharey=True)
    lengths = np.array(sorted(config.test_lengths))
    texts = []
    for axis, kind in zip(axes, ("coarse", "fine"), strict=True):
        axis.axvspan(min(config.train_lengths), max(config.train_lengths), color="0.9")
        for index, name in enumerate(config.variants):
            rows = np.array(
                [np.atleast_1d(values(name, f"{kind}_{n}")) for n in lengths]
            )
            places = lengths + 0.12 * (index - len(config.variants) / 2)
            options = look(VARIANTS[name])
            if rows.shape[1] > 1:
                axis.plot(places, rows, "o", ms=3, alpha=0.35, color=options["color"])
            axis.plot(places, rows.mean(1), **options)
            if kind == "coarse":
                texts.append(f"{VARIANTS[name].label} {rows[-1].mean():.2f}")
        axis.set(xlabel="symbols of the sequence", title=f"{kind}{title}")
        axis.set_xticks(lengths)
    axes[0].set(ylabel="accuracy", ylim=(-0.03, 1.03))
    known = [
        evaluation.remembers(config, n, max(config.train_lengths)) for n in lengths
    ]
    for axis, shares in zip(axes, np.transpose(known), strict=True):
        axis.plot(lengths, shares, "x", color=GREY, label="knows 6, guesses")
    axes[0].legend(fontsize=7, loc="upper right")
    return Figure(
        figure,
        f"Two line charts{title} against the length of the sequence, trained lengths "
        "shaded: on the left the share of sequences that are right, on the right the "
        "share of symbols before the first error, a line per network; crosses mark who "
        "knows as many symbols as the longest trained sequence has. Coarse accuracy at "
        f"the greatest length: {', '.join(texts)}.",
        "Shaded: lengths seen in training. Lines are means; dots, if any, seeds.",
    )


def strengths(trace, batch, config, row=0):
    """Signals and strengths of one sequence over time, for a stack or a queue.

    Args:
        trace: a `Trace`.
        batch: the `Sequences` it is of.
        config: a `Config`.
        row: which sequence.
    """
    steps = int(np.flatnonzero(batch.mask[row])[-1]) + 1
    figure, (top, middle, bottom) = figures.new(
        3, 1, size=(7.6, 6.2), sharex=True, height_ratios=(1, 1.6, 1.6)
    )
    time = np.arange(steps)
    pushes, pops = (np.asarray(x)[row, :steps, 0] for x in (trace.pushes, trace.pops))
    top.bar(time - 0.2, pushes, 0.4, color=BLUE, label="push $d_t$")
    top.bar(time + 0.2, pops, 0.4, color=ORANGE, label="pop $u_t$")
    top.set(ylabel="signal", ylim=(0, 1.45), yticks=(0, 0.5, 1))
    top.legend(fontsize=8, ncols=2, loc="upper right")
    maps = np.asarray(trace.strengths)[row], np.asarray(trace.weights)[row, :, 0]
    for axis, array, label in zip(
        (middle, bottom), maps, ("strength", "weight in the read"), strict=True
    ):
        drawn = array[:steps, :steps].T
        axis.imshow(drawn, aspect="auto", vmin=0, vmax=1, cmap="gray_r", origin="lower")
        axis.grid(False)
        axis.set(ylabel=f"cell\n({label})", yticks=range(0, steps, 4))
    shown, told = batch.inputs[row, :steps], batch.targets[row, :steps]
    asked = batch.mask[row, :steps] > 0
    letters = [chr(96 + t) if 0 < t <= config.symbols else "|" for t in shown]
    letters = [
        f"→{chr(97 + c)}" if a else x
        for x, c, a in zip(letters, told, asked, strict=True)
    ]
    bottom.set_xticks(time, letters)
    bottom.set_xlabel("step: symbol shown, | the separator, → symbol wanted")
    half = float(pushes[: steps // 2].mean()), float(pops[steps // 2 + 1 :].mean())
    return Figure(
        figure,
        f"Three charts over the {steps} steps of one sequence. Above, bars of push and "
        f"pop: pushes are {half[0]:.2f} on the mean while symbols come in, pops "
        f"{half[1]:.2f} while the answer is given. Below, the strength of each cell "
        "and its weight in the read, dark where it is large: the cells fill up one "
        "after the other and are emptied again.",
        "Cells fill from the bottom while symbols come in; what is read moves over "
        "them while the answer is given. The grey stairs on the right are the cells "
        "that are pushed, weakly, during the answer.",
    )


def interventions(values):
    """Accuracy at the greatest length with a controller's own and with other signals.

    Args:
        values: coarse accuracies over seeds, by the keys of `SIGNALS`.
    """
    figure, axis = figures.new(size=(8.6, 3.5))
    for place, name in enumerate(SIGNALS):
        numbers = np.asarray(values[name])
        axis.plot(np.full(len(numbers), place), numbers, "o", color=BLUE, alpha=0.45)
        axis.hlines(numbers.mean(), place - 0.3, place + 0.3, color="black")
    axis.set_xticks(range(len(SIGNALS)), SIGNALS.values(), fontsize=8)
    axis.set(ylabel="coarse accuracy at 18", ylim=(-0.03, 1.03))
    axis.grid(axis="x", visible=False)
    means = ", ".join(f"{n} {np.mean(values[n]):.2f}" for n in SIGNALS)
    return Figure(
        figure,
        "Dot chart of coarse accuracy at length 18 for trained stacks, a dot for each "
        f"seed and a line at the mean, with several kinds of signals: {means}.",
        "The same trained networks; only pushes and pops were replaced.",
    )


def balance(groups):
    """Accuracy at the greatest length against |p - q| and against p, a dot a stack.

    Args:
        groups: by label, a triple of arrays over seeds: imbalance |p - q|, net push p
            and coarse accuracy.
    """
    figure, axes = figures.new(1, 2, size=(8.6, 3.3), sharey=True)
    looks = ((BLUE, "o"), (ORANGE, "s"), (GREEN, "^"))
    for (label, (*places, accuracies)), (color, marker) in zip(
        groups.items(), looks, strict=False
    ):
        for axis, place in zip(axes, places, strict=True):
            axis.plot(place, accuracies, marker, color=color, alpha=0.8, label=label)
    axes[0].set(xlabel="imbalance $|p - q|$", xscale="log", ylim=(-0.03, 1.03))
    axes[0].set(ylabel="coarse accuracy at 18")
    axes[1].set(xlabel="net push $p$", xlim=(0.4, 1))
    axes[0].legend(fontsize=8)
    texts = [
        f"{label}: accuracy {_between(a, 2)}, imbalance {_between(i, 3)}, net push "
        f"{_between(p, 2)}"
        for label, (i, p, a) in groups.items()
    ]
    return Figure(
        figure,
        "Two scatter charts of coarse accuracy at length 18, a dot for each trained "
        "stack: on the left against the imbalance of pushes and pops, where accuracy "
        "tends to be high at small imbalance, on the right against the net push. "
        f"{'; '.join(texts)}.",
        "A dot is a trained stack. Left: how badly pushes and pops balance. Right: how "
        "strong the net push is.",
    )


def _between(numbers, digits):
    return f"{np.min(numbers):.{digits}f} to {np.max(numbers):.{digits}f}"


def all_of(report):
    """Every figure of a run, by name.

    Args:
        report: a `Report`.
    """
    config, metrics = report.config, report.metrics
    found = {"learning": learning(report.history, config)}
    if config.feed == "blank":
        found["accuracy"] = accuracy(lambda name, key: metrics[f"{name}/{key}"], config)
        for name in config.variants:
            model = report.models.get(name, report.models.get("model"))
            if VARIANTS[name].structure in ("stack", "queue"):
                batch = evaluation.test_sequences(config, max(config.test_lengths[:4]))
                trace = model.trace(batch.inputs[:1])
                found["strengths"] = strengths(trace, batch, config)
                break
    return found
