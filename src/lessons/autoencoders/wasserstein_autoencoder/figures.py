"""Figures of a run; the notebook shows the same ones."""

import numpy as np
from matplotlib import patches

from lessons.autoencoders.wasserstein_autoencoder.variants import VARIANTS
from lessons.toolkit import figures, turning
from lessons.toolkit.figures import BLACK, COLORS, Figure


def shown(models):
    """The models of the main comparison, or all if there are none of those."""
    main = {name: models[name] for name in models if VARIANTS[name].is_main}
    return main or models


def codes(models, images, seed=0, num_rings=12):
    """Codes of test images in two directions, over the prior's contours.

    Dots are codes; rings are one standard deviation of the distribution of single
    codes, for the first images of encoders that have one.

    Args:
        models: `Autoencoder`s by variant.
        images: test images.
        seed: of the two directions.
        num_rings: how many rings.
    """
    figure, axes = figures.new(
        1, len(models), size=(2.0 * len(models), 2.5), squeeze=False, sharey=True
    )
    for axis, (variant, model) in zip(axes[0], models.items(), strict=True):
        plane, points = _cloud(axis, model, images, VARIANTS[variant].color, seed)
        if model.is_stochastic:
            _, scale = (np.asarray(part) for part in model.encoder(images[:num_rings]))
            _rings(axis, points[:num_rings], scale, plane)
        axis.set_title(VARIANTS[variant].label)
    axes[0][0].set_ylabel("second direction of z")
    names = ", ".join(VARIANTS[variant].label for variant in models)
    return Figure(
        figure,
        f"Scatter plots of the codes of test images in two directions for {names}, "
        "over dotted circles at one, two and three standard deviations of the prior.",
        "A plain autoencoder puts its codes anywhere; the others fill the prior, the "
        "VAE with a wide cloud for each image, WAE with points.",
    )


def _cloud(axis, model, images, color, seed):
    """Codes in two directions over the prior's contours: (directions, points)."""
    rng = np.random.default_rng(seed)
    plane, _ = np.linalg.qr(rng.normal(size=(model.latent_dim, 2)))
    points = model.encode(images) @ plane
    axis.scatter(*points.T, s=5, color=COLORS[color], alpha=0.55, linewidths=0)
    for deviations in (1, 2, 3):
        radius = deviations * model.prior_scale
        ring = patches.Circle((0, 0), radius, fill=False, color="0.4", lw=0.8)
        ring.set_linestyle(":")
        axis.add_patch(ring)
    axis.set(xlim=(-4.5, 4.5), ylim=(-4.5, 4.5), aspect="equal")
    axis.set_xticks([-4, -2, 0, 2, 4])
    axis.set_xlabel("first direction of z")
    return plane, points


def _rings(axis, centres, scales, plane):
    """One standard deviation of each projected Gaussian code."""
    for centre, scale in zip(centres, scales, strict=True):
        covariance = plane.T @ np.diag(scale**2) @ plane
        figures.ellipse(
            axis, centre, covariance, fill=False, linewidth=1.0, edgecolor=BLACK
        )


def gallery(models, images, seed=0, num_columns=6):
    """Test images, reconstructions, samples and interpolations, model by model.

    Args:
        models: `Autoencoder`s by variant.
        images: test images; the first ones are shown.
        seed: of the samples.
        num_columns: images in a row.
    """
    rows = (
        ("test images", lambda model: images[:num_columns]),
        ("reconstructions", lambda model: model.reconstruct(images[:num_columns])),
        ("samples", lambda model: model.sample(3 * num_columns, seed)),
        (
            "from one test\nimage to another",
            lambda model: _paths(model, images, num_columns),
        ),
    )
    figure, axes = figures.new(
        len(rows),
        len(models),
        size=(0.9 + 2.1 * len(models), 3.4),
        squeeze=False,
        height_ratios=[1, 1, 3, 2],
    )
    low = min(0.0, float(np.min(images)))
    for column, (variant, model) in enumerate(models.items()):
        for axis, (text, make) in zip(axes[:, column], rows, strict=True):
            pictures = np.asarray(make(model)).mean(axis=-1)
            figures.show_tiles(axis, pictures, num_columns, low=low)
            if not column:
                axis.text(
                    -0.03, 0.5, text, ha="right", va="center", transform=axis.transAxes
                )
        axes[0, column].set_title(VARIANTS[variant].label)
    return Figure(
        figure,
        "For each model a row of test digits, a row of reconstructions, three rows of "
        "samples and two rows that change gradually from one digit into another.",
        "All but the last reconstruct; the plain autoencoder's samples are often no "
        "digits, those of the last one are blurred.",
    )


