"""Figures of a run and of recorded runs; the notebook shows the same ones."""

import matplotlib.colors
import numpy as np

from lessons.sequences.wavenet_autoencoder import data, evaluation, spectra
from lessons.sequences.wavenet_autoencoder.variants import VARIANTS
from lessons.toolkit import figures, turning
from lessons.toolkit.figures import BLUE, GREEN, GREY, ORANGE, Figure

_LINES = (BLUE, ORANGE, GREEN, "#CC79A7")


def training(history, names):
    """The loss of WaveNets against the epoch.

    Args:
        history: columns `VARIANT/loss`.
        names: of the variants drawn.
    """
    figure, axis = figures.new(size=(6.4, 3.0))
    figures.curves(axis, history, "loss", {name: VARIANTS[name] for name in names})
    axis.set(xlabel="epoch", ylabel="loss (nats a sample)")
    axis.legend(fontsize=8)
    ends = ", ".join(
        f"{VARIANTS[n].label} {history[f'{n}/loss'][-1]:.2f}" for n in names
    )
    return Figure(
        figure,
        f"Line chart of the training loss against the epoch; it ends at: {ends}.",
        "Every network learns most in its first epoch.",
    )


def rainbowgrams(rows, sample_rate, labels, lowest=110.0, num_bins=96, hop=32):
    """Constant-Q pictures: brightness is the level, hue the instantaneous frequency.

    Args:
        rows: list of rows, each a list of sounds of shape (samples,).
        sample_rate: in hertz.
        labels: (names of the rows, names of the columns).
        lowest, num_bins, hop: of `spectra.constant_q`, 24 bins an octave.
    """
    figure, axes = figures.new(
        len(rows), len(rows[0]), size=(7.6, 1.55 * len(rows) + 0.6),
        sharex=True, sharey=True, squeeze=False,
    )  # fmt: skip
    light = np.zeros((len(rows), len(rows[0])))
    for i, row in enumerate(rows):
        for j, sound in enumerate(row):
            axis = axes[i, j]
            places, transform = spectra.constant_q(
                sound, sample_rate, lowest, num_bins, 24, hop
            )
            hue, bright = spectra.rainbow(transform, places, hop, sample_rate)
            light[i, j] = 100 * bright.mean()
            color = np.stack([hue, np.full_like(hue, 0.75), bright], axis=-1)
            picture = matplotlib.colors.hsv_to_rgb(color)
            extent = (0, len(sound) / sample_rate, 0, num_bins / 24)
            axis.imshow(picture, origin="lower", aspect="auto", extent=extent)
            axis.grid(visible=False)
            if i == 0:
                axis.set_title(labels[1][j], fontsize=10)
            if j == 0:
                axis.set_ylabel(f"{labels[0][i]}\noctaves > {lowest:g} Hz", fontsize=9)
            if i == len(rows) - 1:
                axis.set_xlabel("time (s)")
    means = zip(labels[1], light.mean(axis=0), strict=True)
    shares = ", ".join(f"{name} {value:.0f}" for name, value in means)
    return Figure(
        figure,
        f"Grid of constant-Q spectrograms, rows {', '.join(labels[0])}, columns "
        f"{', '.join(labels[1])}; time to the right, octaves upwards, hue for the "
        "instantaneous frequency. In the originals harmonics are thin lines of steady "
        "colour on black; noise fills the black with speckles. Mean brightness in "
        f"percent: {shares}.",
        "Lines of one colour are steady tones; speckled colour is noise.",
    )


def tracks(codes, names, hop, sample_rate):
    """Codes over time, a panel for each note.

    Args:
        codes: shape (notes, frames, channels).
        names: of the notes.
        hop: samples of a frame.
        sample_rate: in hertz.
    """
    figure, axes = figures.new(
        1, len(codes), size=(7.6, 2.6), sharey=True, squeeze=False
    )
    times = np.arange(codes.shape[1]) * hop / sample_rate
    for axis, code, name in zip(axes[0], codes, names, strict=True):
        for c in range(code.shape[1]):
            axis.step(times, code[:, c], color=_LINES[c % 4], label=f"$Z_{c + 1}$")
        axis.set(title=name, xlabel="time (s)")
    axes[0, 0].set_ylabel("code")
    axes[0, -1].legend(fontsize=8)
    return Figure(
        figure,
        f"Line charts of the {codes.shape[2]} channels of the code against time for "
        f"notes of {', '.join(names)}: they jump at the onset; then they stay for a "
        "held note and drift as a fading one fades.",
        "The code says when the note begins and how it goes on.",
    )


