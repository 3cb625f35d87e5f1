"""Figures of a run; the notebook shows the same ones."""

import numpy as np
from scipy import special

from lessons.autoencoders.semi_supervised_vae import evaluation
from lessons.autoencoders.semi_supervised_vae.variants import COMPARED, VARIANTS
from lessons.toolkit import figures
from lessons.toolkit.figures import BLACK, COLORS, ORANGE, Figure


def accuracies(found):
    """Test accuracy of each variant and baseline: a dot per run, a bar at the mean.

    Args:
        found: numbers between 0 and 1, one per run, by name, from the bottom.
    """
    figure, axis = figures.new(size=(7.0, 0.9 + 0.34 * len(found)))
    labels = [COMPARED[name].label for name in found]
    means = []
    for place, (name, values) in enumerate(found.items()):
        values = 100 * np.asarray(values)
        color = COLORS[COMPARED[name].color]
        axis.plot(values, np.full(len(values), place), "o", color=color, alpha=0.7)
        axis.plot(values.mean(), place, "|", color=color, ms=18, mew=3)
        means.append(f"{labels[place]} {values.mean():.0f} percent")
    axis.set_yticks(range(len(labels)), labels)
    axis.set_xlabel("test images classified right (%)")
    return Figure(
        figure,
        "Dots of test accuracy, one per split, with a bar at each mean: "
        f"{'; '.join(means)}.",
        "Each dot is a split of images and labels of its own; compare methods by their "
        "bars, and bars by the spread of the dots.",
    )


def cost_parts(metrics):
    """What M2 and the clamped model pay for an image without a label."""
    pairs = (("clamped", "soft_nll"), ("m2", "nll"))
    labels = [
        "−log p(x|z, y)",
        "KL of\nthe code",
        "KL of\nthe class",
        "sum paid",
        "valid bound,\nlabels outside",
        "the same with\nsoftmax(−L)",
    ]
    figure, axis = figures.new(size=(7.8, 3.6))
    for index, (name, nll) in enumerate(pairs):
        names = (nll, "kl_z", "kl_y", "cost", "bound", "best_bound")
        parts = [metrics[f"{name}/{part}"] for part in names]
        places = np.arange(6) + 0.4 * (index - 0.5)
        color = COLORS[VARIANTS[name].color]
        bars = axis.bar(places, parts, 0.38, color=color, label=VARIANTS[name].label)
        if name == "clamped":  # not paid
            bars[2].set(facecolor="white", edgecolor=color, hatch="///")
        for place, part in zip(places, parts, strict=True):
            axis.annotate(
                f"{part:.1f}",
                (place, part),
                (0, 3 if part > 0 else -11),
                textcoords="offset points",
                ha="center",
                fontsize=8,
            )
    axis.axhline(0, color=BLACK, linewidth=0.8)
    axis.set_xticks(range(6), labels, fontsize=9)
    axis.set_ylabel("nats per test image")
    axis.margins(y=0.15)
    axis.legend()
    return Figure(
        figure,
        "Bars of the three parts of the cost, of what is paid and of two valid bounds "
        "for the clamped model and for M2. The clamped model pays less than M2, but "
        "its valid bounds are higher, less so with the best classifier.",
        "The hatched bar is not paid, and the first one is measured with soft labels. "
        "The last two pairs ask both models the same question, with the model's own "
        "classifier and with the best one for its bounds: M2 is better in both.",
    )


def _name_columns(axis, names):
    """Write a name over each column of a grid of tiles."""
    for index, name in enumerate(names):
        place = (index + 0.5) / len(names)
        axis.text(place, 1.02, name, ha="center", transform=axis.transAxes, fontsize=9)