def weights(models, images, seed=0, num_columns=6):
    """Codes, reconstructions and samples at each weight of the penalty; turns.

    Args:
        models: `Autoencoder`s by the weight of their penalty.
        images: test images; the first ones are reconstructed.
        seed: of the two directions and of the samples.
        num_columns: images in a row.

    Returns:
        A `turning.Turning`, which shows the weight with the best compromise at first.
    """
    frames = []
    for model in models.values():
        figure, (left, middle, right) = figures.new(1, 3, size=(8.6, 2.9))
        _cloud(left, model, images, "blue", seed)
        left.set(title="codes of test images", ylabel="second direction of z")
        answers = model.reconstruct(images[: 3 * num_columns])
        rows = []
        for start in range(0, 3 * num_columns, num_columns):
            rows += [part[start : start + num_columns] for part in (images, answers)]
        samples = model.sample(6 * num_columns, seed)
        for axis, pictures, title in (
            (middle, np.concatenate(rows), "test images, below each: decoded"),
            (right, samples, "samples"),
        ):
            pictures = np.asarray(pictures).mean(axis=-1)
            figures.show_tiles(axis, pictures, num_columns, title=title)
        frames.append(figure)
    return turning.turn(
        frames,
        [f"λ = {weight:g}" for weight in models],
        "weight λ of the penalty",
        "Three panels. Left: codes of test images in two directions over dotted "
        "circles of the prior. Middle: rows of test digits, each above the row of what "
        "is decoded from their codes. Right: digits decoded from prior draws.",
        "With the weight codes move into the prior and samples become digits; a very "
        "large weight blurs the reconstructions.",
        start=len(models) - 2,
    )


def _paths(model, images, num_steps):
    """Two interpolations between test images that no model was trained on."""
    pairs = ((images[0], images[1]), (images[2], images[3]))
    return np.concatenate([model.interpolate(a, b, num_steps) for a, b in pairs])


def curves(history):
    """Cost and penalty after each epoch, model by model.

    Args:
        history: columns called `VARIANT/cost` and `VARIANT/penalty`.
    """
    figure, axes = figures.new(1, 2, size=(9.6, 3.4))
    figures.curves(axes[0], history, "cost", VARIANTS)
    penalised = {name: v for name, v in VARIANTS.items() if v.kind != "ae"}
    figures.curves(axes[1], history, "penalty", penalised)
    axes[0].set(xlabel="epoch", ylabel="cost (squared error per image)")
    axes[1].set(xlabel="epoch", ylabel="penalty on the codes (its own units)")
    axes[0].set_yscale("log")
    axes[1].set_yscale("symlog", linthresh=0.1)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside right upper")
    return Figure(
        figure,
        "Two line charts against the epoch: the reconstruction cost of each model "
        "falls, and the penalties settle.",
        "All models see the same images in the same order; the penalties have "
        "different units and cannot be compared with each other.",
    )


def all_of(report, images):
    """Every figure of a run, by name.

    Args:
        report: a `Report` with the models of all variants.
        images: test images, shape (batch, height, width, channels).
    """
    models, seed = shown(report.models), report.config.seed
    return {
        "codes": codes(models, images, seed),
        "gallery": gallery(models, images, seed),
        "curves": curves(report.history),
    }