def by_place(runs, names):
    """Cross-entropy in silence, attack and sound, beside the entropy of the noise.

    Args:
        runs: recorded runs, `results.recorded`.
        names: of the variants.
    """
    figure, axis = figures.new(size=(7.2, 3.3))
    parts = ("silent", "attack", "sounding")
    for i, name in enumerate(names):
        means, spans = figures.mean_and_range([runs[name, f"nll_{p}"] for p in parts])
        look = figures.look(VARIANTS[name], marker="o", linestyle="")
        axis.errorbar(np.arange(3) + 0.12 * (i - 1.5), means, spans, **look)
    for i, p in enumerate(parts):
        floor = runs["entropy", f"nll_{p}"].mean()
        axis.hlines(floor, i - 0.4, i + 0.4, color=GREY, linestyle=":")
    axis.annotate("entropy", (0.42, runs["entropy", "nll_silent"].mean()), fontsize=8)
    axis.set_xticks(range(3), parts)
    axis.set(ylabel="cross-entropy (nats a sample)", ylim=(0, None), xlim=(-0.5, 2.6))
    axis.legend(fontsize=8, loc="lower left")
    words = "; ".join(
        f"{VARIANTS[n].label} "
        + ", ".join(f"{p} {runs[n, f'nll_{p}'].mean():.2f}" for p in parts)
        for n in names
    )
    return Figure(
        figure,
        f"Dot chart of the cross-entropy by place in the note, mean and range of "
        f"{len(runs)} seeds: {words}. Dotted lines give the entropy of the noise.",
        "In silence all stand at the entropy of the noise; after the onset, far above.",
    )


def blends(decoded, mixed, amounts, sample_rate):
    """A figure that turns: spectra of decoded blends of codes and of mixed waveforms.

    Args:
        decoded, mixed: sounds, shape (amounts, samples).
        amounts: a of each.
        sample_rate: in hertz.

    Returns:
        A `Turning`.
    """
    frames, alts = [], []
    places = np.fft.rfftfreq(decoded.shape[1], 1 / sample_rate)
    shape = np.hanning(decoded.shape[1])
    power = [np.abs(np.fft.rfft(s * shape)) ** 2 for s in (decoded, mixed)]
    levels = [10 * np.log10(np.maximum(p, 1e-4)) for p in power]
    centroids = [(p @ places) / p.sum(axis=1) for p in power]
    top = max(level.max() for level in levels)
    for i, amount in enumerate(amounts):
        figure, axes = figures.new(1, 2, size=(7.6, 2.8), sharey=True)
        figure.set_layout_engine("none")
        for j, (axis, title) in enumerate(
            zip(
                axes,
                ("decoded from the blend of codes", "mixed waveforms"),
                strict=True,
            )
        ):
            axis.set_position((0.09 + 0.47 * j, 0.18, 0.42, 0.7))
            axis.plot(places, levels[j][i], color=(BLUE, ORANGE)[j], linewidth=0.9)
            axis.axvline(centroids[j][i], color=GREY, linestyle=":")
            axis.set(title=title, xlabel="frequency (Hz)", ylim=(top - 60, top + 3))
        axes[0].set_ylabel("level (dB)")
        frames.append(figure)
        alts.append(
            f"At a = {amount:.1f} the centroid is {centroids[0][i]:.0f} hertz decoded, "
            f"{centroids[1][i]:.0f} hertz mixed."
        )
    return turning.turn(
        frames,
        [f"a = {amount:.1f}" for amount in amounts],
        "part of the second note, a",
        "Two spectra that change with the amount of the second note, decoded from "
        "blended codes on the left and mixed as waveforms on the right; a dotted line "
        "marks the centroid.",
        "A mixture holds the harmonics of both notes; a blend of codes need not.",
        alts=alts,
        start=len(amounts) // 2,
    )


def all_of(report, split):
    """Every figure of a run, by name.

    Args:
        report: a `Report`.
        split: `data.Split`.
    """
    names = [n for n in report.config.variants if not VARIANTS[n].spectral]
    found = {}
    if names:
        found["training"] = training(report.history, names)
    model = report.models.get("model") or next(iter(report.models.values()))
    few = split.test.pick(slice(0, 3))
    labels = [split.families[f] for f in few.family]
    # Six at once: the smoke preset has a generator compiled for as many.
    six = split.test.pick(slice(0, 6))
    sounds = evaluation.reconstruct(model, six, report.config)[:3]
    pairs = [list(pair) for pair in zip(few.audio, sounds, strict=True)]
    bins = int(24 * np.log2(0.47 * split.sample_rate / 110))
    found["rainbowgrams"] = rainbowgrams(
        pairs, split.sample_rate, (labels, ["original", "reconstruction"]),
        num_bins=min(96, bins),
    )  # fmt: skip
    codes = None
    if not hasattr(model, "down"):
        codes = evaluation.encode(model, data.pack(few))
    if codes is not None:
        found["codes"] = tracks(codes, labels, report.config.hop, split.sample_rate)
    return found
