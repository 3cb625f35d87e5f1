"""Figures of a run and of recorded runs; the notebook shows the same ones."""

import numpy as np
from matplotlib import colors
from mpl_toolkits.mplot3d import art3d
from skimage import measure

from lessons.toolkit import figures
from lessons.toolkit.figures import BLACK, COLORS, GREY, Figure
from lessons.vision.marrnet import shapes
from lessons.vision.marrnet.variants import TUNINGS, VARIANTS

LIGHT = (figures.SKY, figures.AMBER, figures.PINK)
FRONT, SIDE = (12, -78), (22, -20)  # elevation and azimuth of matplotlib's camera


def normal_colours(sketch):
    """Normals as colours: right, up and towards the camera are red, green and blue."""
    mirrored = sketch[..., :3] * [1, -1, -1]
    inside = sketch[..., 4:] > 0.5
    return np.where(inside, np.clip((mirrored + 1) / 2, 0, 1), 1.0)


def depth_shades(sketch):
    """Depth where the silhouette is, else NaN, which is drawn white."""
    return np.where(sketch[..., 4] > 0.5, sketch[..., 3], np.nan)


def draw_maps(axes, image, sketch):
    """An image, its normals, depth and silhouette on four axes."""
    axes[0].imshow(image)
    axes[1].imshow(normal_colours(sketch))
    axes[2].imshow(depth_shades(sketch), cmap="viridis", vmin=0.2, vmax=0.8)
    axes[3].imshow(sketch[..., 4], cmap="gray_r", vmin=0, vmax=1)
    for axis in axes:
        axis.set(xticks=[], yticks=[])
        axis.grid(False)


def bare(axis, size, view):
    """A 3-D axis without ticks, seen from a place: x right, z away, y up."""
    axis.view_init(*view)
    axis.set(xlim=(0, size), ylim=(0, size), zlim=(0, size))
    axis.set_box_aspect((1, 1, 1), zoom=1.5)
    axis.set_axis_off()


def draw_voxels(axis, voxels, view=SIDE, color="#56B4E9"):
    """Voxels as cubes by matplotlib, of a grid [y, x, z] of booleans.

    Takes two seconds for a grid of 32; `draw_mesh` is forty times as fast. Returns the
    cubes' faces by place (x, z, up).
    """
    # Axes of the drawing: x, z (away), and up.
    turned = np.transpose(np.asarray(voxels, bool), (1, 2, 0))[:, :, ::-1]
    bare(axis, len(voxels), view)
    return axis.voxels(turned, facecolors=color, edgecolor="0.25", linewidth=0.15)


def draw_mesh(axis, occupancies, threshold=0.5, view=SIDE, color="#56B4E9"):
    """The surface where occupancies pass a threshold, by marching cubes.

    Returns its triangles in the drawing's coordinates (x, z, up), shape (n, 3, 3); none
    where nothing passes.
    """
    bare(axis, len(occupancies), view)
    padded = np.pad(np.transpose(occupancies, (1, 2, 0))[:, :, ::-1], 1)
    if not padded.min() < threshold < padded.max():
        return np.zeros((0, 3, 3))
    corners, faces, *_ = measure.marching_cubes(padded.astype(float), threshold)
    triangles = corners[faces] - 0.5
    across = np.cross(
        triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]
    )
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    light = np.abs(across @ np.array([0.4, -0.5, 0.77]))
    base = np.array(colors.to_rgb(color))
    shade = np.clip((0.45 + 0.55 * light)[:, None] * base, 0, 1)
    axis.add_collection3d(art3d.Poly3DCollection(triangles, facecolors=shade))
    return triangles


