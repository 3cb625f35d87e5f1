"""The light hexapod: its mechanics against NumPy, its symmetries, its hand gait."""

import numpy as np
import pytest
import tensorflow as tf

from lessons.control.meta_learning import hexapod
from lessons.toolkit.errors import UserError

FLOAT32 = 2e-5
ROUNDED = 0.005  # of figures with two digits
OTHER_SIDE = [5, 4, 3, 2, 1, 0]  # the leg across


def random_state(n, seed):
    rng = np.random.default_rng(seed)
    parts = (
        rng.uniform(-0.6, 0.6, (n, 6)),
        rng.uniform(0, 1, (n, 6)),
        rng.normal(size=(n, 2)),
        rng.uniform(-3, 3, n),
        rng.normal(size=(n, 3)),
        rng.integers(0, 40, n),
    )
    return hexapod.State(*(tf.constant(p, tf.float32) for p in parts))


def speeds(torques, period=0.4):
    @tf.function(autograph=False)
    def walk(torques):
        state, gait = hexapod.reset(torques.shape[0]), hexapod.tripod
        states, _ = hexapod.rollout(lambda s: gait(s, period), state, torques)
        return states.position[-1, :, 0] / 4

    return walk(torques).numpy()


def test_pairs_and_torques_are_those_of_the_paper():
    assert len(hexapod.PAIRS) == 15 and len(hexapod.TRAINING) == 12
    assert not set(hexapod.TRAINING) & set(hexapod.HELD_OUT.values())
    scales = hexapod.torque_scale((1, 4), np.arange(1, 8))
    np.testing.assert_allclose(scales[:, 4], [1, 5 / 6, 4 / 6, 0.5, 2 / 6, 1 / 6, 0])
    np.testing.assert_array_equal(scales[:, [0, 2, 3, 5]], 1)
    many = hexapod.torque_scale(hexapod.PAIRS, 7)
    assert many.shape == (15, 6) and (many.sum(axis=1) == 4).all()
    for wrong in (((0, 6), 1), ((2, 2), 1), ((0, 1, 2), 1), ((0, 1), 0), ((0, 1), 8)):
        with pytest.raises(UserError):
            hexapod.torque_scale(*wrong)


def test_the_body_moves_as_least_squares_say():
    """Against NumPy's solver with a row for each foot and axis, and the ridge."""
    state, rng = random_state(5, 0), np.random.default_rng(1)
    turning = rng.normal(size=(5, 6)).astype(np.float32)
    weights = hexapod.grip(state.lifts).numpy()
    found = hexapod.body_velocity(state.hips, turning, weights)
    for n in range(5):
        rows, right = [], []
        for k in range(6):
            hip, leg = np.pi / 6 + k * np.pi / 3, 0.0
            leg = hip + float(state.hips[n, k])
            x = 0.3 * np.cos(hip) + 0.5 * np.cos(leg)
            y = 0.3 * np.sin(hip) + 0.5 * np.sin(leg)
            moves = 0.5 * turning[n, k] * np.array([-np.sin(leg), np.cos(leg)])
            root = np.sqrt(weights[n, k])
            rows += [[root, 0, -root * y], [0, root, root * x]]
            right += list(-root * moves)
        rows = np.concatenate([rows, np.sqrt(0.05) * np.eye(3)])
        expected = np.linalg.lstsq(rows, [*right, 0, 0, 0], rcond=None)[0]
        np.testing.assert_allclose(found[n], expected, atol=FLOAT32)


def test_a_gait_by_hand_walks_and_two_lost_legs_cost_less_than_half():
    pairs = hexapod.torque_scale(hexapod.PAIRS, 7)
    diagonal = hexapod.torque_scale((0, 3), np.array([1, 4, 7]))
    found = speeds(np.concatenate([diagonal, pairs]))
    np.testing.assert_allclose(found[:3], [1.53, 1.20, 0.89], atol=ROUNDED)
    assert found[2] > 0.5 * found[0]
    least, most = found[3:].min(), found[3:].max()
    np.testing.assert_allclose([least, most], [-0.14, 1.11], atol=ROUNDED)
    healthy = np.ones((1, 6), np.float32)
    periods = [speeds(healthy, p)[0] for p in (0.2, 0.8)]
    np.testing.assert_allclose(periods, [1.44, 0.74], atol=ROUNDED)
    with pytest.raises(UserError, match="period"):
        hexapod.tripod(hexapod.reset(1), 0.1)


def test_who_does_nothing_stays_and_pays_nothing():
    state, total = hexapod.reset(2), 0.0
    for _ in range(3):
        state, reward = hexapod.step(state, tf.zeros([2, 12]))
        total += np.abs(reward).sum()
    assert total == 0 and np.all(state.position == 0) and np.all(state.clock == 3)


