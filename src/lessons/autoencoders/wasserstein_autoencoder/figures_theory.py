"""Figures of the theory: each takes computed numbers and only draws."""

import numpy as np

from lessons.toolkit import figures
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import BLACK, BLUE, GREEN, ORANGE, PINK, SKY, Figure


def architecture():
    """The networks, the cost of an image and the penalty on all codes together."""
    drawing = Drawing()
    top, bottom = 1.3, 0.0
    for name, place, label, kind, color in (
        ("x", 0.0, "$x$", "array", None),
        ("encoder", 1.25, "encoder $Q$", "layer", "blue"),
        ("codes", 2.75, "codes $q$", "array", None),
        ("decoder", 4.3, "decoder $G$", "layer", "orange"),
        ("y", 5.65, "$G(q)$", "array", None),
    ):
        drawing.node(name, place, top, label, kind=kind, color=color)
    drawing.node("penalty", 2.75, bottom, "penalty $D_Z$", kind="layer", color="green")
    drawing.node("prior", 4.6, bottom, "prior draws $z$", kind="array")
    drawing.node(
        "cost", 2.75, top + 0.95, "cost $c(x, G(q))$", kind="layer", color="green"
    )
    for start, end in (("x", "encoder"), ("encoder", "codes"), ("codes", "decoder")):
        drawing.arrow(start, end)
    drawing.arrow("decoder", "y")
    drawing.arrow("codes", "penalty", r"$\lambda$", at=0.5)
    drawing.arrow("prior", "penalty")
    drawing.arrow("x", "cost")
    drawing.arrow("y", "cost")
    return drawing.figure(
        "Boxes from left to right: x, encoder Q, codes q, decoder G, G(q). Above them "
        "a box for the cost, with arrows from x and from G(q). Below the codes a box "
        "for the penalty, with arrows from the codes, marked lambda, and from prior "
        "draws.",
        "The cost compares image by image, the penalty compares two clouds of codes.",
    )


def theorem(points, images, joint, encoder):
    """Two programs with one value: a plan onto G(Z), an encoder into Z.

    Args:
        points: data x, shape (n, 2).
        images: G(z) of each code, shape (codes, 2).
        joint: plan between data and the different points, with their positions: a
            pair (positions, plan).
        encoder: $p_i Q(z_j | x_i)$, shape (n, codes).
    """
    figure, (left, right) = figures.new(1, 2, size=(8.6, 3.7), sharey=True)
    positions, plan = joint
    for axis, targets, masses, title in (
        (left, positions, plan, "Plan between $P_X$ and $P_G$"),
        (right, images, encoder, "Encoder Q(Z|X) with $Q_Z = P_Z$"),
    ):
        for i, j in zip(*np.nonzero(masses > 1e-9), strict=True):
            ends = np.stack([points[i], targets[j]])
            width = 1 + 12 * masses[i, j]
            axis.plot(*ends.T, color="0.6", linewidth=width, solid_capstyle="round")
        size = 60 + 900 * masses.sum(axis=0)
        axis.scatter(*points.T, 60 + 900 * masses.sum(axis=1), BLUE, zorder=3)
        axis.scatter(*targets.T, size, ORANGE, marker="s", zorder=3, alpha=0.75)
        axis.set(title=title, xlabel="first coordinate")
        axis.margins(0.14)
    left.set_ylabel("second coordinate")
    seen = {}
    for index, target in enumerate(images):
        seen.setdefault(tuple(target), []).append(f"$z_{index + 1}$")
    for target, names in seen.items():
        right.annotate(
            ", ".join(names),
            target,
            (0, -17),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=9,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.8},
            zorder=5,
        )
    for name, color, marker in (("data x", BLUE, "o"), ("G(z)", ORANGE, "s")):
        left.scatter([], [], 50, color, marker=marker, label=name)
    left.legend(fontsize=9, loc="best")
    return Figure(
        figure,
        "Two scatter plots of six blue discs (data) and orange squares (decoded "
        "codes), joined by grey lines whose width is the mass moved; the same lines "
        "in both, but on the right one square stands for two codes.",
        "The same lines, therefore the same cost; on the right the mass of one "
        "square is shared by the two codes that decode to it.",
    )


