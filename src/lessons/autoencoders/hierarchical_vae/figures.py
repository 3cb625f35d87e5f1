"""Figures of a run; the notebook shows the same ones."""

import itertools

import numpy as np

from lessons.autoencoders.hierarchical_vae import data
from lessons.autoencoders.hierarchical_vae.variants import VARIANTS
from lessons.toolkit import figures
from lessons.toolkit.figures import Figure, look

LINES = ("-", "--", ":", "-.")


def _columns(history, variant):
    """The columns `VARIANT/kl_1`, `VARIANT/kl_2`, ... as far as there are."""
    names = (f"{variant}/kl_{layer}" for layer in itertools.count(1))
    return [history[name] for name in itertools.takewhile(history.__contains__, names)]


def layer_curves(history, variants):
    """KL of each layer against epoch, one panel per variant.

    Args:
        history: columns called `VARIANT/kl_LAYER`.
        variants: names of the panels.
    """
    figure, axes = figures.new(
        1, len(variants), size=(2.9 * len(variants), 3.1), sharey=True, squeeze=False
    )
    for axis, variant in zip(axes[0], variants, strict=True):
        columns = zip(itertools.cycle(LINES), _columns(history, variant), strict=False)
        for layer, (line, kls) in enumerate(columns, start=1):
            options = look(VARIANTS[variant], linestyle=line, label=f"$z_{layer}$")
            axis.plot(np.arange(1, len(kls) + 1), kls, **options)
        axis.set(xlabel="epoch", title=VARIANTS[variant].label)
        axis.set_yscale("symlog", linthresh=0.1)
        axis.set_ylim(bottom=0.0)
        axis.set_yticks([0, 0.1, 1, 10], ["0", "0.1", "1", "10"])
        axis.minorticks_off()
        axis.legend(fontsize=9)
    axes[0, 0].set_ylabel("KL on training images (nats)")
    return Figure(
        figure,
        f"{len(variants)} panels with the KL of each layer against epoch, on a scale "
        "that is linear below 0.1 nats and logarithmic above.",
        "Solid: the layer next to the pixels. A layer at 0 says nothing about the "
        "image that the layers above it and the border have not said.",
    )


