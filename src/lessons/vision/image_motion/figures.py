"""Figures of runs: distances, codes as maps, saliency, what recorded runs hold."""

import numpy as np

from lessons.toolkit import figures, turning
from lessons.toolkit.figures import BLACK, BLUE, GREEN, GREY, ORANGE, SKY, Figure
from lessons.vision.image_motion import evaluation, saliency, theory

KINDS = {"same": GREEN, "forward, back": ORANGE, "forward, still": BLUE}
SCALES = np.linspace(0, 2, 17)  # positions of the knob


def distances(before, after, frames, margin=0.5):
    """Histograms of distances of the kinds of pairs, before and after training.

    Args:
        before, after: two `MotionNetwork`s.
        frames: test frames.
        margin: of the negative pairs, drawn as a line.
    """
    figure, axes = figures.new(1, 2, size=(7.6, 3.0), sharex=True)
    texts = []
    last = frames.shape[1] - 1
    order = theory.six_subsequences(1, last - 1, last)
    titles = ("before training", "after training")
    for axis, network, title in zip(axes, (before, after), titles, strict=True):
        r = {name: evaluation.embed(network, frames, p) for name, p in order.items()}
        pairs = (("F1", "F2"), ("F1", "B1"), ("F1", "E1"))
        for (kind, color), (one, other) in zip(KINDS.items(), pairs, strict=True):
            found = evaluation.distance(r[one], r[other])
            axis.hist(
                found,
                np.linspace(0, 2, 41),
                histtype="step",
                color=color,
                label=kind,
                linewidth=1.8,
            )
            texts.append(f"{title}, {kind} {found.mean():.2f}")
        axis.axvline(margin, color=GREY, linestyle=":")
        axis.set(title=title, xlabel="cosine distance", ylabel="clips")
    axes[1].legend(fontsize=8)
    return Figure(
        figure,
        "Histograms of the cosine distance of three kinds of pairs, before and after "
        f"training; means: {'; '.join(texts)}. A dotted line marks the margin.",
        "Same: two ways from the first frame to the last; dotted: the margin.",
    )


def codes(places, clips, title):
    """A map of codes in three colours: by direction, by speed and by class.

    Args:
        places: shape (n, 2), such as t-SNE gives.
        clips: `Clips` with the same n.
        title: name of the map's axes.
    """
    figure, axes = figures.new(1, 3, size=(8.2, 2.9))
    shift = clips.shift
    panels = (
        ("direction (degrees)", np.degrees(np.arctan2(shift[:, 1], shift[:, 0]))),
        ("distance (pixels)", np.linalg.norm(shift, axis=1)),
        ("class", clips.labels),
    )
    maps = ("twilight", "viridis", "tab10")
    for axis, (text, values), colors in zip(axes, panels, maps, strict=True):
        shown = axis.scatter(*places.T, c=values, cmap=colors, s=9, linewidths=0)
        axis.set(title=text, xticks=(), yticks=(), xlabel=f"{title} 1")
        axis.grid(visible=False)
        figure.colorbar(shown, ax=axis, fraction=0.05)
    axes[0].set_ylabel(f"{title} 2")
    return Figure(
        figure,
        f"Three scatter charts of the same {len(places)} codes in two coordinates of "
        f"{title}, coloured by the direction of the shift, by its length and by the "
        "class of the digit. Neighbours share a direction; classes are mixed.",
        "One map, three colours. The direction is smooth on it; of the distance only "
        "the clips that hardly move stand apart, and the classes are mixed.",
    )


def gradients(network, clips, direction, count=3):
    """Frames with the gradient of an embedding over them, red and blue.

    Args:
        network: a `MotionNetwork`.
        clips: `Clips`.
        direction: of the embedding, shape (z,).
        count: clips shown, the ones that move farthest.
    """
    far = np.argsort(-np.linalg.norm(clips.shift, axis=1))[:count]
    frames = clips.frames[far][:, [0, -1]]
    found = saliency.maps(network, frames, direction)[..., 0]
    figure, axes = figures.new(2, count, size=(2.3 * count, 4.4), squeeze=False)
    for column in range(count):
        most = np.abs(found[column]).max()
        for row, name in enumerate(("first", "last")):
            axis = axes[row, column]
            axis.imshow(found[column, row], cmap="RdBu_r", vmin=-most, vmax=most)
            axis.contour(
                frames[column, row, ..., 0], levels=[0.35], colors=[BLACK], linewidths=1
            )
            axis.set_axis_off()
            axis.set_title(f"{name} frame", fontsize=9)
    return Figure(
        figure,
        f"For {count} clips the first and the last frame: a red and blue map of the "
        "gradient with the outline of the digit drawn over it. One side of each frame "
        "is red and the other blue, with little regard to the outline; where the first "
        "frame is red the last one is blue.",
        "Red: more light moves the embedding one way; blue: the other way.",
    )


