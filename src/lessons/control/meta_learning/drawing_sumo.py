"""Pictures and animations of bouts of sumo, seen from above."""

import numpy as np
from matplotlib import patches

from lessons.control.meta_learning import sumo
from lessons.control.meta_learning.drawing import NUM_COLORS, frame_of
from lessons.toolkit import animation, figures
from lessons.toolkit.figures import BLACK, BLUE, GREY, ORANGE, Figure

_MAT = "#efe3c8"


class Mat:
    """The ring with two players on an axis, drawn once and moved from frame to frame.

    Args:
        axis: a matplotlib axis.
        names: of the two players; their first letters are drawn.
    """

    def __init__(self, axis, names):
        edge = sumo.RING + sumo.DISC + 0.05
        axis.set(xlim=(-edge, edge), ylim=(-edge, edge), aspect="equal")
        axis.set_axis_off()
        axis.add_patch(
            patches.Circle((0, 0), sumo.RING, fc=_MAT, ec=GREY, lw=2.0, zorder=1)
        )
        self._parts = []
        for name, color in zip(names, (BLUE, ORANGE), strict=True):
            disc = patches.Circle((0, 0), sumo.DISC, fc=color, ec="white", zorder=4)
            axis.add_patch(disc)
            letter = axis.text(
                0, 0, name[:1].upper(), color="white", ha="center", va="center"
            )
            letter.set(zorder=6, fontweight="bold")
            trail = axis.plot([], [], color=color, linewidth=1.2, zorder=2)[0]
            arrow = axis.quiver(
                [0], [0], [0], [0], angles="xy", scale_units="xy", scale=3.0
            )
            arrow.set(color=BLACK, zorder=5)
            self._parts.append((disc, letter, trail, arrow))
        self._title = axis.set_title("", fontsize=9)

    def show(self, paths, velocities, title):
        """Show a moment.

        Args:
            paths: where the two players were until now, each of shape (steps, 2).
            velocities: of the two, each of shape (2,).
            title: text above the ring.
        """
        for parts, path, velocity in zip(self._parts, paths, velocities, strict=True):
            disc, letter, trail, arrow = parts
            disc.center = tuple(path[-1])
            letter.set_position(path[-1])
            trail.set_data(*path.T)
            arrow.set_offsets(path[-1:])
            arrow.set_UVC(*velocity[:, None])
        self._title.set_text(title)


def bout(states, index=0, names=("A", "B"), *, moments=4):
    """A bout of sumo in a few pictures, from the first step to the last.

    Args:
        states: a `sumo.State` with axes (time, n, ...), such as `games.rollout` gives.
        index: which of the n bouts.
        names: of the players.
        moments: how many pictures.

    Returns:
        A `Figure`.
    """
    last = _last(states, index)
    steps = np.unique(np.linspace(0, last, moments).round().astype(int))
    figure, axes = figures.new(1, len(steps), size=(2.3 * len(steps), 2.55))
    for axis, step in zip(np.atleast_1d(axes), steps, strict=True):
        Mat(axis, names).show(*_moment(states, index, step, names, last))
    result = _result(states, index, names, last)
    return Figure(
        figure,
        f"{len(steps)} pictures of a ring with two round players, {names[0]} in blue "
        f"and {names[1]} in orange, at steps {', '.join(str(s + 1) for s in steps)}: "
        f"{result}.",
        "Arrows are velocities, lines the ways so far. Who leaves the ring with the "
        "middle has lost.",
    )


def bout_animation(states, index=0, names=("A", "B"), *, milliseconds=100):
    """The bout of `bout`, moving.

    Args:
        states, index, names: as for `bout`.
        milliseconds: how long a frame stays; a time step is 100.

    Returns:
        An `animation.Animation`.
    """
    last = _last(states, index)
    figure, axis = figures.new(size=(3.4, 3.6))
    mat, frames = Mat(axis, names), []
    for step in range(last + 1):
        mat.show(*_moment(states, index, step, names, last))
        frames.append(frame_of(figure, dpi=96))
    return animation.animate(
        frames,
        f"Animation of a bout of sumo, {names[0]} in blue against {names[1]} in "
        f"orange: {_result(states, index, names, last)}.",
        "Arrows are velocities, lines the ways so far.",
        milliseconds=milliseconds,
        num_colors=NUM_COLORS,
    )


def _last(states, index):
    """The step in which the bout ended."""
    return int(np.asarray(states.clock)[-1, index]) - 1


def _moment(states, index, step, names, last):
    """What `Mat.show` takes."""
    paths = [
        np.asarray(p)[: step + 1, index] for p in (states.position_a, states.position_b)
    ]
    velocities = [
        np.asarray(v)[step, index] for v in (states.velocity_a, states.velocity_b)
    ]
    title = f"step {step + 1}"
    if step == last:
        title = _result(states, index, names, last)
    return paths, velocities, title


def _result(states, index, names, last):
    outcome = int(np.asarray(states.outcome)[-1, index])
    if not outcome:
        return f"draw after {last + 1} steps"
    return f"{names[0] if outcome > 0 else names[1]} wins after {last + 1} steps"
