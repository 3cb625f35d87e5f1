"""Figures of the theory: each takes computed numbers and only draws."""

import numpy as np

from lessons.foundations.self_normalizing import theory
from lessons.toolkit import figures
from lessons.toolkit.figures import (
    AMBER,
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    PALETTE,
    SKY,
    Figure,
)


def activation():
    """SELU with its damping and amplifying regions, and the variance map it makes."""
    figure, (left, right) = figures.new(1, 2, size=(8.4, 3.3))
    x = np.linspace(-4, 3, 701)
    slope = np.where(x > 0, theory.LAMBDA, theory.LAMBDA * theory.ALPHA * np.exp(x))
    left.plot(x, np.asarray(theory.selu(x)), color=BLUE, label="selu(x)")
    left.plot(x, slope, color=ORANGE, linestyle="--", label="its slope")
    left.axhline(
        -theory.LAMBDA * theory.ALPHA, color=BLACK, linewidth=0.8, linestyle=":"
    )
    left.annotate("−λα", (3, -1.7), ha="right", fontsize=9)
    edge = -np.log(theory.LAMBDA * theory.ALPHA)  # below it the slope is under 1
    left.axvspan(-4, edge, color=SKY, alpha=0.2)
    left.axvspan(edge, 3, color=AMBER, alpha=0.2)
    left.annotate("damps", (-2.6, 2.6), fontsize=9)
    left.annotate("amplifies", (0.3, 2.9), fontsize=9)
    left.set(xlabel="x", ylabel="value, slope", xlim=(-4, 3), ylim=(-2.1, 3.3))
    left.legend(fontsize=8, loc="upper left", bbox_to_anchor=(0.0, 0.85))
    variances = np.linspace(0.02, 3.0, 300)
    for omega, tau, color, line in (
        (0.0, 1.0, BLUE, "-"),
        (0.0, 0.95, GREEN, "--"),
        (0.0, 1.1, ORANGE, "-."),
    ):
        moments = theory.moment_map(0.0, omega, variances, tau)
        text = f"τ = {tau:g}"
        values = np.asarray(moments.variance)
        right.plot(variances, values, line, color=color, label=text)
    right.plot(variances, variances, color=BLACK, linewidth=0.8, linestyle=":")
    right.plot(1, 1, "o", color=BLUE)
    right.set(xlabel="variance ν of the inputs", ylabel="variance of the outputs")
    right.set_title("μ = 0, ω = 0")
    right.legend(fontsize=8)
    return Figure(
        figure,
        "Left: the SELU curve, linear with slope 1.05 for positive inputs, saturating "
        "at minus 1.758, with its slope. Right: variance after a layer against "
        "variance before, crossing the diagonal once.",
        "Steeper than 1 near zero, flat far to the left: small variances grow, large "
        "ones shrink.",
    )


def arrow_field(starts, num_layers=12, off_centre=((0.0, 0.95), (0.0, 1.1))):
    """The field of g minus the identity, with orbits, over theorem 1's box.

    Args:
        starts: pairs (mu, nu) from which orbits are drawn.
        num_layers: length of the orbits.
        off_centre: pairs (omega, tau) whose fixed points are shown on the right.
    """
    figure, axes = figures.new(1, 2, size=(8.6, 3.9), sharey=True)
    settings = ((0.0, 1.0), off_centre[-1])
    mu, nu = np.meshgrid(np.linspace(-0.1, 0.1, 13), np.linspace(0.8, 1.5, 13))
    for axis, (omega, tau) in zip(axes, settings, strict=True):
        moments = theory.moment_map(mu, omega, nu, tau)
        change = np.asarray(moments.mean) - mu, np.asarray(moments.variance) - nu
        axis.quiver(
            mu,
            nu,
            *change,
            angles="xy",
            scale_units="xy",
            scale=2.2,
            color="0.55",
            width=0.004,
        )
        for index, (mean, variance) in enumerate(starts):
            means, variances = theory.orbit(mean, variance, num_layers, omega, tau)
            color = PALETTE[index % len(PALETTE)]
            axis.plot(means, variances, "o-", color=color, markersize=3, linewidth=1)
        centre = theory.fixed_point(omega, tau)
        axis.plot(*centre, "*", color=BLACK, markersize=13)
        axis.set_title(
            f"ω = {omega:g}, τ = {tau:g}: ({centre[0]:.3f}, {centre[1]:.3f})"
        )
        axis.set(xlabel="mean μ", xlim=(-0.11, 0.11), ylim=(0.77, 1.53))
        axis.set_xticks([-0.1, -0.05, 0.0, 0.05, 0.1])
    axes[0].set_ylabel("variance ν")
    return Figure(
        figure,
        "Two fields of arrows over mean and variance that all point to one star: at "
        "mean 0 and variance 1 on the left, above and right of it on the right. "
        "Coloured orbits hop along the arrows and end at the star.",
        "Each arrow is one layer, shortened by 2.2; each dot of an orbit is a layer.",
    )


def norm_map(values, nu, tau, corner):
    """Heat map of the spectral norm of H over nu and tau.

    Args:
        values: shape (tau, nu).
        nu, tau: the axes.
        corner: (nu, tau, value) of the largest on theorem 1's box.
    """
    figure, axis = figures.new(size=(6.4, 3.9))
    mesh = axis.pcolormesh(nu, tau, values, cmap="cividis", shading="auto")
    lines = axis.contour(nu, tau, values, levels=[0.7, 0.8, 0.9, 1.0], colors="white")
    axis.clabel(lines, fontsize=8)
    box = ([0.8, 1.5, 1.5, 0.8, 0.8], [0.95, 0.95, 1.1, 1.1, 0.95])
    axis.plot(*box, color=BLACK, linewidth=1.5)
    axis.plot(*corner[:2], "o", color=ORANGE, markersize=9)
    axis.annotate(
        f"{corner[2]:.4f}",
        corner[:2],
        (8, -14),
        textcoords="offset points",
        color=BLACK,
        fontsize=10,
        fontweight="bold",
    )
    figure.colorbar(mesh, ax=axis, label="largest singular value of H")
    axis.set(xlabel="variance ν of the inputs", ylabel="sum τ of squared weights")
    axis.grid(False)
    return Figure(
        figure,
        "Heat map of the largest singular value of H over variance and tau; it grows "
        "towards small variance and large tau. A box marks theorem 1's domain, a dot "
        "its upper left corner with the value 0.8976.",
        "Inside the box the norm stays below 1, so the map contracts there.",
    )
