"""Figures of the theory: each takes computed numbers and only draws."""

import numpy as np

from lessons.autoencoders.vae.figures import draw_baselines
from lessons.autoencoders.vae.variants import VARIANTS
from lessons.toolkit import figures
from lessons.toolkit.figures import (
    AMBER,
    BLACK,
    BLUE,
    COLORS,
    GREEN,
    ORANGE,
    SKY,
    Figure,
    look,
)


def bound(linear, x):
    """The exact posterior with the best diagonal q, and the ELBO as q changes width.

    Args:
        linear: a `theory_linear.LinearGaussian` with two latents.
        x: one observation, shape (pixels,).
    """
    figure, (left, right) = figures.new(1, 2, size=(8.6, 3.7))
    mean, covariance = linear.posterior(x)
    _, scale = linear.best_diagonal(x)
    _ellipses(left, mean[0], covariance, BLUE, "posterior p(z|x)", fill=True)
    _ellipses(left, mean[0], np.diag(scale**2), ORANGE, "best diagonal q(z|x)")
    _ellipses(left, np.zeros(2), np.eye(2), "0.45", "prior p(z)", line=":")
    left.set(xlim=(-2.3, 2.6), ylim=(-2.3, 2.6), aspect="equal")
    left.set(xlabel="$z_1$", ylabel="$z_2$", title="Three candidates for q")
    left.legend(fontsize=8, loc="lower right")

    widths = np.geomspace(0.4, 2.2, 121)
    log_p = linear.log_marginal(x)[0]
    for shape, color, text in (
        (covariance, BLUE, "q shaped like the posterior"),
        (np.diag(scale**2), ORANGE, "diagonal q"),
    ):
        values = [linear.elbo(x, mean, shape * w**2)[0] for w in widths]
        right.plot(widths, values, color=color, label=text)
        if color == ORANGE:
            right.fill_between(widths, values, log_p, color=AMBER, alpha=0.25)
    right.axhline(log_p, color=BLACK, linestyle="--", linewidth=1.2)
    right.annotate(
        "log p(x)", (2.2, log_p), (0, 4), textcoords="offset points", ha="right"
    )
    right.annotate(
        "KL(q ‖ posterior)", (0.53, log_p - 0.2), ha="center", fontsize=9, color="0.25"
    )
    right.set(xscale="log", xlabel="width of q, relative to the best", ylabel="nats")
    right.set_xticks([0.5, 1, 2], ["0.5", "1", "2"])
    right.minorticks_off()
    right.set_ylim(log_p - 1.6, log_p + 0.2)
    right.set_title("The ELBO is below log p(x) by that KL")
    right.legend(fontsize=8, loc="lower center")
    return Figure(
        figure,
        "Left: ellipses of a tilted posterior, an upright diagonal Gaussian around the "
        "same centre and the circular prior. Right: two curves of the ELBO against the "
        "width of q, one touching the dashed line log p(x) at width 1, the other just "
        "below.",
        "The bound touches log p(x) only if q can have the posterior's shape; a "
        "diagonal q leaves a gap at every width.",
    )


def _ellipses(axis, mean, covariance, color, label, fill=False, line="-"):
    """One and two standard deviations of a two-dimensional Gaussian."""
    for deviations in (2, 1):
        figures.ellipse(
            axis,
            mean,
            covariance,
            deviations=deviations,
            facecolor=color if fill else "none",
            edgecolor=color,
            alpha=0.3 if fill else 1.0,
            linestyle=line,
            linewidth=1.6,
            label=label if deviations == 2 else None,
        )


