"""Figures of a run; the notebook shows the same ones."""

from lessons.autoencoders.vae.variants import VARIANTS
from lessons.toolkit import figures
from lessons.toolkit.figures import BLACK, Figure


def draw_baselines(axis, baselines):
    """Dotted lines at the two baselines, named in the right margin.

    Args:
        axis: a matplotlib axis whose y-axis is a cost.
        baselines: as from `evaluation.baselines`.
    """
    for key, text in (
        ("mean_image/test_cost", "mean image"),
        ("ppca/test_cost", "best linear\nmodel (pPCA)"),
    ):
        axis.axhline(baselines[key], color=BLACK, linewidth=1, linestyle=":")
        axis.annotate(
            text,
            (1.01, baselines[key]),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=9,
        )


def cost_curves(history, baselines):
    """Training cost against epoch for each variant, over the two baselines.

    Args:
        history: columns called `VARIANT/loss`.
        baselines: as from `evaluation.baselines`.
    """
    figure, axis = figures.new(size=(7.0, 3.8))
    figures.curves(axis, history, "loss", VARIANTS)
    draw_baselines(axis, baselines)
    axis.set_xlabel("epoch")
    axis.set_ylabel("cost per image (nats)")
    axis.set_ylim(
        0.7 * baselines["ppca/test_cost"], 3 * baselines["mean_image/test_cost"]
    )
    axis.legend(ncols=2, fontsize=9, loc="upper center", bbox_to_anchor=(0.5, 1.22))
    return Figure(
        figure,
        "Line chart of training cost against epoch for up to four models, with dotted "
        "lines at the cost of the mean image and of the best linear model.",
        "A line that stays at the mean image means an unused code; one below the best "
        "linear model has found what no linear code can say.",
    )


def reconstructions(model, images, num_columns=16):
    """Source images over their reconstructions."""
    images = images[:num_columns]
    figure, axes = figures.new(2, 1, size=(7.5, 1.5))
    pairs = ((images, "source"), (model.reconstruct(images), "reconstruction"))
    for axis, (rows, title) in zip(axes, pairs, strict=True):
        figures.show_tiles(axis, rows, num_columns)
        axis.text(-0.01, 0.5, title, ha="right", va="center", transform=axis.transAxes)
    return Figure(
        figure,
        f"Two rows of {len(images)} small grey images: test images above, what the "
        "model makes of them below.",
        "Each reconstruction is the decoder's answer to the mean of q(z|x).",
    )


def samples(model, num_rows=4, num_columns=16, seed=0):
    """Images decoded from draws of the prior."""
    figure, axis = figures.new(size=(7.5, 7.5 * num_rows / num_columns))
    images = model.sample(num_rows * num_columns, seed)
    figures.show_tiles(axis, images, num_columns)
    return Figure(
        figure,
        f"A grid of {len(images)} grey images sampled from the model.",
        "Samples: z drawn from the standard normal prior, then decoded.",
    )


def code_path(model, num_steps=48, num_columns=16, seed=0):
    """Images along a straight line through code space."""
    num_rows = -(-num_steps // num_columns)
    figure, axis = figures.new(size=(7.5, 7.5 * num_rows / num_columns))
    figures.show_tiles(axis, model.path(num_steps, seed), num_columns)
    return Figure(
        figure,
        f"{num_steps} grey images in reading order that change gradually from one "
        "sample into another.",
        "A straight path between two draws from the prior: neighbours differ little, "
        "so the code space has no holes along it.",
    )


def all_of(report, images):
    """Every figure of a run, by name.

    Args:
        report: a `Report` with its main model and the baselines' metrics.
        images: test images, shape (batch, height, width, channels).
    """
    model, seed = report.models["model"], report.config.seed
    return {
        "cost": cost_curves(report.history, report.metrics),
        "reconstructions": reconstructions(model, images),
        "samples": samples(model, seed=seed),
        "path": code_path(model, seed=seed),
    }


def gallery(model, images, num_columns=16, num_rows=3, seed=0):
    """Source, reconstruction, samples and a path through code space, in one figure."""
    figure, axes = figures.new(
        4, 1, size=(8.8, 6.0), height_ratios=[1, 1, num_rows, num_rows]
    )
    count = num_columns * num_rows
    panels = (
        (images[:num_columns], "test images"),
        (model.reconstruct(images[:num_columns]), "their reconstructions"),
        (model.sample(count, seed), "samples: codes drawn from the prior"),
        (model.path(count, seed), "a straight path between two codes (reading order)"),
    )
    for axis, (panel, title) in zip(axes, panels, strict=True):
        figures.show_tiles(axis, panel, num_columns)
        axis.set_title(title, fontsize=10)
    return Figure(
        figure,
        "Four blocks of small grey images: test images, their reconstructions, samples "
        "from the model, and a path on which one character turns into another.",
        "Reconstructions keep identity and slant and lose sharp edges; samples are "
        "mostly readable; along the path there is no jump.",
    )
