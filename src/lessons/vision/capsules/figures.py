"""Figures of a run; the notebook shows the same ones."""

import numpy as np

from lessons.toolkit import figures
from lessons.toolkit.figures import COLORS, ORANGE, Figure, look
from lessons.vision.capsules import evaluation
from lessons.vision.capsules.data import images_of
from lessons.vision.capsules.variants import chosen

STEPS = np.linspace(-0.25, 0.25, 11)  # the paper's section 5.1
TESTS = {  # of each task: (metric, label)
    "pairs": [("percent", "pairs,\nboth right")],
    "single": [("percent", "one digit"), ("affine_percent", "one digit,\naffine")],
    "affnist": [("percent", "one digit,\nshifted"), ("affine_percent", "affNIST")],
}


def accuracy_bars(runs, config):
    """Right answers by test and network; lines are the range over seeds.

    Args:
        runs: numbers over seeds (or one number) by metric, as from `results.recorded`.
        config: the `Config` of the runs.
    """
    tests = [(task, *test) for task in config.tasks for test in TESTS[task]]
    networks = chosen(config)
    figure, axis = figures.new(size=(7.0, 3.4))
    width, shown = 0.8 / len(networks), []
    for index, (name, variant) in enumerate(networks.items()):
        values = np.array(
            [np.atleast_1d(runs[f"{task}/{name}/{key}"]) for task, key, _ in tests]
        )  # (tests, seeds)
        means = values.mean(axis=1)
        spans = [means - values.min(axis=1), values.max(axis=1) - means]
        bars = axis.bar(
            np.arange(len(tests)) + (index - (len(networks) - 1) / 2) * width,
            means,
            0.92 * width,
            yerr=spans if values.shape[1] > 1 else None,
            color=COLORS[variant.color],
            alpha=0.5 if variant.routing and not variant.decoder else 1,
            label=variant.label,
            capsize=3,
        )
        axis.bar_label(bars, fmt="%.0f", padding=3, fontsize=9)
        shown.append(f"{variant.label} {', '.join(f'{mean:.0f}' for mean in means)}")
    axis.set_xticks(range(len(tests)), [label for *_, label in tests])
    axis.set(ylabel="right answers (%)", ylim=(0, 112))
    axis.grid(axis="x", visible=False)
    axis.legend(ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return Figure(
        figure,
        f"Bars of right answers in percent on {len(tests)} tests: {'; '.join(shown)}.",
        "Capsule networks by iterations of routing, and a convolutional network.",
    )


def _two_colours(first, second):
    """Two grey digits in orange and blue on black; white where they overlap."""
    orange, blue = np.array([1.0, 0.5, 0.0]), np.array([0.0, 0.5, 1.0])
    return np.clip(first[..., None] * orange + second[..., None] * blue, 0, 1)


def separation(model, scenes, labels, num_columns=7, num_forced=2):
    """Overlapped inputs, the digits they are made of, and what the decoder draws.

    The last columns decode a class that the image does not hold in place of the
    second digit.

    Args:
        model: a `CapsNet` with a decoder.
        scenes, labels: pairs, shapes (n, 2, height, width, 1) and (n, 2).
        num_columns: pairs to show.
        num_forced: further pairs, with a class forced.
    """
    count = num_columns + num_forced
    scenes, asked = scenes[:count], labels[:count].copy()
    for index in range(num_columns, count):
        absent = np.setdiff1d(np.arange(model.num_classes), asked[index])
        asked[index, 1] = absent[index % len(absent)]
    decoded = evaluation.reconstruct(model, scenes, asked)[..., 0]
    images, digits = images_of(scenes)[..., 0], scenes[..., 0]
    figure, axes = figures.new(3, count, size=(1.0 * count, 3.6))
    for column in range(count):
        axes[0, column].imshow(images[column], vmin=0, vmax=1, cmap="gray")
        axes[1, column].imshow(_two_colours(*digits[column]))
        axes[2, column].imshow(_two_colours(*decoded[column]))
        true, told = labels[column], asked[column]
        axes[1, column].set_title(f"{true[0]} + {true[1]}", fontsize=9)
        forced = column >= num_columns
        axes[2, column].set_title(
            f"{told[0]}, {told[1]}" + ("?" if forced else ""),
            fontsize=9,
            color=ORANGE if forced else "black",
        )
    for axis in axes.flat:
        axis.set(xticks=[], yticks=[])
        axis.grid(False)
    for axis, text in zip(axes[:, 0], ("input", "true digits", "decoded"), strict=True):
        axis.set_ylabel(text)
    return Figure(
        figure,
        f"Three rows of {count} small pictures: two digits laid over each other in "
        "grey; the same two digits in orange and blue; two digits decoded from two "
        f"capsules in orange and blue. In the last {num_forced} columns the second "
        "capsule is of a class that is not in the image.",
        "Each capsule draws its own digit out of the overlap; asked for a digit that "
        "is not there, it draws something that fits worse.",
    )


def perturbations(model, image, label, steps=STEPS):
    """One component of a class capsule moved at a time: rows are components.

    Args:
        model: a `CapsNet` with a decoder.
        image: shape (height, width, 1).
        label: its class.
        steps: what is added.
    """
    drawn = evaluation.perturbed(model, image, label, steps)
    dim, num_steps = drawn.shape[:2]
    figure, axis = figures.new(size=(6.0, 0.52 * dim + 0.6))
    tiles = drawn.reshape(-1, *image.shape)
    grid = figures.tile(tiles, num_steps, fill=0.35)
    height, width = image.shape[0] + 1, image.shape[1] + 1
    axis.imshow(grid, vmin=0, vmax=1, cmap="gray_r")
    axis.set_xticks(
        [(i + 0.5) * width for i in range(num_steps)], [f"{s:.2f}" for s in steps]
    )
    axis.set_yticks(
        [(i + 0.5) * height for i in range(dim)], [str(i + 1) for i in range(dim)]
    )
    axis.set(xlabel="added to the component", ylabel="component of the capsule")
    axis.tick_params(length=0)
    axis.grid(False)
    return Figure(
        figure,
        f"A grid of {dim} rows and {num_steps} columns of decoded digits {label}: "
        "along a row one component of its capsule goes from minus to plus a quarter.",
        "Along a row the digit changes in one way: thickness, slant, place or a part's "
        "size, more in some components than in others.",
    )


def ablation(runs, config):
    """Pairs right against the iterations of routing, one line per kind of CapsNet.

    Args:
        runs: numbers over seeds by metric, as from `results.recorded`.
        config: the `Config` of the runs.
    """
    figure, axis = figures.new(size=(7.0, 3.4))
    networks, places = chosen(config), range(len(config.iterations))
    for decoder, color, word in ((True, "blue", "with"), (False, "green", "without")):
        names = [n for n, v in networks.items() if v.routing and v.decoder == decoder]
        if not names:
            continue
        values = np.array([runs[f"pairs/{n}/percent"] for n in names])  # (r, seeds)
        style = look(networks[names[0]], color=COLORS[color])
        axis.errorbar(
            places,
            values.mean(axis=1),
            values.std(axis=1, ddof=1),
            capsize=4,
            **style | {"label": f"{word} reconstruction"},
        )
        axis.plot(places, values, ".", color=COLORS[color], alpha=0.4)
    axis.set_xticks(places, map(str, config.iterations))
    axis.set(xlabel="iterations of routing r", ylabel="pairs, both right (%)")
    axis.legend()
    counts = ", ".join(map(str, config.iterations))
    return Figure(
        figure,
        f"Pairs recognised in percent against iterations of routing ({counts}), one "
        "line with and one without reconstruction, with error bars.",
        "Bars are the standard deviation over seeds, dots the seeds.",
    )


def all_of(report, tasks):
    """Every figure of a run, by name.

    Args:
        report: a `Report` with its metrics and models.
        tasks: `Task`s by name.
    """
    drawn = {"accuracy": accuracy_bars(report.metrics, report.config)}
    decoding = [name for name, v in chosen(report.config).items() if v.decoder]
    if not decoding:
        return drawn
    for task in tasks.values():
        model = report.models[f"{task.name}_{decoding[0]}"]
        scenes, labels = task.tests["test"]
        if task.name == "pairs":
            drawn["separation"] = separation(model, scenes, labels)
        elif "perturbations" not in drawn:
            drawn["perturbations"] = perturbations(
                model, images_of(scenes)[0], int(labels[0, 0])
            )
    return drawn