def importance_bounds(num_samples, means, errors, log_p, half_chi_square):
    """The importance-weighted bound against K, and the rate of its gap.

    Args:
        num_samples: the values of K.
        means, errors: estimates of the bound and their standard errors.
        log_p: the exact log p(x).
        half_chi_square: the limit of K times the gap.
    """
    figure, (left, right) = figures.new(1, 2, size=(8.6, 3.4))
    num_samples, means = np.asarray(num_samples), np.asarray(means)
    errors = np.asarray(errors)
    left.errorbar(num_samples, means, 2 * errors, color=BLUE, marker="o", capsize=3)
    left.axhline(log_p, color=BLACK, linestyle="--", linewidth=1.2)
    left.annotate("log p(x)", (1, log_p), (0, -13), textcoords="offset points")
    left.annotate("ELBO", (1, means[0]), (8, -2), textcoords="offset points")
    left.set(xscale="log", xlabel="samples K", ylabel="bound $L_K$ (nats)")
    left.set_title("More samples, tighter bound")
    gap = num_samples * (log_p - means)
    right.errorbar(
        num_samples, gap, 2 * num_samples * errors, color=GREEN, marker="o", capsize=3
    )
    right.axhline(half_chi_square, color=BLACK, linestyle="--", linewidth=1.2)
    right.annotate("χ²/2", (1, half_chi_square), (0, 4), textcoords="offset points")
    right.margins(y=0.15)
    right.set(xscale="log", xlabel="samples K", ylabel="K (log p(x) − $L_K$) (nats)")
    right.set_title("In the end the gap shrinks like 1/K")
    for axis in (left, right):
        axis.set_xticks(num_samples, [str(k) for k in num_samples])
        axis.minorticks_off()
    return Figure(
        figure,
        "Left: the bound rises with the number of samples towards a dashed line at "
        "log p(x). Right: K times the gap rises, ever more slowly, towards a dashed "
        "line at chi-square / 2 and stays below it.",
        "Error bars are two standard errors; most are smaller than the markers.",
    )


def gradient_estimators(pathwise, score, dimensions, variances, theory_variances):
    """Histograms of two gradient estimators, and their variance against dimension.

    Args:
        pathwise, score: samples of one coordinate's gradient, same dimension.
        dimensions: the dimensions measured.
        variances: measured (path-wise, score function) per dimension.
        theory_variances: exact variance of the score function per dimension.
    """
    figure, (left, right) = figures.new(1, 2, size=(8.6, 3.4))
    bins = np.linspace(-45, 55, 101)
    for samples, color, text in (
        (score, ORANGE, "score function"),
        (pathwise, BLUE, "path-wise"),
    ):
        left.hist(samples, bins, density=True, color=color, alpha=0.65, label=text)
    left.axvline(2, color=BLACK, linestyle="--", linewidth=1.2)
    left.annotate(
        "true gradient 2", (2, 0.17), (5, 0), textcoords="offset points", fontsize=9
    )
    left.set(xlabel="one-sample estimate (5 dimensions)", ylabel="density")
    left.set_title("Both are right on average")
    left.legend(fontsize=9, loc="upper left")
    measured = np.asarray(variances)
    dense = np.geomspace(min(dimensions), max(dimensions), 50)
    right.plot(dense, 30 + 22 * (dense - 1) + 4 * (dense - 1) ** 2, color=ORANGE)
    right.plot(dense, np.full_like(dense, 4.0), color=BLUE)
    right.plot(dimensions, measured[:, 1], "o", color=ORANGE, label="score function")
    right.plot(dimensions, measured[:, 0], "s", color=BLUE, label="path-wise")
    right.plot(dimensions, theory_variances, "x", color=BLACK, label="exact")
    right.set(xscale="log", yscale="log", xlabel="dimension of z", ylabel="variance")
    right.set_xticks(dimensions, [str(d) for d in dimensions])
    right.minorticks_off()
    right.set_title("One of them pays for dimensions")
    right.legend(fontsize=9)
    return Figure(
        figure,
        "Left: a narrow blue histogram (path-wise) and a wide orange one (score "
        "function) around the same mean. Right: on log-log axes the variance of the "
        "score function grows with the dimension, that of the path-wise stays at 4.",
        "Markers are measured, lines are the closed forms.",
    )


