"""Pictures and animations of the light hexapod, seen from above."""

import math

import numpy as np
from matplotlib import collections, patches

from lessons.control.meta_learning import hexapod
from lessons.toolkit import animation, figures
from lessons.toolkit.errors import UserError
from lessons.toolkit.figures import BLACK, BLUE, GREEN, ORANGE, SKY, Figure

_GROUND = "#f4f1ea"
_ON_THE_GROUND = 0.5  # a lift below it
NUM_COLORS = 32


class Robot:
    """A hexapod on an axis, drawn once and moved from frame to frame.

    Legs on the ground are thick lines that end in a dot, raised legs thin ones that end
    in a ring; weak legs are orange. A wedge shows where the front is.

    Args:
        axis: a matplotlib axis, of equal scales.
        torque: scale of the torques of each leg, shape (6,).
        ghost: how much of the colour is seen, from 0 to 1.
    """

    def __init__(self, axis, torque, ghost=1.0):
        weak = np.broadcast_to(torque, (hexapod.NUM_LEGS,)) < 1
        self._colors = np.where(weak, ORANGE, BLACK)
        self._legs = collections.LineCollection([], capstyle="round", alpha=ghost)
        self._feet = axis.scatter([0] * 6, [0] * 6, s=34, zorder=4, alpha=ghost)
        self._body = patches.Polygon(
            np.zeros((3, 2)), fc=SKY, ec=BLUE, lw=1.5, zorder=5, alpha=ghost
        )
        self._front = patches.Polygon(
            np.zeros((3, 2)), fc=BLUE, ec="none", zorder=6, alpha=ghost
        )
        self._legs.set_zorder(3)
        axis.add_collection(self._legs)
        axis.add_patch(self._body)
        axis.add_patch(self._front)

    def pose(self, hips, lifts, position, heading):
        """Put the robot into a pose: shapes (6,), (6,), (2,) and a number."""
        roots, feet = skeleton(hips, position, heading)
        ground = np.asarray(lifts) < _ON_THE_GROUND
        self._legs.set_segments(np.stack([roots, feet], axis=1))
        self._legs.set_colors(self._colors)
        self._legs.set_linewidths(np.where(ground, 3.4, 1.3))
        self._feet.set_offsets(feet)
        self._feet.set_edgecolors(self._colors)
        self._feet.set_facecolors(np.where(ground, self._colors, "white"))
        self._body.set_xy(roots)
        wedge = np.array([[0.26, 0.0], [0.05, 0.13], [0.05, -0.13]])
        self._front.set_xy(_turned(wedge, heading) + position)


def skeleton(hips, position, heading):
    """Where hips and feet are in the world.

    Args:
        hips: angles, shape (6,).
        position: of the body, shape (2,).
        heading: of the body, a number.

    Returns:
        (roots, feet), each of shape (6, 2).
    """
    feet = np.stack(hexapod.feet(np.asarray(hips)), axis=-1)
    angles = math.pi * (1 + 2 * np.arange(hexapod.NUM_LEGS)) / 6
    roots = hexapod.BODY_RADIUS * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    return tuple(_turned(points, heading) + position for points in (roots, feet))


def walks(states, torques, labels, *, every=10):
    """Paths of robots with some of their poses, one robot below the other.

    Args:
        states: a `hexapod.State` with axes (time, n, ...), such as `hexapod.rollout`
            gives.
        torques: scales of the legs' torques, shape (n, 6).
        labels: of the n robots, such as "healthy".
        every: time steps between two poses; the last one is drawn in full.

    Returns:
        A `Figure`.
    """
    figure, lanes = _lanes(states, torques, labels)
    steps, texts = len(states.heading), []
    for lane, axis in enumerate(lanes):
        for step in sorted(range(steps - 1, -1, -every)):
            robot = Robot(axis, torques[lane], 1.0 if step == steps - 1 else 0.3)
            robot.pose(*_pose(states, step, lane))
        path = _path(states, lane)
        axis.plot(*path.T, color=GREEN, linewidth=1.5, zorder=7)
        texts.append(f"{labels[lane]}: {_speed(states, lane, steps):.2f}")
    return Figure(
        figure,
        f"Robots with six legs, seen from above, {steps} time steps on their way to "
        f"the right; mean speeds: {', '.join(texts)}. Weak legs are orange.",
        "Thick legs with a dot stand on the ground, thin ones with a ring are raised, "
        "orange ones have lost torque. Green: the path of the body.",
    )