def gallery(part, count=6):
    """Pictures, sketches and voxels of the first shapes.

    Args:
        part: a `data.Part`.
        count: how many.
    """
    figure, axes = figures.new(5, count, size=(1.35 * count, 6.8))
    for column in range(count):
        image, sketch = part.pictures[column], part.sketches[column]
        draw_maps(axes[:4, column], image, sketch)
        place = axes[4, column].get_subplotspec()
        axes[4, column].remove()
        solid = figure.add_subplot(place, projection="3d")
        draw_mesh(solid, part.voxels[column])
        name = shapes.CATEGORIES[part.categories[column]]
        axes[0, column].set_title(name, fontsize=9)
    names = ("image", "normals", "depth", "silhouette")
    for axis, name in zip(axes[:4, 0], names, strict=True):
        axis.set_ylabel(name)
    named = ", ".join(shapes.CATEGORIES[c] for c in part.categories[:count])
    return Figure(
        figure,
        f"Five rows of {count} small pictures of boxy shapes ({named}): the image in "
        "front of a photograph or a plain colour, its normals as colours, its depth "
        "from dark (near) to bright (far), its silhouette, and its solid seen from the "
        "side.",
        "What the sketches leave out: colour, texture and background.",
    )


def predictions(rows, thresholds):
    """Images, predicted sketches and solids of several ways, one row per shape.

    Args:
        rows: of each shape (image, sketch, solids), the solids occupancies by label;
            the last one is the truth.
        thresholds: by label; the truth's is 0.5.
    """
    labels = list(rows[0][2])
    figure, axes = figures.new(
        len(rows),
        3 + 2 * len(labels),
        size=(1.2 * (3 + 2 * len(labels)), 1.35 * len(rows)),
        squeeze=False,
    )
    for row, (image, sketch, solids) in enumerate(rows):
        line = axes[row]
        for axis, shown in zip(
            line, (image, normal_colours(sketch), depth_shades(sketch)), strict=False
        ):
            axis.imshow(shown, cmap="viridis", vmin=0.2, vmax=0.8)
            axis.set(xticks=[], yticks=[])
            axis.grid(False)
        for number, label in enumerate(labels):
            color = "0.7" if number == len(labels) - 1 else LIGHT[number % 3]
            for offset, view in enumerate((FRONT, SIDE)):
                axis = line[3 + 2 * number + offset]
                place = axis.get_subplotspec()
                axis.remove()
                solid = figure.add_subplot(place, projection="3d")
                level = thresholds.get(label, 0.5)
                draw_mesh(solid, solids[label], level, view, color)
                if row == 0 and offset == 0:
                    solid.set_title(label, fontsize=9, loc="left")
    for axis, name in zip(axes[0], ("image", "normals", "depth"), strict=False):
        axis.set_title(name, fontsize=9)
    return Figure(
        figure,
        f"{len(rows)} rows: an image, the normals and the depth predicted from it, and "
        f"the solids of {', '.join(labels)}, each from the front and from the side.",
        "Compare the side views: the camera has not seen that side.",
    )


