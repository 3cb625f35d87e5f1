"""Light sumo: its mechanics by hand, its rewards, and that both players are alike."""

import numpy as np
import pytest
import tensorflow as tf

from lessons.control.meta_learning import sumo
from lessons.toolkit.errors import UserError

FLOAT32 = 1e-5


def placed(a, b, velocity_a=(0, 0), velocity_b=(0, 0), clock=0):
    rows = [tf.constant([r], tf.float32) for r in (a, velocity_a, b, velocity_b)]
    return sumo.reset(1)._replace(
        position_a=rows[0],
        velocity_a=rows[1],
        position_b=rows[2],
        velocity_b=rows[3],
        clock=tf.constant([clock], tf.float32),
    )


def push(x=0.0, y=0.0):
    return tf.constant([[x, y]], tf.float32)


def test_the_players_are_alike():
    """Exchanged, and turned by half a turn, bouts go on exactly as before."""
    rng = np.random.default_rng(0)
    state = sumo.reset(50, tf.constant([1, 2]))
    image = sumo.mirrored(state)
    hits = 0
    for _ in range(25):
        for one, other in zip(
            sumo.observe(state), sumo.observe(image)[::-1], strict=True
        ):
            np.testing.assert_array_equal(one, other)
        first = sumo.charge(sumo.observe(state)[0])  # against a random walk
        second = rng.normal(size=(50, 2)).astype(np.float32)
        state, reward_a, reward_b, _, outcome = sumo.step(state, first, second)
        image, other_a, other_b, _, exchanged = sumo.step(image, second, first)
        np.testing.assert_array_equal(reward_a, other_b)
        np.testing.assert_array_equal(reward_b, other_a)
        np.testing.assert_array_equal(outcome, -exchanged)
        gap = np.linalg.norm(state.position_a - state.position_b, axis=1)
        hits += (gap < 0.41).sum()
    assert hits > 50 and (np.abs(outcome) == 1).any()


def test_a_hit_exchanges_velocities_and_loses_nothing():
    state = placed([-0.15, 0], [0.15, 0.1], [1.5, 0.3], [-1.0, 0.2])
    after, *_ = sumo.step(state, push(), push())
    slowed = [0.85 * v.numpy()[0] for v in (state.velocity_a, state.velocity_b)]
    moved = [v.numpy()[0] for v in (after.velocity_a, after.velocity_b)]
    np.testing.assert_allclose(sum(moved), sum(slowed), atol=FLOAT32)
    energy = [sum(v @ v for v in pair) for pair in (slowed, moved)]
    assert energy[0] == pytest.approx(energy[1], abs=FLOAT32)
    assert np.abs(moved[0] - slowed[0]).max() > 0.5
    gap = np.linalg.norm(after.position_a - after.position_b)
    assert gap == pytest.approx(0.4, abs=FLOAT32)
    straight, *_ = sumo.step(placed([-0.2, 0], [0.2, 0], [2, 0]), push(), push())
    np.testing.assert_allclose(straight.velocity_a[0], [0, 0], atol=FLOAT32)
    np.testing.assert_allclose(straight.velocity_b[0], [1.7, 0], atol=FLOAT32)
    apart = placed([-0.15, 0], [0.15, 0], [-1, 0], [1, 0])  # they overlap and part
    after, *_ = sumo.step(apart, push(), push())
    np.testing.assert_allclose(after.velocity_a[0], [-0.85, 0], atol=FLOAT32)


def test_speed_has_a_limit_and_long_actions_are_shortened():
    """The limit of v = .85 v + .3 is 2."""
    state = placed([0, 0], [0, 0.9])
    state = state._replace(velocity_a=push(2.0))
    state, *_ = sumo.step(state, push(8.0), push())
    np.testing.assert_allclose(state.velocity_a[0], [2, 0], atol=FLOAT32)
    state = placed([0, -0.5], [0, 0.5])
    short, *_ = sumo.step(state, push(0.3, 0.4), push())
    np.testing.assert_allclose(short.velocity_a[0], [0.09, 0.12], atol=FLOAT32)
    long, *_ = sumo.step(state, push(3, 4), push())
    np.testing.assert_allclose(long.velocity_a[0], [0.18, 0.24], atol=FLOAT32)


