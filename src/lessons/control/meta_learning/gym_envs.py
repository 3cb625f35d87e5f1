"""The light worlds behind gymnasium's interface.

Importing this module registers `lessons/Hexapod-v0` and `lessons/Sumo-v0`, which
`gymnasium.make` and `gymnasium.make_vec` understand. Nothing else in the lesson needs
gymnasium; where it is missing, only making an environment fails.
"""

import functools

import numpy as np
import tensorflow as tf

from lessons.control.meta_learning import hexapod, sumo
from lessons.toolkit.errors import UserError

try:
    import gymnasium
except ModuleNotFoundError:  # an optional package
    gymnasium = None

HEXAPOD, SUMO = "lessons/Hexapod-v0", "lessons/Sumo-v0"

_Env = gymnasium.Env if gymnasium else object
_VectorEnv = gymnasium.vector.VectorEnv if gymnasium else object
_METADATA = {"render_modes": ["rgb_array"], "render_fps": 10}


def require():
    """Raise a `UserError` where gymnasium is not installed."""
    if gymnasium is None:
        raise UserError(
            "an environment of gymnasium needs the package gymnasium. Allowed: "
            "pip install gymnasium, or pip install 'lessons[dev]', or the functions of "
            "hexapod and sumo, which need neither."
        )


def _refuse(options, allowed):
    if options:
        raise UserError(f"unknown options {sorted(options)}. Allowed: {allowed}.")


class _Hexapod:
    """What the adapters ask of the hexapod."""

    low = np.repeat(np.float32([-hexapod.HIP_RANGE, 0, -70, -1]), [6, 6, 3, 4])
    high = np.repeat(np.float32([hexapod.HIP_RANGE, 1, 70, 1]), [6, 6, 3, 4])
    num_actions = hexapod.NUM_ACTIONS

    def __init__(self, num_envs, pair=(0, 1), task=1, num_steps=hexapod.NUM_STEPS):
        self._num_envs, self._pair, self._task = num_envs, pair, task
        self._num_steps = float(num_steps)
        self.configure()

    def configure(self, pair=None, task=None, **other):
        """Change which legs are weak, and how weak they are; see `torque_scale`."""
        _refuse(other, "'pair' and 'task'")
        self._pair = self._pair if pair is None else pair
        self._task = self._task if task is None else task
        scale = hexapod.torque_scale(self._pair, self._task)
        if scale.ndim > 1 and len(scale) not in (1, self._num_envs):
            raise UserError(
                f"{self._num_envs} environments need one pair and task or as many, got "
                f"{len(scale)}."
            )
        self.variable = np.broadcast_to(scale, (self._num_envs, hexapod.NUM_LEGS))

    def reset(self, seed):
        return hexapod.reset(self._num_envs, seed)

    def observe(self, state):
        return hexapod.observe(state)

    def step(self, state, action, torque, seed):
        state, reward = hexapod.step(state, action, torque)
        truncated = state.clock >= self._num_steps
        return state, reward, tf.zeros_like(truncated), truncated

    def draw(self, axis, state):
        from lessons.control.meta_learning import drawing

        robot = drawing.Robot(axis, self.variable[0])
        hips, lifts, position, heading = (
            part[0].numpy() for part in (*state[:3], state.heading)
        )
        robot.pose(hips, lifts, position, heading)
        x, y = position
        axis.set(xlim=(x - 1.2, x + 1.2), ylim=(y - 1.2, y + 1.2), aspect="equal")


class _Sumo:
    """What the adapters ask of a bout against an opponent that does not learn."""

    low = np.repeat(np.float32([-2, -4, -4, -4, -1]), 2)
    high = np.repeat(np.float32([2, 4, 4, 4, 1]), 2)
    num_actions = sumo.NUM_ACTIONS

    def __init__(self, num_envs, opponent="charge", draw_reward=sumo.DRAW_REWARD):
        self._num_envs, self._draw_reward = num_envs, draw_reward
        self._opponent = opponent if callable(opponent) else sumo.opponent(opponent)
        self.variable = np.zeros(0, np.float32)

    def configure(self, **other):
        """There is nothing to change."""
        _refuse(other, "none")

    def reset(self, seed):
        return sumo.reset(self._num_envs, seed)

    def observe(self, state):
        return sumo.observe(state)[0]

    def step(self, state, action, _, seed):
        other = self._opponent(sumo.observe(state)[1], seed)
        state, reward, _, done, outcome = sumo.step(
            state, action, other, self._draw_reward
        )
        return state, reward, done & (outcome != 0), done & (outcome == 0)

    def draw(self, axis, state):
        from lessons.control.meta_learning import drawing_sumo

        paths = [p.numpy() for p in (state.position_a[:1], state.position_b[:1])]
        velocities = [v[0].numpy() for v in (state.velocity_a, state.velocity_b)]
        title = f"step {int(state.clock[0])}"
        drawing_sumo.Mat(axis, ("you", "opponent")).show(paths, velocities, title)


WORLDS = {HEXAPOD: _Hexapod, SUMO: _Sumo}