def domain_bars(runs, names, domains, yardsticks=()):
    """Intersection over union by domain, a bar for each way, with range over seeds.

    Args:
        runs: `results.Runs` or a dictionary of numbers.
        names: of variants, and of rows by (name, label, colour).
        domains: names of `camera.DOMAINS`.
        yardsticks: (label, value) of lines drawn across.
    """
    rows = [
        (n, VARIANTS[n].label, COLORS[VARIANTS[n].color]) if isinstance(n, str) else n
        for n in names
    ]
    figure, axis = figures.new(size=(8.4, 3.6))
    width, texts = 0.8 / len(rows), []
    for number, (name, label, color) in enumerate(rows):
        values = [np.atleast_1d(runs[f"{d}/{name}/iou"]) for d in domains]
        means, spans = figures.mean_and_range(values)
        places = np.arange(len(domains)) + (number - (len(rows) - 1) / 2) * width
        axis.bar(places, means, 0.9 * width, color=color, label=label)
        axis.errorbar(places, means, spans, fmt="none", ecolor=BLACK, linewidth=1)
        texts.append(f"{label} {', '.join(f'{m:.2f}' for m in means)}")
    for (label, value), line in zip(yardsticks, ("--", ":", "-."), strict=False):
        axis.axhline(value, color=GREY, linestyle=line, label=label)
    axis.set_xticks(range(len(domains)), domains)
    axis.set(ylabel="intersection over union", xlabel="test pictures")
    axis.grid(axis="x", visible=False)
    axis.legend(fontsize=8, ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    lines = "".join(f" Line at {value:.2f}: {label}." for label, value in yardsticks)
    return Figure(
        figure,
        "Bars of the intersection over union by test pictures "
        f"({', '.join(domains)}): {'; '.join(texts)}.{lines}",
        "Bars are means over seeds, thin lines go from the lowest to the highest.",
    )


def tuning_curves(runs, groups, steps):
    """Loss and intersection over union while one image is fine-tuned, over seeds.

    Args:
        runs: `results.Runs` or a dictionary of numbers.
        groups: (name, title, ways) of each column, a name without "tune_".
        steps: numbers of updates that were recorded.
    """
    figure, axes = figures.new(
        2, len(groups), size=(3.1 * len(groups), 4.6), sharex=True, sharey="row"
    )
    axes, texts = np.reshape(axes, (2, -1)), []
    for column, (group, title, ways) in enumerate(groups):
        axes[0, column].set_title(title, fontsize=10)
        axes[1, column].set_xlabel("updates")
        for way in ways:
            drawn = figures.look(TUNINGS[way])
            for row, key in enumerate(("loss", "iou")):
                values = [
                    np.atleast_1d(runs[f"tune_{group}/{way}/{key}_{s}"]) for s in steps
                ]
                means, _ = figures.mean_and_range(values)
                axes[row, column].plot(steps, means, **drawn)
                axes[row, column].fill_between(
                    steps,
                    [v.min() for v in values],
                    [v.max() for v in values],
                    color=drawn["color"],
                    alpha=0.12,
                    linewidth=0,
                )
                texts.append(
                    f"{title}, {drawn['label']}, {key} {means[0]:.2f} to "
                    f"{means[-1]:.2f}"
                )
    axes[0, 0].set_ylabel("re-projection loss\nper pixel")
    axes[1, 0].set_ylabel("intersection\nover union")
    handles, names = [], []
    for axis in axes[0]:
        for handle, name in zip(*axis.get_legend_handles_labels(), strict=True):
            if name not in names:
                handles.append(handle)
                names.append(name)
    figure.legend(handles, names, loc="outside lower center", ncols=4, fontsize=8)
    return Figure(
        figure,
        "Curves over the updates of fine-tuning, above the re-projection loss, below "
        f"the intersection over union: {'; '.join(texts)}.",
        "Lines are means over seeds, bands go from the lowest seed to the highest. "
        "The depth loss alone is another loss than the rest.",
    )


def all_of(report, parts):
    """Every figure of a run, by name.

    Args:
        report: a `Report`.
        parts: `data.Shapes`.
    """
    names = [n for n in VARIANTS if n in report.config.variants]
    rows = [*names, ("nearest", "nearest training shape by its depth", "0.5")]
    domains = list(parts.test.images)
    if "marrnet" not in names:
        rows = names
    mean = ("mean training grid", report.metrics["mean_grid/iou"])
    drawn = {"domains": domain_bars(report.metrics, rows, domains, [mean])}
    if parts.train.voxels.shape[-1] <= 64:
        drawn["shapes"] = gallery(parts.test, min(6, len(parts.test.voxels)))
    return drawn


def threshold_curves(runs, names, thresholds, chosen=True):
    """Intersection over union against the threshold, means and ranges over seeds.

    Args:
        runs: `results.Runs`.
        names: of variants.
        thresholds: that were recorded.
        chosen: whether the mean of the chosen thresholds is marked.
    """
    figure, axis = figures.new(size=(6.4, 3.4))
    texts = []
    for name in names:
        drawn = figures.look(VARIANTS[name])
        values = [np.atleast_1d(runs[f"tau_{t:g}/{name}/iou"]) for t in thresholds]
        means, spans = figures.mean_and_range(values)
        axis.errorbar(thresholds, means, spans, capsize=2, **drawn)
        best = int(np.argmax(means))
        texts.append(f"{drawn['label']} {means[best]:.2f} at {thresholds[best]:g}")
        if chosen:
            level = float(np.mean(runs[f"{name}/threshold"]))
            axis.axvline(level, color=drawn["color"], linestyle=":", linewidth=1)
    axis.set(xlabel="threshold τ", ylabel="intersection over union", ylim=(0, None))
    axis.legend(fontsize=8)
    return Figure(
        figure,
        "Curves of the intersection over union against the threshold, each at its "
        f"best: {'; '.join(texts)}. Dotted lines: thresholds chosen on validation.",
        "Each network has a threshold of its own; compare the curves at their tops.",
    )