def test_actions_are_in_the_view_of_the_player():
    state, *_ = sumo.step(placed([-0.5, 0], [0.5, 0]), push(1.0), push(1.0))
    np.testing.assert_allclose(state.velocity_a[0], [0.3, 0], atol=FLOAT32)
    np.testing.assert_allclose(state.velocity_b[0], [-0.3, 0], atol=FLOAT32)


def test_a_step_pays_for_running_at_an_opponent_far_from_the_middle():
    state, one, other, *_ = sumo.step(placed([-0.5, 0], [0.5, 0]), push(1), push(-1))
    middle_a = 0.2 * np.exp(-0.5 + 0.03)
    middle_b = 0.2 * np.exp(-0.5 - 0.03)  # it backs away to .53
    assert float(one[0]) == pytest.approx(0.1 * 0.3 - middle_b, abs=FLOAT32)
    assert float(other[0]) == pytest.approx(-middle_a, abs=FLOAT32)


def test_who_leaves_the_ring_loses_and_then_nothing_moves():
    state = placed([0, 0], [0.95, 0], velocity_b=[1, 0])
    over, one, other, done, outcome = sumo.step(state, push(), push())
    assert bool(done[0]) and float(outcome[0]) == 1
    assert float(one[0]) > 9.5 and float(other[0]) < -10
    after, one, other, done, outcome = sumo.step(over, push(1), push(1))
    assert float(one[0]) == float(other[0]) == 0
    assert bool(done[0]) and float(outcome[0]) == 1
    for part, kept in zip(after, over, strict=True):
        np.testing.assert_array_equal(part, kept)
    inside = placed([0, 0], [0.95, 0], velocity_b=[0.5, 0])  # to .9925
    assert not sumo.step(inside, push(), push())[3][0]


@pytest.mark.parametrize("both", [True, False])
def test_draws(both):
    """Both leave at once, or time is up."""
    ends = ([-0.99, 0], [0.99, 0], [-1, 0], [1, 0])
    state = placed(*ends) if both else placed([-0.5, 0], [0.5, 0], clock=59)
    _, one, other, done, outcome = sumo.step(state, push(), push())
    _, paid, alike, *_ = sumo.step(state, push(), push(), draw_reward=-5.0)
    assert bool(done[0]) and float(outcome[0]) == 0
    assert float(paid[0] - one[0]) == pytest.approx(-5, abs=FLOAT32)
    assert float(alike[0] - other[0]) == pytest.approx(-5, abs=FLOAT32)


def test_what_is_observed():
    seen, _ = sumo.observe(placed([0.3, 0.4], [0, -0.2], [1, 2], [3, 4]))
    expected = [0.3, 0.4, 1, 2, -0.3, -0.6, 3, 4, 0.5, 0.8]
    np.testing.assert_allclose(seen[0], expected, atol=FLOAT32)


def test_scripted_opponents_and_starts():
    still = sumo.reset(1)
    np.testing.assert_allclose(still.position_a[0], [-0.5, 0])
    state = sumo.reset(200, tf.constant([0, 1]))
    far = np.linalg.norm(state.position_a - state.position_b, axis=1)
    assert 0.7 < far.min() < 0.95 < 1.05 < far.max() < 1.3
    again = sumo.reset(200, tf.constant([0, 1]))
    np.testing.assert_array_equal(state.position_a, again.position_a)
    seen, _ = sumo.observe(state)
    assert np.all(sumo.opponent("passive")(seen) == 0)
    for name in ("random", "charge"):
        action = sumo.opponent(name)(seen, tf.constant([2, 3]))
        np.testing.assert_allclose(np.linalg.norm(action, axis=1), 1, atol=FLOAT32)
    toward = state.position_b - state.position_a
    angle = np.sum(sumo.charge(seen) * toward, axis=1) / far
    np.testing.assert_allclose(angle, 1, atol=FLOAT32)
    with pytest.raises(UserError, match="charge"):
        sumo.opponent("charges")