def collapse(eigenvalues, variance, beta, trained, exact_kl):
    """The data's spectrum with the collapse threshold, and KL per latent.

    Args:
        eigenvalues: of the data covariance, in decreasing order.
        variance: likelihood variance v.
        beta: a second weight of the KL term, for its threshold.
        trained: KL per latent, in decreasing order, of trained linear models, by how
            they were trained.
        exact_kl: the same of the optimum.
    """
    figure, (left, right) = figures.new(1, 2, size=(8.8, 3.5))
    _spectrum(left, eigenvalues, variance, beta)
    latent = np.arange(1, len(exact_kl) + 1)
    width = 0.84 / len(trained)
    for index, (color, (text, kl)) in enumerate(
        zip((SKY, ORANGE), trained.items(), strict=False)
    ):
        place = latent + (index - (len(trained) - 1) / 2) * width
        right.bar(place, kl, width, color=color, label=text)
    right.plot(latent, exact_kl, "_", color=BLACK, ms=13, mew=2, label="½ log(λ/v)")
    right.set(xlabel="latent, in decreasing order", ylabel="KL (nats)")
    right.set_xticks(latent[1::2])
    right.set_title("Training a linear VAE")
    right.legend(fontsize=8)
    return Figure(
        figure,
        "Left: eigenvalues of the digits on a log scale with two dashed thresholds; "
        "those above are blue, those below grey. Right: bars of KL per latent of a "
        "linear VAE trained in two ways next to black marks at the predicted values; "
        "one set of bars ends at the marks, the other does not.",
        "The threshold is the variance of the likelihood, not an accident of training.",
    )


def _spectrum(axis, eigenvalues, variance, beta):
    """Eigenvalues on a log scale, and the thresholds v and beta v."""
    index = np.arange(1, len(eigenvalues) + 1)
    used = eigenvalues > variance
    shown = np.maximum(eigenvalues, 1e-5)
    axis.semilogy(index[used], shown[used], "o", color=BLUE, ms=4, label="used")
    axis.semilogy(index[~used], shown[~used], "o", color="0.6", ms=4, label="collapsed")
    for level, text in (
        (variance, f"v = {variance:g}"),
        (beta * variance, f"βv, β = {beta:g}"),
    ):
        axis.axhline(level, color=BLACK, linestyle="--", linewidth=1.1)
        axis.annotate(text, (64, level), (0, 3), textcoords="offset points", ha="right")
    axis.set(ylim=(1e-4, 1.5), xlabel="direction", ylabel="variance of the data")
    axis.set_title("What is below the line collapses")
    axis.legend(fontsize=9, loc="lower left")


def sweeps(panels, baselines):
    """Test cost against one setting for each variant, from recorded sweeps.

    Args:
        panels: by title (x label, `results.Runs` by value of the setting).
        baselines: as from `evaluation.baselines`.
    """
    figure, axes = figures.new(1, len(panels), size=(9.6, 3.9), sharey=True)
    for axis, (title, (label, runs)) in zip(axes, panels.items(), strict=True):
        for name, variant in VARIANTS.items():
            costs = {value: found[name, "test_cost"] for value, found in runs.items()}
            axis.plot(costs.keys(), [c.mean() for c in costs.values()], **look(variant))
            color = COLORS[variant.color]
            face = color if variant.batch_norm else "white"
            for value, column in costs.items():
                axis.plot(
                    [value] * len(column), column, "o", color=color, mfc=face, ms=4
                )
        for key in ("mean_image/test_cost", "ppca/test_cost"):
            axis.axhline(baselines[key], color=BLACK, linewidth=1, linestyle=":")
        axis.set(xscale="log", xlabel=label, title=title, ylim=(15, 62))
        axis.minorticks_off()
        axis.set_xticks(list(runs), [f"{value:g}" for value in runs], fontsize=8)
    draw_baselines(axes[-1], baselines)
    axes[0].set_ylabel("test cost (nats per image)")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, ncols=4, fontsize=8, loc="outside upper center")
    return Figure(
        figure,
        "Three line charts of the test cost of four models: against the learning rate "
        "for small first weights, against the size of the first weights, and against "
        "the learning rate for larger first weights. Dots are single seeds. The models "
        "without batch normalisation lie at the mean image for small first weights and "
        "far below it for some larger ones.",
        "Dots are seeds, lines their means; what is above the axis is not shown.",
    )
