"""Pictures of tests and models; the drawing is in `figures_theory`."""

import numpy as np
from scipy import stats

from lessons.control.implicit_causal_model.variants import VARIANTS
from lessons.toolkit import figures, turning
from lessons.toolkit.figures import Figure


def all_of(report, shown):
    """The figures of a report.

    Args:
        report: a `Report`.
        shown: p-values of the last setting by variant.
    """
    found = {}
    losses = {k: v for k, v in report.history.items() if k.endswith("/loss")}
    if losses:
        found["losses"] = training(losses)
    if shown:
        found["qq"] = qq(shown, "all SNPs of the last setting")
    return found


def training(losses):
    """Losses of all trained models against the epoch, each from 1 at the start."""
    figure, axis = figures.new()
    for name, values in losses.items():
        axis.plot(np.arange(1, len(values) + 1), values, label=name[: -len("/loss")])
    axis.set(xlabel="epoch", ylabel="loss (nats)")
    axis.legend(fontsize=8)
    names = ", ".join(name[: -len("/loss")] for name in losses)
    return Figure(
        figure,
        f"Line chart of the training loss against the epoch for {names}.",
        "Losses of different kinds of models do not compare with each other.",
    )


def draw_qq(axis, shown, top=8):
    """Draw ordered -log10 p against what uniform ones would be, on an axis."""
    count = len(next(iter(shown.values())))
    places = np.unique(np.geomspace(1, count, 80).astype(int))
    expected = -np.log10((places - 0.5) / count)
    low, high = (
        -np.log10(stats.beta.ppf(part, places, count + 1 - places))
        for part in (0.975, 0.025)
    )
    axis.fill_between(expected, low, high, color="0.85", label="95 % of uniform p")
    axis.plot([0, expected[0]], [0, expected[0]], color=figures.GREY, linewidth=0.8)
    for name, p in shown.items():
        found = -np.log10(np.sort(np.maximum(p, 1e-300)))[places - 1]
        axis.plot(expected, found, **figures.look(VARIANTS[name], marker=""))
    axis.set(
        xlabel="−log10 p expected",
        ylabel="−log10 p found",
        xlim=(0, None),
        ylim=(0, top),
    )


def qq(shown, title):
    """A QQ plot.

    Args:
        shown: p-values by variant.
        title: whose.
    """
    figure, axis = figures.new(size=(6.2, 4))
    draw_qq(axis, shown)
    axis.set_title(title)
    axis.legend(fontsize=8, loc="upper left")
    labels = ", ".join(VARIANTS[name].label for name in shown)
    return Figure(
        figure,
        f"QQ plot of p-values, {title}, with a line each for {labels} and a grey band "
        "where 95 % of uniform p-values lie.",
        "Lines that leave the band upwards report too small p-values.",
    )


def manhattan(shown, study, threshold):
    """-log10 p of every SNP, a panel for each test; causal SNPs marked.

    Args:
        shown: p-values by variant.
        study: a `data.Study`.
        threshold: below which a SNP is selected.
    """
    figure, axes = figures.new(len(shown), 1, size=(8, 4.6), sharex=True)
    order = np.random.default_rng(0).permutation(study.causal.size)  # causal anywhere
    texts = []
    for axis, (name, p) in zip(axes, shown.items(), strict=True):
        height = -np.log10(np.maximum(p, 1e-300))
        chosen, cause = p < threshold, study.causal
        color = figures.COLORS[VARIANTS[name].color]
        axis.plot(order[~cause], height[~cause], ".", color=color, markersize=3)
        axis.plot(order[cause], height[cause], "o", color=figures.ORANGE, markersize=6)
        axis.axhline(-np.log10(threshold), color=figures.BLACK, linewidth=0.8)
        right, wrong = np.sum(chosen & cause), np.sum(chosen & ~cause)
        axis.set(
            ylabel="−log10 p",
            title=f"{VARIANTS[name].label}: {right} causal and {wrong} other SNPs",
        )
        texts.append(
            f"{VARIANTS[name].label} selects {right} causal and {wrong} others"
        )
    axes[-1].set_xlabel("SNP, in random order")
    return Figure(
        figure,
        f"Two Manhattan plots of {study.causal.size} SNPs, minus the logarithm of p "
        f"against the SNP, the {study.causal.sum()} causal ones as large orange dots: "
        f"{'; '.join(texts)}.",
        "Above the line a SNP is selected. Orange: the SNPs that move the trait.",
    )