def class_grid(model, task, num_rows=6, seed=0):
    """Images with the same code in a row and the same label in a column."""
    codes = np.random.default_rng(seed).standard_normal((num_rows, model.latent_dim))
    codes = np.repeat(codes.astype(np.float32), model.num_classes, axis=0)
    labels = np.tile(np.arange(model.num_classes), num_rows)
    images = task.images(np.asarray(model.decode(codes, labels)))
    figure, axis = figures.new(size=(5.0, 0.5 * num_rows + 0.3))
    figures.show_tiles(axis, images, model.num_classes)
    _name_columns(axis, task.split.class_names)
    return Figure(
        figure,
        f"{num_rows} rows and {model.num_classes} columns of grey images; each column "
        "shows one class, each row one manner of writing.",
        "One code z in a row, one label y in a column: the label sets what is written, "
        "the code how.",
    )


def analogies(model, task, num_rows=6):
    """Test images, and each one's code decoded with every label."""
    places = [np.flatnonzero(task.test_labels == k)[0] for k in range(num_rows)]
    x, labels = task.test_x[places], task.test_labels[places]
    codes = np.asarray(model.encode(x, labels))
    count = model.num_classes
    swept = model.decode(
        np.repeat(codes, count, axis=0), np.tile(np.arange(count), num_rows)
    )
    blank = np.zeros_like(x)
    rows = [
        np.stack([image, gap, *others])
        for image, gap, others in zip(
            x, blank, np.reshape(swept, (num_rows, count, -1)), strict=True
        )
    ]
    figure, axis = figures.new(size=(5.6, 0.5 * num_rows + 0.3))
    figures.show_tiles(axis, task.images(np.concatenate(rows)), count + 2)
    _name_columns(axis, ("test", "", *task.split.class_names))
    return Figure(
        figure,
        f"{num_rows} rows of grey images: a test image on the left, then "
        f"{count} images, one of each class, that keep its slant and weight.",
        "Analogies: the code is read off the image on the left and decoded with the "
        "label clamped to each class.",
    )


def classifier_maps(model, task, num_samples=5, num_images=40):
    """q(y|x) beside the best answer the bounds allow, softmax(-L)."""
    order = np.argsort(task.test_labels[:200], kind="stable")
    order = order[:: max(1, len(order) // num_images)][:num_images]
    x = task.test_x[order]
    probs = evaluation.probabilities(model, x)
    nll, kl, _ = evaluation.draws(model, x, num_samples)
    best = special.softmax(-(nll + kl).mean(axis=0), axis=1)
    figure, axes = figures.new(2, 1, size=(7.5, 4.4), sharex=True)
    pairs = (("classifier q(y|x)", probs), ("best for these bounds, softmax(−L)", best))
    for axis, (title, values) in zip(axes, pairs, strict=True):
        image = axis.imshow(values.T, vmin=0, vmax=1, aspect="auto", cmap="gray_r")
        right = task.test_labels[order]
        axis.plot(range(len(order)), right, ".", color=ORANGE, ms=4)
        axis.set_title(title, fontsize=10)
        axis.set_ylabel("class")
        axis.set_yticks(range(0, model.num_classes, 3))
        axis.grid(False)
    axes[1].set_xlabel("test image, sorted by its true class (orange dots)")
    figure.colorbar(image, ax=list(axes), label="probability")
    return Figure(
        figure,
        "Two heat maps of class probabilities for test images sorted by class; both "
        "are dark along the steps of the true classes and agree almost everywhere.",
        "The classifier has learned to answer what the generative model would, save "
        "for a few images; dark cells off the orange dots are mistakes.",
    )


def all_of(report, task):
    """Every figure that the trained models allow, by name.

    Args:
        report: a `Report` with the models of all variants.
        task: a `data.Task`.
    """
    metrics, models = report.metrics, report.models
    accuracy = {name: metrics.get(f"{name}/accuracy") for name in COMPARED}
    found = {name: [value] for name, value in accuracy.items() if value is not None}
    pictures = {"accuracies": accuracies(found)}
    if {"clamped", "m2"} <= models.keys():
        pictures["cost_parts"] = cost_parts(metrics)
    if "m2" in models:
        seed = report.config.seed
        pictures["class_grid"] = class_grid(models["m2"], task, seed=seed)
        pictures["analogies"] = analogies(models["m2"], task)
        pictures["classifier_maps"] = classifier_maps(models["m2"], task)
    return pictures