def test_effort_costs_and_actions_are_cut_off():
    state = random_state(4, 2)
    for size in (1.0, 7.0):
        following, reward = hexapod.step(state, size * tf.ones([4, 12]))
        way = (following.position - state.position)[:, 0] / 0.1
        np.testing.assert_allclose(reward, way - 0.02, atol=1e-4)


def test_a_leg_without_torque_falls_and_keeps_its_angle():
    state = random_state(3, 3)
    torque = hexapod.torque_scale((2, 5), 7)
    states, _ = hexapod.rollout(lambda s: tf.ones([3, 12]), state, torque, 12)
    weak = [2, 5]
    last = states.hips.numpy()[-1], states.lifts.numpy()[-1]
    np.testing.assert_array_equal(last[0][:, weak], state.hips.numpy()[:, weak])
    np.testing.assert_array_equal(last[1][:, weak], 0)
    np.testing.assert_allclose(last[0][:, [0, 1, 3, 4]], 0.6)
    np.testing.assert_array_equal(last[1][:, [0, 1, 3, 4]], 1)


def test_left_and_right_are_alike():
    """Mirror images of body and actions walk mirror images of the path."""
    state = random_state(4, 4)
    actions = np.random.default_rng(5).normal(size=(4, 12)).astype(np.float32)
    sign = tf.constant([1.0, -1.0])
    image = state._replace(
        hips=-tf.gather(state.hips, OTHER_SIDE, axis=1),
        lifts=tf.gather(state.lifts, OTHER_SIDE, axis=1),
        position=state.position * sign,
        heading=-state.heading,
    )
    other = np.concatenate(
        [-actions[:, :6][:, OTHER_SIDE], actions[:, 6:][:, OTHER_SIDE]], axis=1
    )
    (one, reward), (two, mirrored) = (
        hexapod.step(s, a) for s, a in ((state, actions), (image, other))
    )
    np.testing.assert_allclose(two.position, one.position * sign, atol=FLOAT32)
    np.testing.assert_allclose(two.heading, -one.heading, atol=FLOAT32)
    np.testing.assert_allclose(mirrored, reward, atol=FLOAT32)


def test_the_reward_is_for_the_way_along_the_world():
    """Turned to the left by a right angle, the same steps lead along y."""
    state = hexapod.reset(1)
    action = hexapod.tripod(state)
    ahead, _ = hexapod.step(state, action)
    turned, reward = hexapod.step(
        state._replace(heading=tf.constant([np.pi / 2], tf.float32)), action
    )
    x, y = ahead.position.numpy()[0]
    np.testing.assert_allclose(turned.position[0], [-y, x], atol=FLOAT32)
    assert float(reward[0]) == pytest.approx(-10 * y - 0.02, abs=1e-4)


def test_what_is_observed():
    state = random_state(3, 6)
    seen = hexapod.observe(state).numpy()
    assert seen.shape == (3, hexapod.NUM_OBSERVATIONS)
    parts = [state.hips, state.lifts, state.velocity]
    np.testing.assert_array_equal(seen[:, :15], np.concatenate(parts, axis=1))
    np.testing.assert_allclose(seen[:, 15], np.sin(state.heading), atol=FLOAT32)
    np.testing.assert_allclose(seen[:, 16], np.cos(state.heading), atol=FLOAT32)
    eighth = 2 * np.pi * state.clock.numpy() / 8  # steps of the clock's period
    np.testing.assert_allclose(seen[:, 17], np.sin(eighth), atol=FLOAT32)
    np.testing.assert_allclose(seen[:, 18], np.cos(eighth), atol=FLOAT32)


def test_seeds_decide_and_xla_agrees():
    def walk(state):
        states, rewards = hexapod.rollout(hexapod.tripod, state, num_steps=10)
        return states.position[-1], rewards

    seed = tf.constant([3, 4])
    plain, compiled = (
        tf.function(walk, jit_compile=xla, autograph=False)(hexapod.reset(4, seed))
        for xla in (False, True)
    )
    for one, other in zip(plain, compiled, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)
    same, new = (hexapod.reset(4, tf.constant(s)).hips for s in ([3, 4], [3, 5]))
    np.testing.assert_array_equal(same, hexapod.reset(4, seed).hips)
    assert np.abs(new - same).max() > 0.01 and np.abs(same).max() <= 0.1
    draws = []
    for _ in range(2):
        generator = tf.random.Generator.from_seed(1)
        draws.append([hexapod.reset(2, generator).hips.numpy() for _ in range(2)])
    np.testing.assert_array_equal(draws[0], draws[1])
    assert np.abs(draws[0][0] - draws[0][1]).max() > 0.01