def walks_animation(states, torques, labels, *, every=1, milliseconds=100):
    """The same robots as `walks`, moving.

    Args:
        states, torques, labels: as for `walks`.
        every: time steps between two frames.
        milliseconds: how long a frame stays; a time step is 100.

    Returns:
        An `animation.Animation`.
    """
    figure, lanes = _lanes(states, torques, labels)
    robots = [Robot(axis, torque) for axis, torque in zip(lanes, torques, strict=True)]
    paths = [axis.plot([], [], color=GREEN, lw=1.5, zorder=2)[0] for axis in lanes]
    frames, steps = [], len(states.heading)
    for step in range(0, steps, every):
        for lane, (robot, path) in enumerate(zip(robots, paths, strict=True)):
            robot.pose(*_pose(states, step, lane))
            path.set_data(*_path(states, lane)[: step + 2].T)
            speed = _speed(states, lane, step + 1)
            lanes[lane].set_title(_title(labels[lane], speed), loc="left", fontsize=9)
        frames.append(frame_of(figure))
    texts = (f"{x} {_speed(states, i, steps):.2f}" for i, x in enumerate(labels))
    return animation.animate(
        frames,
        "Animation of robots with six legs that walk to the right, seen from above, "
        f"one below the other; mean speeds: {', '.join(texts)}.",
        "Thick legs push, thin ones swing, orange ones have lost torque.",
        milliseconds=milliseconds * every,
        num_colors=NUM_COLORS,
    )


def _lanes(states, torques, labels):
    """A figure with an axis for each robot, all of one scale."""
    count = states.heading.shape[1]
    if len(labels) != count or len(torques) != count:
        raise UserError(
            f"{count} robots need as many labels and torques, got {len(labels)} and "
            f"{len(torques)}."
        )
    reach = hexapod.BODY_RADIUS + hexapod.LEG_LENGTH + 0.15
    paths = [_path(states, lane) for lane in range(count)]
    left = min(p[:, 0].min() for p in paths) - reach
    right = max(p[:, 0].max() for p in paths) + reach
    heights = [np.ptp(p[:, 1]) + 2 * reach for p in paths]
    inch = min(7.2 / (right - left), 8.0 / sum(heights))  # of a unit of length
    size = max(inch * (right - left) + 0.3, 4.0), inch * sum(heights) + 0.34 * count
    figure, axes = figures.new(
        count,
        1,
        size=(size[0], size[1] + 0.35),
        squeeze=False,
        gridspec_kw={"height_ratios": heights},
    )
    steps = len(states.heading)
    for lane, axis in enumerate(axes[:, 0]):
        low = paths[lane][:, 1].min() - reach
        axis.set(xlim=(left, right), ylim=(low, low + heights[lane]))
        axis.set(aspect="equal", facecolor=_GROUND)
        axis.set_xticks(range(math.ceil(left), math.floor(right) + 1))
        axis.set_yticks(range(math.ceil(low), math.floor(low + heights[lane]) + 1))
        axis.tick_params(length=0, labelsize=8, labelleft=False, labelbottom=False)
        axis.grid(color="white", alpha=1.0, linewidth=1.2)
        axis.spines[:].set_visible(False)
        speed = _speed(states, lane, steps)
        axis.set_title(_title(labels[lane], speed), loc="left", fontsize=9)
    axes[-1, 0].tick_params(labelbottom=True)
    axes[-1, 0].set_xlabel("way forwards (units of length)", fontsize=9)
    return figure, axes[:, 0]


def _title(label, speed):
    return f"{label}: {speed:.2f} units per second"


def _pose(states, step, lane):
    parts = states.hips, states.lifts, states.position, states.heading
    return tuple(np.asarray(part[step, lane]) for part in parts)


def _path(states, lane):
    """Positions of a robot, from its start on, shape (time + 1, 2)."""
    places = np.asarray(states.position[:, lane])
    return np.concatenate([np.zeros((1, 2)), places])


def _speed(states, lane, steps):
    return float(states.position[steps - 1, lane, 0]) / (steps * hexapod.TIME_STEP)


def _turned(points, angle):
    cos, sin = math.cos(angle), math.sin(angle)
    return np.asarray(points) @ np.array([[cos, sin], [-sin, cos]])


def frame_of(figure, dpi=72):
    """A frame of an animation; places of the axes are found for the first one only."""
    frame = animation.frame_of(figure, dpi=dpi)
    figure.set_layout_engine("none")
    return frame