def coupling(case, rhos):
    """Cost and mean KL of encoders that all keep the prior, and the penalty method.

    Args:
        case: a `theory_gaussian.GaussianCase`.
        rhos: correlations to mark.
    """
    figure, (left, right) = figures.new(1, 2, size=(8.6, 3.5))
    dense = np.linspace(0, 0.9999, 500)
    left.plot(dense, case.cost(dense), color=BLUE, label="cost E c(x, G(z))")
    left.plot(dense, case.mean_kl(dense), color=PINK, label="mean KL (nats)")
    left.plot(rhos, case.cost(rhos), "o", color=BLUE)
    left.axhline(case.wasserstein(), color=BLACK, linestyle="--", linewidth=1.2)
    left.annotate(
        "$W_2^2$", (0.02, case.wasserstein()), (0, 4), textcoords="offset points"
    )
    left.set(xlabel="correlation ρ of code and data", ylabel="cost, or nats")
    left.set(title="What transport needs, the KL forbids", ylim=(0, 6.6))
    left.legend(fontsize=9)
    weights = np.geomspace(0.005, 300, 60)
    values, slopes = np.transpose([case.penalised(w) for w in weights])
    right.plot(weights, values, color=GREEN, label="least value D")
    right.plot(weights, case.encoder_cost(slopes), color=SKY, label="its cost alone")
    right.axhline(case.wasserstein(), color=BLACK, linestyle="--", linewidth=1.2)
    right.set(xscale="log", xlabel="weight λ of the penalty", ylabel="cost")
    right.set_title("The relaxed problem is a lower bound")
    right.legend(fontsize=9)
    return Figure(
        figure,
        "Left: a descending line of the cost reaches the dashed line of the squared "
        "distance at correlation one, where a rising curve of the mean KL goes to "
        "infinity. Right: the penalised optimum rises to the dashed line with lambda.",
        "All encoders on the left have the prior as the distribution of their codes.",
    )


def kernels(distances, slopes, spreads, values):
    """How hard a kernel pulls a far code, and what the summed kernel measures.

    Args:
        distances: r, shape (n,).
        slopes: |dk/dr| by name of the kernel, each (n,).
        spreads: standard deviations of the codes.
        values: squared MMD for each.
    """
    figure, (left, right) = figures.new(1, 2, size=(8.6, 3.5))
    for (name, slope), color in zip(slopes.items(), (BLUE, SKY, ORANGE), strict=False):
        left.plot(distances, slope, color=color, label=name)
    left.axvspan(2.3, 5.6, color="0.9", zorder=0)  # 5 % to 95 %, in 8 dimensions
    text = "usual distance of\ntwo prior draws"
    left.annotate(text, (5.8, 4e-6), fontsize=8, color="0.35")
    left.set(yscale="log", ylim=(1e-9, 3), xlabel="distance r", ylabel="pull |dk/dr|")
    left.set_title("RBF lets outliers go")
    left.legend(fontsize=9, loc="lower left")
    right.plot(spreads, values, color=BLUE)
    right.axvline(1, color=BLACK, linestyle=":", linewidth=1)
    right.set(xlabel="standard deviation t of the codes", ylabel="MMD² from the prior")
    right.set_title("Codes N(0, t² I) against N(0, I), d = 8")
    return Figure(
        figure,
        "Left, on a logarithmic axis: the slope of the Gaussian kernel falls off a "
        "cliff beyond distance ten, those of the inverse multiquadratic kernels "
        "decline slowly. Right: the MMD is zero at spread one and rises on both sides.",
        "A code at distance 20 still feels the multiquadratic kernels.",
    )


def trade_off(weights, scores, references):
    """Reconstruction, mismatch and transport cost against the penalty's weight.

    Args:
        weights: values of lambda, ascending; the plain autoencoder may be zero.
        scores: by metric, for each weight an array (seeds,).
        references: by metric, a pair (name, value) drawn as a dashed line, or None.
    """
    titles = {
        "reconstruction": "test reconstruction error",
        "mismatch": "MMD² of codes and prior",
        "transport": "transport cost of samples",
        "frechet": "Fréchet distance of samples",
    }
    figure, axes = figures.new(2, 2, size=(8.4, 5.2))
    axes = np.ravel(axes)
    places = np.arange(len(weights))
    for axis, (metric, title) in zip(axes, titles.items(), strict=True):
        axis.plot(places, [np.median(values) for values in scores[metric]], color=BLUE)
        for place, values in zip(places, scores[metric], strict=True):
            axis.plot(
                np.full(len(values), place), values, ".", color=BLUE, markersize=6
            )
        if references.get(metric):
            name, level = references[metric]
            axis.axhline(level, color=BLACK, linestyle="--", linewidth=1.2)
            axis.annotate(
                name,
                (places[0], level),
                (0, 4),
                textcoords="offset points",
            )
        axis.set_xticks(places, [f"{weight:g}" for weight in weights])
        axis.set(xlabel="weight λ", title=title)
    axes[0].set_ylabel("squared error per image")
    axes[1].set_yscale("log")
    axes[1].set_ylabel("sum over seven kernels")
    axes[2].set_ylabel("squared distance per image")
    axes[3].set(yscale="log", ylabel="distance of features")
    return Figure(
        figure,
        "Four line charts against lambda: the reconstruction error rises, the "
        "mismatch of codes and prior falls by almost two orders of magnitude, the "
        "transport cost of samples falls throughout, their Fréchet distance up to "
        "lambda ten and no further.",
        "Dots are seeds, the line is their median.",
    )