def knob(frames, embedded, cloud, direction, guesses, margin=0.5):
    """A figure that turns: the size of a motion, its code, its distance from stillness.

    Args:
        frames: of one motion in the sizes `SCALES`, (17, time, height, width, 1).
        embedded: codes of these clips, shape (17, z); the first one stands still.
        cloud: codes of the test clips, shape (n, z).
        direction: of the cloud, their two main directions, shape (2, z).
        guesses: the shift that a linear read-out of pixels gives and the true one,
            two rows of 17; drawn as part of the greatest true one.
        margin: drawn as a line.
    """
    middle = cloud.mean(axis=0)
    points, path = ((x - middle) @ direction.T for x in (cloud, embedded))
    far = np.abs(evaluation.distance(embedded, embedded[0]))  # no -0
    drawn, alts = [], []
    for place, scale in enumerate(SCALES):
        figure, axes = figures.new(1, 4, size=(8.6, 2.5))
        for axis, name, frame in zip(
            axes, ("first", "last"), frames[place][[0, -1]], strict=False
        ):
            figures.show_tiles(axis, frame[None], 1, title=f"{name} frame")
        axes[2].plot(*points.T, ".", color=SKY, markersize=3)
        axes[2].plot(*path.T, "-", color=GREY, linewidth=1)
        axes[2].plot(*path[place], "o", color=ORANGE, markersize=9)
        axes[2].set(title="codes", xticks=(), yticks=())
        axes[3].plot(SCALES, far, color=BLUE, label="code: cosine distance")
        shift = guesses[0] / guesses[1][-1]
        axes[3].plot(
            SCALES, shift, "--", color=BLACK, label="pixels: part of the shift"
        )
        axes[3].axhline(margin, color=GREY, linestyle=":")
        axes[3].plot(scale, far[place], "o", color=ORANGE, markersize=8)
        axes[3].set(
            xlabel="size of the motion", title="away from stillness", ylim=(-0.1, 1.9)
        )
        axes[3].legend(fontsize=7, loc="upper left")
        drawn.append(figure)
        alts.append(
            f"Motion times {scale:g}: the code's cosine distance to the code of a clip "
            f"that does not move is {far[place]:.2f}."
        )
    return turning.turn(
        drawn,
        [f"{scale:g}" for scale in SCALES],
        "size of the motion",
        "First and last frame of a digit that moves, the place of its code among the "
        "codes of test clips, and the distance of the code from that of a clip that "
        "does not move, which rises steeply and then stays. A second line, the shift "
        "that a linear read-out of pixels gives, rises evenly.",
        "The code leaves stillness, passes the margin and then hardly moves.",
        alts=alts,
        start=len(SCALES) // 2,
    )


MARKERS = "os^vDPX1234"  # in the order of the looks


def motion_and_light(panels, looks, lines):
    """What codes hold as places in a plane: the light to the right, the motion up.

    Args:
        panels: by title, by the name of a code, two arrays over seeds: R² of the light
            and of the motion.
        looks: `Variant`s by name, with labels and colours, at most 11.
        lines: by title, R² of the motion of the network with labels, a line.
    """
    figure, axes = figures.new(1, len(panels), size=(8.6, 4.6), sharey=True)
    texts, marks = [], dict(zip(looks, MARKERS, strict=False))
    for axis, (title, codes) in zip(axes, panels.items(), strict=True):
        for name, (light, motion) in codes.items():
            look = looks[name]
            axis.plot(
                light,
                motion,
                linestyle="",
                marker=marks[name],
                markersize=6,
                color=figures.COLORS[look.color],
                markerfacecolor="none" if look.line == "--" else None,
                label=look.label,
            )
            texts.append(
                f"{title}, {look.label}: light {np.mean(light):.2f}, motion "
                f"{np.mean(motion):.2f}"
            )
        axis.axhline(lines[title], color=GREY, linestyle="--")
        axis.axhline(0, color=GREY, linestyle=":")
        axis.set(title=title, xlabel="light, R²", xlim=(-0.2, 1.05), ylim=(-0.15, 1))
        axis.legend(
            fontsize=7.5, loc="upper center", bbox_to_anchor=(0.5, -0.17), ncols=3
        )
    axes[0].set_ylabel("motion (shift), R²")
    return Figure(
        figure,
        "Scatter charts of what is read from codes of windows of photographs, a point "
        f"for each seed; means: {'; '.join(texts)}. Dashed lines: the network with "
        f"labels, {', '.join(f'{v:.2f}' for v in lines.values())}.",
        "A point is a seed. Dashed: motion of the network with labels; dotted: chance.",
    )


def all_of(report, test):
    """Every figure of a run, by name.

    Args:
        report: a `Report` with its main model.
        test: `Clips`.
    """
    network = report.models[report.config.variants[0]].network
    order = evaluation.through(test.frames)
    found = evaluation.embed(network, test.frames, order)
    places = found - found.mean(axis=0)
    places = places @ np.linalg.svd(places, full_matrices=False)[2][:2].T
    before = type(network).from_config(network.get_config())
    return {
        "distances": distances(before, network, test.frames, report.config.margin),
        "codes": codes(places, test, "principal component"),
    }