def overfitting(history, variants):
    """Bound on training images (thin) and on test images (thick) against epoch.

    Args:
        history: columns called `VARIANT/bound` and `VARIANT/val_bound`.
        variants: which to draw.
    """
    figure, axis = figures.new(size=(7.4, 3.8))
    drawn = {name: VARIANTS[name] for name in variants}
    thin = {"linestyle": "--", "linewidth": 1.0, "label": None}
    figures.curves(axis, history, "bound", drawn, **thin)
    figures.curves(axis, history, "val_bound", drawn)
    columns = itertools.product(variants, ("bound", "val_bound"))
    last = [history[f"{variant}/{column}"][-1] for variant, column in columns]
    axis.set(xlabel="epoch", ylabel="bound per image (nats)")
    axis.set_ylim(min(last) - 3.0, max(last) + 1.5)
    axis.legend(fontsize=9, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return Figure(
        figure,
        "Line chart of the bound against epoch for several models: a dashed line on "
        "training images and a solid one on test images for each.",
        "Dashed: training images, solid: test images, one sample per image. The "
        "distance between the two is how much a model overfits.",
    )


def completions(models, images, num_images=10, num_samples=5, seed=0):
    """Border, truth, deterministic answer and samples, one column per image.

    Args:
        models: by variant; a deterministic one answers once.
        images: whole test images.
        num_images, num_samples: of columns, and rows of samples.
        seed: of the samples.
    """
    images = images[:num_images]
    count = len(images)
    border = data.fill(images, np.full_like(data.crop(images), 0.35))
    rows, names = [border, images], ["border", "truth"]
    for variant, model in models.items():
        if VARIANTS[variant].posterior == "none":
            rows.append(data.fill(images, model.complete(images, None)[0]))
            names.append("regressor")
        else:
            drawn = model.complete(images, "all", num_samples, seed)
            rows += [data.fill(images, sample) for sample in drawn]
            names += ["samples", *[""] * (num_samples - 1)]
    ways = f"and {num_samples} ways to fill the square"
    if "regressor" in names:
        ways = f"the one answer of a regressor, {ways}"
    figure, axis = figures.new(size=(0.72 * count + 1.3, 0.72 * len(rows)))
    grid = np.clip(_grey(np.concatenate(rows)), 0.0, 1.0)
    figures.show_tiles(axis, grid, count)
    for index, name in enumerate(names):
        place = 1.0 - (index + 0.5) / len(rows)
        axis.text(-0.01, place, name, ha="right", va="center", transform=axis.transAxes)
    return Figure(
        figure,
        f"A grid of small images with {count} columns. Rows from the top: the image "
        f"with a grey square in its middle, the whole image, {ways}.",
        "Rows from the top: what is visible, the truth, then what each model puts "
        "into the hole. Pixels outside the hole are given.",
    )


def frozen(model, image, num_samples=8, seed=0):
    """Completions of one image with one layer drawing, and where it makes noise.

    Args:
        model: a trained chain.
        image: one whole image, shape (height, width, channels).
        num_samples: per row.
        seed: of the draws.
    """
    choices = (*range(1, model.num_layers + 1), "all")
    rows, maps = [], []
    for vary in choices:
        drawn = model.complete(image[None], vary, 64, seed)[:, 0]
        maps.append(_grey(drawn).std(axis=0))
        whole = np.repeat(image[None], num_samples, axis=0)
        rows.append(np.clip(_grey(data.fill(whole, drawn[:num_samples])), 0.0, 1.0))
    figure, axes = figures.new(
        len(choices), 2, size=(7.6, 0.86 * len(choices)), width_ratios=(num_samples, 1)
    )
    highest = max(float(np.max(deviation)) for deviation in maps)
    for (left, right), vary, tiles, deviation in zip(
        axes, choices, rows, maps, strict=True
    ):
        figures.show_tiles(left, tiles, num_samples)
        name = "all draw" if vary == "all" else f"only $z_{vary}$"
        left.text(-0.01, 0.5, name, ha="right", va="center", transform=left.transAxes)
        right.imshow(deviation, cmap="viridis", vmin=0.0, vmax=highest)
        right.set_axis_off()
        root = float(np.sqrt(np.mean(deviation**2)))
        right.text(1.06, 0.5, f"{root:.2f}", va="center", transform=right.transAxes)
    axes[0, 1].set_title("deviation", fontsize=9)
    return Figure(
        figure,
        "One row of completed images per layer that draws while the others sit at "
        "their means, a last row where all draw, and beside each row a map of the "
        "standard deviation inside the hole.",
        "Each row draws in one layer only. Right: standard deviation inside the hole "
        f"(bright is {highest:.2f}) and its root mean square.",
    )


def _grey(images):
    """(n, height, width, channels) to (n, height, width)."""
    return np.mean(images, axis=-1)


def all_of(report, main, images):
    """Every figure of a run, by name.

    Args:
        report: a `Report` with the models of all variants.
        main: the variant whose samples are shown.
        images: whole test images, shape (batch, height, width, channels).
    """
    models, seed = report.models, report.config.seed
    chains = [name for name in models if VARIANTS[name].is_chain]
    shown = {name: models[name] for name in ("deterministic", main) if name in models}
    pictures = {
        "bounds": overfitting(report.history, list(models)),
        "completions": completions(shown, images, seed=seed),
    }
    if chains:
        pictures["layers"] = layer_curves(report.history, chains)
    if VARIANTS[main].posterior != "none":
        pictures["frozen"] = frozen(models[main], images[0], seed=seed)
    return pictures
