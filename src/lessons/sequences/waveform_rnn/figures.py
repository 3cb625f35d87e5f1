"""Figures of a run and of recorded runs; the notebook shows the same ones."""

import numpy as np
from scipy import signal

from lessons.sequences.waveform_rnn.variants import VARIANTS
from lessons.toolkit import charts, figures
from lessons.toolkit.figures import BLUE, GREEN, GREY, ORANGE, PINK, Figure


def waveforms(truth, predicted, generated, window, sample_rate):
    """Truth, prediction and generation of one voice, and their squared errors.

    Args:
        truth: shape (N,), its first `window` samples the seed.
        predicted, generated: the samples after the seed, shape (N - window,).
        window: W.
        sample_rate: in hertz.
    """
    figure, (top, bottom) = figures.new(
        2, 1, size=(7.6, 4.2), sharex=True, height_ratios=(1.5, 1)
    )
    times = np.arange(len(truth)) / sample_rate * 1000
    after = times[window : window + len(predicted)]
    top.plot(times, truth, color=ORANGE, label="truth", linewidth=2.4, alpha=0.6)
    for sound, color, label in (
        (predicted, BLUE, "predicted"),
        (generated, GREEN, "generated"),
    ):
        top.plot(after, sound, color=color, label=label, linewidth=1.2)
        errors = (sound - truth[window : window + len(sound)]) ** 2
        bottom.semilogy(after, np.maximum(errors, 1e-7), color=color, label=label)
    for axis in (top, bottom):
        axis.axvspan(0, times[window], color="0.9")
    top.annotate(
        "seed", (times[window] / 2, 1), (0, -9), ha="center", fontsize=8,
        xycoords=("data", "axes fraction"), textcoords="offset points",
    )  # fmt: skip
    top.set_ylabel("amplitude (std = 1)")
    top.legend(fontsize=8, ncols=3, loc="lower right")
    bottom.set(xlabel="time (ms)", ylabel="squared error", ylim=(1e-7, 30))
    means = [
        np.mean((s - truth[window:][: len(s)]) ** 2) for s in (predicted, generated)
    ]
    return Figure(
        figure,
        "Two line charts against time, the first window shaded. Above, a vowel's "
        "waveform in orange with the predicted one in blue upon it and the generated "
        "one in green, which has the same periods and shape. Below, squared errors "
        f"on a log scale: {means[0]:.2g} on the mean predicted, {means[1]:.2g} "
        "generated.",
        "Predicted samples lie on the truth; generated ones keep its shape and drift.",
    )


def training(history, names):
    """Alpha, learning rate and the gradient's norm against the epoch.

    Args:
        history: columns `VARIANT/alpha`, `VARIANT/rate` and `VARIANT/norm`.
        names: of the variants drawn.
    """
    chosen = {name: VARIANTS[name] for name in names}
    figure, axes = figures.new(1, 3, size=(7.8, 2.9))
    labels = ("α: part of truth", "learning rate", "norm of the gradient")
    for axis, column, label in zip(
        axes, ("alpha", "rate", "norm"), labels, strict=True
    ):
        figures.curves(axis, history, column, chosen)
        axis.set(xlabel="epoch", ylabel=label)
    axes[1].ticklabel_format(axis="y", scilimits=(-3, -3), useMathText=True)
    axes[0].set_ylim(-0.03, 1.03)
    axes[2].set_yscale("log")
    axes[0].legend(fontsize=8, loc="lower left")
    late = [np.median(history[f"{n}/norm"][-25:]) for n in names]
    texts = ", ".join(
        f"{VARIANTS[n].label} {v:.2g}" for n, v in zip(names, late, strict=True)
    )
    return Figure(
        figure,
        "Three line charts against the epoch: alpha, the learning rate, and the norm "
        f"of the gradient on a log scale. Median norm of the last epochs: {texts}.",
        "As α falls towards 0, C's gradient grows a hundredfold; B's does not.",
    )


