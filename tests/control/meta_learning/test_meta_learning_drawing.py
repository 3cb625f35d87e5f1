"""Pictures of hexapod and sumo: geometry, texts, frames."""

import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from lessons.control.meta_learning import drawing, drawing_sumo, hexapod, sumo
from lessons.toolkit import figures
from lessons.toolkit.errors import UserError
from lessons.toolkit.figures import BLACK, ORANGE

LABELS = ("healthy", "without two legs")
TORQUES = hexapod.torque_scale((0, 3), np.array([1, 7]))


@pytest.fixture(scope="module")
def states():
    def walk():
        return hexapod.rollout(hexapod.tripod, hexapod.reset(2), TORQUES, 8)[0]

    return tf.function(walk, autograph=False)()


def bout(outcome):
    """Six steps in which a rushes and b stands; the second bout of the batch."""
    steps = sumo.reset(2)
    rows = [steps]
    for _ in range(5):
        rows.append(
            sumo.step(rows[-1], tf.constant([[1.0, 0]] * 2), tf.zeros([2, 2]))[0]
        )
    states = sumo.State(*(np.stack(part) for part in zip(*rows[1:], strict=True)))
    return states._replace(outcome=np.full_like(states.outcome, outcome))


def frames_of(animation):
    picture = Image.open(io.BytesIO(animation.data))
    return picture.n_frames, picture.size


def test_skeleton_of_a_robot_that_looks_to_the_left():
    """Turned by a right angle, the leg at 30 degrees points to 120."""
    roots, feet = drawing.skeleton(np.zeros(6), np.array([2.0, 1.0]), np.pi / 2)
    way = np.array([np.cos(np.radians(120)), np.sin(np.radians(120))])
    np.testing.assert_allclose(roots[0], [2, 1] + 0.3 * way, atol=1e-6)
    np.testing.assert_allclose(feet[0], [2, 1] + 0.8 * way, atol=1e-6)
    lengths = np.linalg.norm(feet - roots, axis=1)
    np.testing.assert_allclose(lengths, hexapod.LEG_LENGTH, atol=1e-6)


def test_legs_on_the_ground_are_thick_and_weak_ones_orange():
    _, axis = figures.new()
    robot = drawing.Robot(axis, TORQUES[1])
    lifts = np.array([0, 1, 0, 1, 0, 1])
    robot.pose(np.zeros(6), lifts, np.zeros(2), 0.0)
    legs = axis.collections[-1]
    widths = np.array(legs.get_linewidths())
    assert np.all(widths[lifts == 0] > 2 * widths[lifts == 1])
    colors = [figures.matplotlib.colors.to_hex(c) for c in legs.get_colors()]
    assert [c == ORANGE.lower() for c in colors] == [True, False, False] * 2
    assert colors[1] == BLACK


def test_walks_say_the_speeds(states):
    figure = drawing.walks(states, TORQUES, LABELS, every=4)
    for lane, label in enumerate(LABELS):
        speed = float(states.position[-1, lane, 0]) / 0.8
        assert f"{label}: {speed:.2f}" in figure.alt
        title = figure.figure.axes[lane].get_title(loc="left")
        assert title == f"{label}: {speed:.2f} units per second"
    with pytest.raises(UserError, match="labels"):
        drawing.walks(states, TORQUES, LABELS[:1])


def test_walks_move(states):
    moving = drawing.walks_animation(states, TORQUES, LABELS, every=2)
    assert frames_of(moving)[0] == 1 + 4  # the default picture and the frames
    assert "without two legs" in moving.alt


@pytest.mark.parametrize(
    ("outcome", "result"), [(1, "ada wins"), (-1, "bob wins"), (0, "draw")]
)
def test_bouts_say_who_wins(outcome, result):
    figure = drawing_sumo.bout(bout(outcome), 1, ("ada", "bob"), moments=3)
    axes = figure.figure.axes
    assert [axis.get_title() for axis in axes[:2]] == ["step 1", "step 3"]
    assert axes[2].get_title() == f"{result} after 5 steps"
    assert f"{result} after 5 steps" in figure.alt
    assert [text.get_text() for text in axes[0].texts] == ["A", "B"]


def test_bouts_move():
    moving = drawing_sumo.bout_animation(bout(1))
    assert frames_of(moving)[0] == 1 + 5 and "A wins" in moving.alt
