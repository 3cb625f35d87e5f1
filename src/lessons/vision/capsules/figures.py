"""The pictures of a run; the notebook shows the same ones."""

import numpy as np

from lessons.toolkit import figures
from lessons.toolkit.figures import BLUE, GREEN, ORANGE, SKY, Figure
from lessons.vision.capsules import evaluation
from lessons.vision.capsules.data import images_of

STEPS = np.linspace(-0.25, 0.25, 11)  # the paper's section 5.1
LOOKS = {
    "r3": (BLUE, "CapsNet, r = 3"),
    "r1": (SKY, "CapsNet, r = 1"),
    "cnn": (ORANGE, "CNN"),
}
BARS = {
    "pairs/{}/percent": "pairs,\nboth right",
    "single/{}/percent": "one digit",
    "single/{}/affine_percent": "one digit,\naffine",
}


def accuracy_bars(runs):
    """Share of right answers by task and network; lines are the spread over seeds.

    Args:
        runs: metrics of one run per seed.
    """
    keys = [key for key in BARS if any(key.format(n) in runs[0] for n in LOOKS)]
    names = [n for n in LOOKS if all(key.format(n) in runs[0] for key in keys)]
    figure, axis = figures.new(size=(7.0, 3.4))
    width = 0.8 / max(1, len(names))
    for index, name in enumerate(names):
        values = np.array([[run[key.format(name)] for key in keys] for run in runs])
        places = np.arange(len(keys)) + (index - (len(names) - 1) / 2) * width
        color, label = LOOKS[name]
        spread = values.std(axis=0, ddof=1) if len(values) > 1 else None
        axis.bar(
            places,
            values.mean(axis=0),
            0.92 * width,
            yerr=spread,
            color=color,
            label=label,
            capsize=3,
        )
        axis.bar_label(axis.containers[-1], fmt="%.0f", padding=3, fontsize=9)
    axis.set_xticks(range(len(keys)), [BARS[key] for key in keys])
    axis.set(ylabel="right answers (%)", ylim=(0, 112))
    axis.grid(axis="x", visible=False)
    axis.legend(ncols=3, loc="upper center", bbox_to_anchor=(0.5, 1.2))
    shown = "; ".join(
        f"{LOOKS[name][1]} "
        + ", ".join(f"{np.mean([r[k.format(name)] for r in runs]):.0f}" for k in keys)
        for name in names
    )
    return Figure(
        figure,
        f"Bars of right answers in percent on {len(keys)} tests: {shown}.",
        "Three iterations of routing against one, and against a convolutional network.",
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
    images, parts = images_of(scenes)[..., 0], scenes[..., 0]
    figure, axes = figures.new(3, count, size=(1.0 * count, 3.6))
    for column in range(count):
        axes[0, column].imshow(images[column], vmin=0, vmax=1, cmap="gray")
        axes[1, column].imshow(_two_colours(*parts[column]))
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
        "is not there, it draws nothing that fits.",
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


def ablation(runs, iterations=(1, 2, 3, 5)):
    """Pairs right against the iterations of routing, with and without decoder.

    Args:
        runs: metrics of one run per seed.
        iterations: which were trained.
    """
    figure, axis = figures.new(size=(7.0, 3.4))
    looks = {"": (BLUE, "o-", "with"), "_plain": (GREEN, "s--", "without")}
    for ending, (color, line, word) in looks.items():
        values = np.array(
            [[run[f"pairs/r{r}{ending}/percent"] for r in iterations] for run in runs]
        )
        axis.errorbar(
            range(len(iterations)),
            values.mean(axis=0),
            values.std(axis=0, ddof=1),
            fmt=line,
            color=color,
            capsize=4,
            label=f"{word} reconstruction",
        )
        for row in values:
            axis.plot(range(len(iterations)), row, ".", color=color, alpha=0.4)
    axis.set_xticks(range(len(iterations)), [str(r) for r in iterations])
    axis.set(xlabel="iterations of routing r", ylabel="pairs, both right (%)")
    axis.legend()
    return Figure(
        figure,
        "Pairs recognised in percent against one, two, three and five iterations of "
        "routing, one line with and one without reconstruction, with error bars.",
        "Bars are the standard deviation over seeds, dots the seeds.",
    )


def all_of(models, tasks, metrics):
    """Every figure of a run, by name.

    Args:
        models: networks by `TASK_NETWORK`.
        tasks: `Task` by name.
        metrics: of the run.
    """
    pictures = {}
    if any(key.format(n) in metrics for key in BARS for n in LOOKS):
        pictures["accuracy"] = accuracy_bars([metrics])
    for name, model in models.items():
        if getattr(model, "decoder", None) is None:
            continue
        scenes, labels = tasks[name.partition("_")[0]].tests["test"]
        if labels.shape[1] == 2 and "separation" not in pictures:
            pictures["separation"] = separation(model, scenes, labels)
        if labels.shape[1] == 1 and "perturbations" not in pictures:
            pictures["perturbations"] = perturbations(
                model, images_of(scenes)[0], int(labels[0, 0])
            )
    return pictures