def error_curves(history, names, every):
    """Errors of prediction and generation on test voices while networks train.

    Args:
        history: columns `VARIANT/prediction` and `VARIANT/generation`.
        names: of the variants drawn, a panel each.
        every: epochs between two points.
    """
    figure, axes = figures.new(
        1, len(names), size=(7.8, 2.9), sharey=True, squeeze=False
    )
    ends = []
    for axis, name in zip(axes[0], names, strict=True):
        for column, color in (("generation", PINK), ("prediction", BLUE)):
            values = history[f"{name}/{column}"]
            epochs = every * np.arange(1, len(values) + 1)
            axis.semilogy(epochs, values, color=color, label=column)
        ends.append(f"{VARIANTS[name].label} {history[f'{name}/generation'][-1]:.2g}")
        axis.set(title=VARIANTS[name].label, xlabel="epoch")
    axes[0, 0].set_ylabel("mean squared error")
    axes[0, 0].legend(fontsize=8)
    return Figure(
        figure,
        "Line charts of two errors on test voices against the epoch, a panel for "
        "each network, on a log scale: prediction falls far below generation in all "
        f"of them. Generation ends at: {', '.join(ends)}.",
        "Prediction is easy, generation hard, with and without mixed training.",
    )


def error_dots(values, metric, lines, title):
    """An error over seeds: a dot for each seed and a line at the mean.

    Args:
        values: errors over seeds by variant.
        metric: what it is, for the axis.
        lines: pairs (label, number) of yardsticks, drawn across.
        title: of the chart.
    """
    figure, axis = figures.new(size=(7.6, 3.5))
    charts.seed_dots(axis, values, VARIANTS)
    charts.yardsticks(axis, lines, len(values) - 0.6)
    labels = [VARIANTS[name].label for name in values]
    axis.set_xticks(range(len(values)), labels, rotation=20, fontsize=8)
    axis.set(ylabel=metric, title=title, ylim=(0, None), xlim=(-0.6, len(values) + 0.5))
    means = charts.means_in_words(values, VARIANTS, 3)
    rivals = ", ".join(f"{label} {number:.3f}" for label, number in lines)
    return Figure(
        figure,
        f"Dot chart of the {metric}, a dot for each seed and a line at the mean: "
        f"{means}. Dotted lines: {rivals}.",
        "Eight seeds each; the differences are smaller than the spread.",
    )


def spectra(sounds, weights, sample_rate):
    """Log spectra of sounds, with the envelope of a linear predictor.

    Args:
        sounds: by label, shape (samples,).
        weights: of the linear predictor, shape (q,).
        sample_rate: in hertz.
    """
    figure, axis = figures.new(size=(7.4, 3.3))
    colors = (ORANGE, GREEN, BLUE)
    for (label, sound), color in zip(sounds.items(), colors, strict=False):
        shape = np.hanning(len(sound))
        power = np.abs(np.fft.rfft(sound * shape)) ** 2 / np.sum(shape**2)
        frequencies = np.fft.rfftfreq(len(sound), 1 / sample_rate) / 1000
        level = 10 * np.log10(np.maximum(power, 1e-9))
        front = 3 if label == "truth" else 2
        axis.plot(
            frequencies, level, color=color, label=label, linewidth=0.9, zorder=front
        )
    places, response = signal.freqz(
        [1.0], np.append(1.0, -weights), 512, fs=sample_rate
    )
    envelope = 20 * np.log10(np.abs(response))
    first = 10 * np.log10(np.max(power))
    axis.plot(
        places / 1000,
        envelope - envelope.max() + first,
        color=GREY,
        linestyle="--",
        zorder=4,
        label=f"linear predictor of order {len(weights)}",
    )
    axis.set(xlabel="frequency (kHz)", ylabel="level (dB)", ylim=(-60, None))
    axis.set_xlim(0, 3)
    axis.legend(fontsize=8)
    return Figure(
        figure,
        f"Line chart of log spectra against frequency for {', '.join(sounds)}. The "
        "truth is a comb of harmonics that follows the dashed envelope of a linear "
        "predictor, with peaks near 0.7 and 1.1 kHz. The generated sounds have a sharp "
        "peak near 0.7 kHz and little of the comb.",
        "The truth has all harmonics; what was generated has one of them and noise.",
    )


def all_of(report, sounds):
    """Every figure of a run, by name.

    Args:
        report: a `Report`.
        sounds: `data.Sounds`.
    """
    names = [n for n in report.config.variants if f"{n}/generation" in report.history]
    found = {"training": training(report.history, report.config.variants)}
    if names:
        found["errors"] = error_curves(
            report.history, names[:4], report.config.look_every
        )
    window, length = report.config.window, report.config.length
    model = report.models.get("model") or next(iter(report.models.values()))
    voice = sounds.test[:1, :length]
    predicted = model.predict_on_batch(voice)[0]
    generated = model.generate(voice[:, :window], len(predicted))[0]
    found["waveforms"] = waveforms(
        voice[0], predicted, generated, window, sounds.sample_rate
    )
    return found