class LightVectorEnv(_VectorEnv):
    """Many copies of a light world, moved by one compiled step.

    An episode that has ended is reset by the next step, as gymnasium does by default.

    Args:
        num_envs: how many.
        world: `HEXAPOD` or `SUMO`.
        render_mode: None.
        **options: of the hexapod `pair`, `task` (see `hexapod.torque_scale`; one for
            all or one for each) and `num_steps`; of sumo `opponent`, one of
            `sumo.SCRIPTED` or a function (observation, seed) -> action, and
            `draw_reward`. `reset(options=...)` changes `pair` and `task`.

    Raises:
        UserError: gymnasium is not installed.
    """

    def __init__(self, num_envs=1, world=HEXAPOD, render_mode=None, **options):
        require()
        self.num_envs, self.render_mode = num_envs, render_mode
        self._world = WORLDS[world](num_envs, **options)
        self.metadata = _METADATA | {
            "autoreset_mode": gymnasium.vector.AutoresetMode.NEXT_STEP
        }
        self.single_observation_space, self.single_action_space = _spaces(self._world)
        batch = gymnasium.vector.utils.batch_space
        self.observation_space = batch(self.single_observation_space, num_envs)
        self.action_space = batch(self.single_action_space, num_envs)
        self._start, self._move = _compiled(self._world)

    def reset(self, *, seed=None, options=None):
        """Begin all episodes anew: (observations, {})."""
        super().reset(seed=seed)
        self._world.configure(**(options or {}))
        self._state, observation = self._start(_draw(self.np_random))
        self._ended = np.zeros(self.num_envs, bool)
        return observation.numpy(), {}

    def step(self, actions):
        """Move all: (observations, rewards, terminations, truncations, {})."""
        self._state, *found = self._move(
            self._state,
            np.asarray(actions, np.float32),
            self._world.variable,
            self._ended,
            _draw(self.np_random),
        )
        observation, reward, terminated, truncated = (part.numpy() for part in found)
        self._ended = terminated | truncated
        return observation, reward, terminated, truncated, {}


class LightEnv(_Env):
    """One copy of a light world.

    Args:
        world: `HEXAPOD` or `SUMO`.
        render_mode: None, or "rgb_array" for pictures from above.
        **options: as for `LightVectorEnv`.

    Raises:
        UserError: gymnasium is not installed.
    """

    metadata = _METADATA

    def __init__(self, world=HEXAPOD, render_mode=None, **options):
        require()
        self.render_mode = render_mode
        self._world = WORLDS[world](1, **options)
        self.observation_space, self.action_space = _spaces(self._world)
        self._start, self._move = _compiled(self._world)

    def reset(self, *, seed=None, options=None):
        """Begin an episode: (observation, {})."""
        super().reset(seed=seed)
        self._world.configure(**(options or {}))
        self._state, observation = self._start(_draw(self.np_random))
        return observation[0].numpy(), {}

    def step(self, action):
        """Move: (observation, reward, terminated, truncated, {})."""
        self._state, *found = self._move(
            self._state,
            np.asarray(action, np.float32)[None],
            self._world.variable,
            np.zeros(1, bool),
            _draw(self.np_random),
        )
        observation, reward, terminated, truncated = (part[0].numpy() for part in found)
        return observation, float(reward), bool(terminated), bool(truncated), {}

    def render(self):
        """A picture from above, uint8 (height, width, 3), or None without a mode."""
        from lessons.toolkit import animation, figures

        if self.render_mode is None:
            return None
        figure, axis = figures.new(size=(3, 3))
        self._world.draw(axis, self._state)
        return animation.frame_of(figure)


def _spaces(world):
    box = gymnasium.spaces.Box
    return (
        box(world.low, world.high, dtype=np.float32),
        box(-1.0, 1.0, (world.num_actions,), np.float32),
    )


def _draw(rng):
    return rng.integers(-(2**31), 2**31, size=2).astype(np.int32)


def _compiled(world):
    """Reset and step of a world as graphs."""

    @functools.partial(tf.function, autograph=False)
    def start(seed):
        state = world.reset(seed)
        return state, world.observe(state)

    @functools.partial(tf.function, autograph=False)
    def move(state, action, variable, ended, seed):
        seeds = tf.random.split(seed, 2)
        moved, *signals = world.step(state, action, variable, seeds[0])

        def chosen(fresh, other):
            rows = tf.reshape(ended, [-1] + [1] * (other.shape.rank - 1))
            return tf.where(rows, fresh, other)

        state = tf.nest.map_structure(chosen, world.reset(seeds[1]), moved)
        signals = [chosen(tf.zeros_like(signal), signal) for signal in signals]
        return state, world.observe(state), *signals

    return start, move


def register():
    """Let `gymnasium.make` and `gymnasium.make_vec` know the light worlds."""
    for name in WORLDS:
        gymnasium.register(
            name,
            entry_point=f"{__name__}:LightEnv",
            vector_entry_point=f"{__name__}:LightVectorEnv",
            kwargs={"world": name},
        )


if gymnasium is not None and HEXAPOD not in gymnasium.registry:
    register()
