"""The adapters: gymnasium's own checks, and the same numbers as the plain functions."""

import importlib.util
import sys

import gymnasium
import numpy as np
import pytest
import tensorflow as tf
from gymnasium.utils import env_checker

from lessons.control.meta_learning import gym_ant, gym_envs, hexapod, sumo
from lessons.toolkit.errors import UserError

WORLDS = (gym_envs.HEXAPOD, gym_envs.SUMO)


@pytest.mark.parametrize("world", WORLDS)
def test_gymnasium_finds_no_fault(world):
    """Warnings are errors here."""
    env = gymnasium.make(world, render_mode="rgb_array", disable_env_checker=True)
    env_checker.check_env(env.unwrapped, skip_render_check=True)
    picture = env.unwrapped.render()
    assert picture.ndim == 3 and picture.dtype == np.uint8 and picture.std() > 10
    assert gym_envs.LightEnv(world).render() is None


def test_steps_are_those_of_the_hexapod():
    env = gym_envs.LightVectorEnv(3, task=np.array([1, 4, 7]), pair=(2, 5))
    first, _ = env.reset(seed=0)
    rng, state = np.random.default_rng(0), None
    torque = hexapod.torque_scale((2, 5), np.array([1, 4, 7]))
    for _ in range(5):
        before = env._state if state is None else state
        action = rng.uniform(-1, 1, (3, 12)).astype(np.float32)
        state, reward = hexapod.step(before, action, torque)
        seen, paid, terminated, truncated, _ = env.step(action)
        np.testing.assert_allclose(seen, hexapod.observe(state), atol=1e-5)
        np.testing.assert_allclose(paid, reward, atol=1e-4)
        assert not terminated.any() and not truncated.any()
    again, _ = env.reset(seed=0, options={"task": 7})
    np.testing.assert_array_equal(again, first)
    env.step(np.ones((3, 12)))
    np.testing.assert_array_equal(env._state.hips.numpy()[:, [2, 5]], again[:, [2, 5]])


def test_episodes_end_and_begin_anew():
    """Time is up after 4 steps; the step after that resets and pays nothing."""
    env = gymnasium.make_vec(gym_envs.HEXAPOD, num_envs=2, num_steps=4)
    env.reset(seed=1)
    for step in range(1, 11):
        seen, reward, terminated, truncated, _ = env.step(np.ones((2, 12)))
        assert not terminated.any()
        assert truncated.all() == truncated.any() == (step in (4, 9))
        if step in (5, 10):
            assert np.all(reward == 0) and np.abs(seen[:, :6]).max() <= 0.1
            assert np.all(seen[:, 6:15] == 0)
        else:
            assert np.all(reward != 0)


def test_a_bout_terminates():
    """An agent that runs at one that stands wins; so does the scripted one."""
    env = gymnasium.make(gym_envs.SUMO, opponent="passive")
    seen, _ = env.reset(seed=2)
    for _ in range(30):
        action = sumo.charge(tf.constant(seen[None])).numpy()[0]
        seen, reward, terminated, truncated, _ = env.step(action)
        if terminated:
            break
    assert terminated and not truncated and reward > 9
    env = gym_envs.LightEnv(gym_envs.SUMO, opponent="charge")
    env.reset(seed=2)
    rewards = [env.step(np.zeros(2))[1] for _ in range(25)]
    assert min(rewards) < -9 and rewards[-1] == 0


def test_scaled_torques():
    env = gym_envs.LightEnv()
    scaled = gym_ant.ScaledTorques(env, np.linspace(0, 1, 12))
    np.testing.assert_allclose(scaled.action(np.ones(12)), np.linspace(0, 1, 12))
    with pytest.raises(UserError, match=r"\(12,\)"):
        gym_ant.ScaledTorques(env, np.ones(3))


def test_options_that_are_not_there():
    with pytest.raises(UserError, match="legs"):
        gym_envs.LightEnv().reset(options={"legs": 3})
    with pytest.raises(UserError, match="unknown"):
        gym_envs.LightEnv(gym_envs.SUMO).reset(options={"pair": (0, 1)})
    with pytest.raises(UserError, match="3 environments"):
        gym_envs.LightVectorEnv(3, task=[1, 2])


def test_without_the_packages(monkeypatch):
    """One sentence says what to install."""
    with pytest.raises(UserError, match="legs 0 to 3"):
        gym_ant.ant((0, 4))
    monkeypatch.setitem(sys.modules, "mujoco", None)
    for name in [n for n in sys.modules if n.startswith("gymnasium.envs.mujoco")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(UserError, match=r"gymnasium\[mujoco\]"):
        gym_ant.ant()
    monkeypatch.setitem(sys.modules, "gymnasium", None)
    spec = importlib.util.spec_from_file_location("without", gym_envs.__file__)
    without = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(without)
    for make in (without.LightEnv, without.LightVectorEnv):
        with pytest.raises(UserError, match="pip install gymnasium"):
            make()