def map_of(study, z, untrained):
    """True structure beside the components and the fitted means of q(z).

    Args:
        study: a `data.Study` whose first two parts of structure are places.
        z: means of q(z), shape (people, 2).
        untrained: the same before training.
    """
    figure, axes = figures.new(1, 3, size=(8.4, 3.1))
    place = study.structure[:, :2]
    shade = place[:, :1] * [1.0, 0, 0] + place[:, 1:] * [0, 0.2, 1.0]
    shade[:, 1] += 0.25
    panels = (("true place", place), ("q(z) at the start: PCA", untrained))
    for axis, (title, points) in zip(axes, (*panels, ("q(z) fitted", z)), strict=True):
        axis.scatter(*points.T, c=np.clip(shade, 0, 1), s=7)
        axis.set(title=title, xticks=[], yticks=[])
    return Figure(
        figure,
        "Three scatter plots of the same people, coloured by their true place: the "
        "true places, many at the edges of a square; the two leading principal "
        "components; and the fitted means of q(z). In all three neighbours of one "
        "colour stay together.",
        "Left, where people live. Middle, where the model starts. Right, its end.",
    )


def eleven(inflation, pooled, ceiling):
    """Inflation and pooled precision of the tests in all settings.

    Args:
        inflation: numbers over seeds by (setting, variant).
        pooled: precision of all seeds together by (setting, variant).
        ceiling: precision of a calibrated test by its power alone, lowest and highest.
    """
    names = list(dict.fromkeys(name for _, name in pooled))
    settings = list(dict.fromkeys(setting for setting, _ in pooled))
    figure, (above, below) = figures.new(2, 1, size=(8.4, 5.4), sharex=True)
    for shift, name in zip(np.linspace(-0.32, 0.32, len(names)), names, strict=True):
        places = np.arange(len(settings)) + shift
        look = figures.look(VARIANTS[name], linestyle="")
        here = [at for at, s in enumerate(settings) if (s, name) in pooled]
        rows = [inflation[settings[at], name] for at in here]
        means, spans = figures.mean_and_range(rows)
        above.errorbar(places[here], means, spans, ms=4, elinewidth=0.8, **look)
        parts = [pooled[settings[at], name] for at in here]
        below.plot(places[here], parts, markersize=5, **look)
    above.axhline(1, color=figures.GREY, linewidth=0.8)
    above.set(yscale="log", ylabel="inflation λ")
    above.set_yticks([1, 2, 5, 10, 20, 50], ["1", "2", "5", "10", "20", "50"])
    below.axhspan(*ceiling, color="0.9", label="calibrated, by power")
    below.set(ylabel="precision, seeds pooled", ylim=(0, 0.95))
    below.set_xticks(range(len(settings)), settings, rotation=30, ha="right")
    below.legend(fontsize=7, ncols=4, loc="upper center")
    raw = [name for name in names if VARIANTS[name].adjust in ("none", "random")]
    raw = [name for name in raw if VARIANTS[name].kind == "linear"]
    texts = []
    for group in (raw, [name for name in names if name not in raw]):
        keys = [key for key in pooled if key[1] in group]
        lam = [inflation[key].mean() for key in keys]
        part = [pooled[key] for key in keys]
        texts.append(
            f"{min(lam):.2f} to {max(lam):.2f} and {min(part):.2f} to {max(part):.2f}"
        )
    return Figure(
        figure,
        f"Two rows over {len(settings)} settings, a mark for each test: inflation on a "
        "logarithmic axis and pooled precision. Uncorrected tests and random factors: "
        f"{texts[0]}; all others: {texts[1]}, without an order.",
        "Above: means and ranges of eight seeds. Below: true over selected, all seeds "
        "together; the grey band is what power alone allows.",
    )


