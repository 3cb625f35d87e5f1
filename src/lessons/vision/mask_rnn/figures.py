"""Pictures of videos and their masks, and of what runs found."""

import numpy as np

from lessons.toolkit import animation, figures
from lessons.toolkit.figures import BLACK, GREY, Figure
from lessons.vision.mask_rnn import baselines, boxes, evaluation, theory
from lessons.vision.mask_rnn.variants import VARIANTS

TINTS = np.array([[0.9, 0.6, 0.0], [0.34, 0.71, 0.91], [0.8, 0.47, 0.65]])  # objects
LINES = {  # methods without weights, drawn as variants are
    "propagation": ("propagation, no weights", GREY, ":"),
    "other_flow": ("propagation, moves unlike the camera", BLACK, ":"),
}


def tinted(frame, masks, part=0.8):
    """A frame with masks of objects in colours.

    Args:
        frame: shape (height, width, 3).
        masks: boolean, shape (objects, height, width).
        part: of the colour.
    """
    image = np.array(frame, float)
    for mask, tint in zip(masks, TINTS, strict=False):
        image[mask] = (1 - part) * image[mask] + part * tint
    return image


def _show(axis, image, title=""):
    axis.imshow(np.clip(image, 0, 1), interpolation="nearest")
    axis.set(xticks=(), yticks=())
    axis.grid(False)
    if title:
        axis.set_title(title, fontsize=9)


def strip(videos, number, rows, times=(1, 3, 5, 7)):
    """Frames of a video, and beside them the masks of some methods.

    Args:
        videos: `Videos`.
        number: which video.
        rows: by label, masks, boolean, shape (n, time - 1, objects, height, width).
        times: frames shown, from 0 on.
    """
    times = [t for t in times if t < videos.frames.shape[1]]
    figure, axes = figures.new(
        len(rows) + 2,
        len(times),
        size=(1.35 * len(times) + 1.2, 1.3 * (len(rows) + 2)),
        squeeze=False,
    )
    drawn = {"frame": None, "truth": videos.masks[:, 1:], **rows}
    for row, (label, masks) in zip(axes, drawn.items(), strict=True):
        row[0].set_ylabel(label.replace(", ", ",\n"), fontsize=8)
        for axis, t in zip(row, times, strict=True):
            image = videos.frames[number, t]
            if masks is not None:
                image = tinted(image, masks[number, t - 1])
            _show(axis, image, f"frame {t + 1}" if masks is None else "")
    return Figure(
        figure,
        f"A grid of small pictures: rows are the frame and the masks by {_words(drawn)}"
        f"; columns are frames {', '.join(str(t + 1) for t in times)} of a video with "
        f"{videos.masks.shape[2]} shapes, each object in a colour of its own.",
        "Each object has a colour; the first masks were given.",
    )


def film(videos, number, rows, milliseconds=500):
    """A video that moves, with the masks of some methods side by side: an `Animation`.

    Args:
        videos: `Videos`.
        number: which video.
        rows: by label, masks as for `strip`.
        milliseconds: of a frame.
    """
    drawn = {"truth": videos.masks[:, 1:], **rows}
    shots = []
    for t in range(videos.frames.shape[1]):
        figure, axes = figures.new(
            1, len(drawn) + 1, size=(1.75 * (len(drawn) + 1), 2.1)
        )
        _show(axes[0], videos.frames[number, t], f"frame {t + 1}")
        for axis, (label, masks) in zip(axes[1:], drawn.items(), strict=True):
            shown = masks[number, t - 1] if t else videos.masks[number, 0]
            _show(axis, tinted(videos.frames[number, t], shown), label)
        shots.append(animation.frame_of(figure, dpi=100))
    return animation.animate(
        shots,
        f"An animation of {len(shots)} frames: a video of two shapes and, beside it, "
        f"the masks of {_words(drawn)}. All begin with the same masks; at the end they "
        "differ.",
        "All begin with the true first masks.",
        milliseconds=milliseconds,
        num_colors=128,
    )


def _words(names):
    return ", ".join(name for name in names if name != "frame")


def looks(name):
    """Label, colour and line of a variant or of a method without weights."""
    if name in VARIANTS:
        variant = VARIANTS[name]
        return variant.label, figures.COLORS[variant.color], variant.line
    return LINES[name]


def by_frame(found, names, title=""):
    """J against the frame, means over seeds, a line for each method.

    Args:
        found: recorded runs, or a function of a key that gives numbers over seeds.
        names: of variants and of `LINES`.
        title: above the picture.
    """
    figure, axis = figures.new(size=(7.6, 4.0))
    texts = []
    for name in names:
        label, color, line = looks(name)
        values = []
        while (numbers := found(f"{name}/j_{len(values) + 1}")) is not None:
            values.append(np.mean(numbers))
        frames = 1 + np.arange(1, len(values) + 1)
        axis.plot(frames, values, color=color, linestyle=line, marker="o", markersize=3)
        axis.annotate(
            label,
            (frames[-1], values[-1]),
            (6, 0),
            textcoords="offset points",
            color=color,
            fontsize=8,
            va="center",
            annotation_clip=False,
        )
        texts.append(f"{label} {values[0]:.2f} to {values[-1]:.2f}")
    _spread(axis)
    axis.set(xlabel="frame", ylabel="J, mean over objects and videos", title=title)
    axis.set_xlim(1.8, frames[-1] + 0.55 * len(frames))
    axis.set_xticks(frames)
    return Figure(
        figure,
        "Line chart of J against the frame, one line for each method, from the second "
        f"frame to the last: {'; '.join(texts)}.",
        "Errors accumulate: every method falls, some more slowly.",
    )


