"""MuJoCo's Ant with weak legs, for experiments at the paper's scale; optional.

The paper's robot has six legs, which gymnasium's MuJoCo tasks do not offer; the Ant has
four, of two joints each. Needs `pip install "gymnasium[mujoco]"`.
"""

import numpy as np

from lessons.control.meta_learning import gym_envs, hexapod
from lessons.control.meta_learning.gym_envs import gymnasium
from lessons.toolkit.errors import UserError

ANT = "Ant-v5"
NUM_OBSERVATIONS, NUM_ACTIONS = 105, 8
LEGS = ("back right", "front left", "front right", "back left")  # two actions each

_Wrapper = gymnasium.ActionWrapper if gymnasium else object


class ScaledTorques(_Wrapper):
    """Scales the actions of an environment, as the paper does with a robot's torques.

    Args:
        env: an environment with a box of actions.
        scale: of each action.

    Raises:
        UserError: gymnasium is not installed, or there are not as many actions.
    """

    def __init__(self, env, scale):
        gym_envs.require()
        super().__init__(env)
        self._scale = np.asarray(scale, env.action_space.dtype)
        if self._scale.shape != env.action_space.shape:
            raise UserError(
                f"the scale of {env.action_space.shape} actions has the shape "
                f"{self._scale.shape}."
            )

    def action(self, action):
        """The action that the environment gets."""
        return action * self._scale


def ant(pair=(0, 1), task=1, **options):
    """MuJoCo's Ant with two weak legs: an experiment at the scale of the paper.

    Args:
        pair: two of its four legs, numbers as in `LEGS`.
        task: from 1, healthy, to 7, paralysed.
        **options: for `gymnasium.make`, such as `max_episode_steps`.

    Raises:
        UserError: gymnasium or MuJoCo is not installed, or there is no such leg.
    """
    gym_envs.require()
    if max(pair) >= len(LEGS):
        raise UserError(f"Ant has the legs 0 to {len(LEGS) - 1}, got {pair}.")
    try:
        env = gymnasium.make(ANT, **options)
    except gymnasium.error.DependencyNotInstalled:
        raise UserError(
            f"{ANT} needs MuJoCo, which is not installed. Allowed: pip install "
            "'gymnasium[mujoco]', or the light hexapod, which needs nothing."
        ) from None
    scale = hexapod.torque_scale(pair, task)[: len(LEGS)]
    return ScaledTorques(env, np.repeat(scale, 2))