def starts(runs, also, setting, names, other_names):
    """What z tells of the structure, and inflation, by where the model starts.

    Args:
        runs, also: `results.Runs` with the variants `names` and `other_names`.
        setting: whose.
        names, other_names: of variants.
    """
    figure, axis = figures.new(size=(6.6, 3.4))
    texts = []
    for source, group in ((runs, names), (also, other_names)):
        for name in group:
            look = figures.look(VARIANTS[name], linestyle="")
            look["marker"] = look["marker"] or "P"
            r2, lam = (source[setting, name, k] for k in ("r2", "inflation"))
            axis.plot(r2, lam, markersize=6, alpha=0.7, **look)
            texts.append(
                f"{look['label']}: R² {r2.min():.2f} to {r2.max():.2f}, "
                f"λ {lam.min():.2f} to {lam.max():.2f}"
            )
    axis.axhline(1, color=figures.GREY, linewidth=0.8)
    axis.set(xlabel="R² of structure by z", ylabel="inflation λ", yscale="log")
    axis.set_yticks([1, 2, 5, 10], ["1", "2", "5", "10"])
    axis.minorticks_off()
    axis.legend(fontsize=8)
    return Figure(
        figure,
        "Scatter plot of inflation against the part of the structure that z gives, a "
        f"dot for each of {len(runs)} seeds. {'; '.join(texts)}.",
        "z that knows the structure, right, corrects the test, below.",
    )


def toys(models, truth, titles):
    """Draws of y against x, from the truth and from models.

    Args:
        models: `TraitModel`s by variant.
        truth: (x, y) of the truth.
        titles: one row's name.
    """
    figure, axes = figures.new(1, len(models) + 1, size=(8.4, 2.9), sharey=True)
    x = truth[0][:1500]
    axes[0].plot(x[:, 0], truth[1][:1500], ".", color=figures.BLACK, markersize=2)
    axes[0].set(title=f"truth: {titles}", xlabel="x", ylabel="y", ylim=(-2.6, 2.6))
    for axis, (name, model) in zip(axes[1:], models.items(), strict=True):
        color = figures.COLORS[VARIANTS[name].color]
        axis.plot(x[:, 0], np.asarray(model(x))[:, 0], ".", color=color, markersize=2)
        axis.set(title=VARIANTS[name].label, xlabel="x")
    return Figure(
        figure,
        "Four scatter plots of y against x. The truth has two narrow branches that "
        "move apart, with nothing between them. Additive noise gives one wide band, a "
        "mean with a deviation gives a band that widens, and the implicit network "
        "gives two branches.",
        "Which of the three models leaves the gap in the middle empty?",
    )


def shares_knob(frames, inflation):
    """What the confounder's share turns.

    Args:
        frames: (share, p-values by variant, true and false selected by variant).
        inflation: λ by share, then by variant.

    Returns:
        A `Turning`.
    """
    pictures, alts = [], []
    for share, shown, counts in frames:
        figure, (left, right) = figures.new(1, 2, size=(8.4, 3.5))
        draw_qq(left, shown)
        left.set_title("SNPs without effect")
        left.legend(fontsize=7, loc="upper left")
        places = np.arange(len(counts))
        true, false = np.array(list(counts.values())).T
        right.barh(places, true, color=figures.ORANGE, label="causal")
        right.barh(places, false, left=true, color="0.75", label="without effect")
        names = [VARIANTS[name].label for name in counts]
        right.set_yticks(places, names, fontsize=8)
        right.invert_yaxis()
        right.set(xlabel="selected SNPs", xlim=(0, 30), title=f"share {share:.2f}")
        for place, total in enumerate(true + false):
            text = f"{true[place]} of {total}"
            right.annotate(text, (min(total, 24) + 0.5, place), va="center", fontsize=8)
        right.legend(fontsize=7, loc="lower right")
        pictures.append(figure)
        words = ", ".join(
            f"{VARIANTS[n].label} {c[0]} of {sum(c)}" for n, c in counts.items()
        )
        alts.append(
            f"Share {share:.2f}: causal of all selected SNPs, {words}; inflation of "
            f"uncorrected tests {inflation[share]['uncorrected']:.2f}."
        )
    return turning.turn(
        pictures,
        [f"{share:.2f}" for share, *_ in frames],
        "share of the confounder in the trait's variance",
        "Left, a QQ plot of the p-values of SNPs without effect for four tests; right, "
        "how many causal and other SNPs each selects. The uncorrected line leaves the "
        "grey band the further the greater the share; the other three stay near it.",
        "At share 0 there is no confounder. Does the uncorrected line lie in the band?",
        alts=alts,
        start=5,
        num_colors=32,
    )