def _spread(axis, least=0.034):
    """Move labels at the ends of lines apart."""
    texts = sorted(axis.texts, key=lambda text: text.xy[1])
    low, high = axis.get_ylim()
    height, last = high - low, -np.inf
    for text in texts:
        place = max(text.xy[1], last + least * height * 1.35)
        text.xyann = (8, (place - text.xy[1]) / height * 230)
        last = place


def gains(rows, title):
    """Differences of J between two methods on the same videos, a row for each pair.

    Args:
        rows: by label, (mean J over seeds, last-frame J over seeds), arrays.
        title: what is compared.
    """
    figure, axis = figures.new(size=(7.4, 0.9 + 0.42 * len(rows)))
    texts = []
    for place, (label, pair) in enumerate(rows.items()):
        for values, shift, color, kind in zip(
            pair,
            (-0.13, 0.13),
            (figures.BLUE, figures.ORANGE),
            ("mean", "last"),
            strict=True,
        ):
            axis.plot(
                values,
                np.full(len(values), place + shift),
                ".",
                color=color,
                label=f"J, {kind} frame"
                if not place and kind == "last"
                else ("J, mean over frames" if not place else None),
            )
            axis.plot(
                np.mean(values),
                place + shift,
                "|",
                color=color,
                markersize=14,
                markeredgewidth=2.5,
            )
        texts.append(f"{label} {np.mean(pair[0]):+.3f} and {np.mean(pair[1]):+.3f}")
    axis.axvline(0, color=GREY, linewidth=1)
    axis.set_yticks(range(len(rows)), list(rows), fontsize=8)
    axis.invert_yaxis()
    axis.set(xlabel="difference of J on the same videos", title=title)
    axis.legend(fontsize=8, loc="best")
    return Figure(
        figure,
        "Dot chart of differences of J between two methods, a dot for each seed, in "
        f"the mean over frames and at the last frame. Means: {'; '.join(texts)}.",
        "A dot is a seed, a bar the mean over seeds.",
    )


def box_example(frame, truth, inputs, localiser):
    """A warped mask with its proposal, the localiser's box and the enlarged one.

    Args:
        frame: shape (height, width, 3).
        truth: boolean, shape (height, width).
        inputs: of a `MaskNet`, shape (1, height, width, 6).
        localiser: a trained `Localiser`.
    """
    proposal, refined = (np.asarray(box)[0] for box in localiser.boxes(inputs))
    enlarged = np.asarray(theory.enlarge(refined))
    true = boxes.true_boxes(truth[None])[0]
    kinds = {
        "true box": (true, BLACK, "-"),
        "proposal": (proposal, figures.ORANGE, "--"),
        "localiser": (refined, figures.BLUE, "-"),
        "localiser, enlarged": (enlarged, figures.BLUE, ":"),
    }
    figure, axes = figures.new(1, 2, size=(6.6, 3.4))
    _show(axes[0], tinted(frame, truth[None]), "frame and true mask")
    axes[1].imshow(inputs[0, ..., 5], cmap="gray_r", vmin=0, vmax=1)
    axes[1].set(xticks=(), yticks=())
    axes[1].set_title("given mask and boxes", fontsize=9)
    axes[1].grid(False)
    for label, ((x, y, w, h), color, line) in kinds.items():
        axes[1].plot(
            x + w / 2 * np.array([-1, 1, 1, -1, -1]),
            y + h / 2 * np.array([-1, -1, 1, 1, -1]),
            color=color,
            linestyle=line,
            label=label,
        )
    axes[1].legend(fontsize=7.5, loc="center left", bbox_to_anchor=(1.01, 0.5))
    overlaps = [boxes.iou(box[None], true[None])[0] for box in (proposal, refined)]
    return Figure(
        figure,
        "Left a frame with the true mask, right the given mask with four boxes: the "
        f"true one, the proposal (IoU {overlaps[0]:.2f}), the localiser's "
        f"({overlaps[1]:.2f}) and the enlarged one.",
        "The given mask has a ghost, and so has its box; the localiser corrects it.",
    )


def all_of(report, test):
    """Every figure of a run, by name.

    Args:
        report: a `Report` with its main model.
        test: `Videos`.
    """
    config = report.config
    net = report.models["model"].net
    few = test.first(1)
    rows = {
        "propagation": evaluation.objects_of(baselines.propagate(few)),
        VARIANTS[config.main].label: evaluation.objects_of(
            evaluation.segment(net, few)
        ),
    }

    def found(key):
        value = report.metrics.get(key)
        return None if value is None else np.array([value])

    names = (*config.variants, *LINES)
    return {
        "strip": strip(few, 0, rows),
        "by_frame": by_frame(found, names),
    }
