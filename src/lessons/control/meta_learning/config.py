"""Configurations of the `meta_learning` lesson."""

import dataclasses

from lessons.control.meta_learning import variants
from lessons.control.meta_learning.variants import VARIANTS
from lessons.toolkit.config import RunConfig, setting
from lessons.toolkit.errors import UserError


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(RunConfig):
    """Settings of one run.

    `epochs` are passes over the sinusoids and `batch_size` is the number of tasks of a
    step; agents have settings of their own, since they draw new trajectories each step.
    """

    variants: tuple[str, ...] = setting(
        variants.SINUSOIDS, "learners to compare", choices=tuple(VARIANTS)
    )
    num_tasks: int = setting(10_000, "sinusoids for training", minimum=1)
    num_shots: int = setting(10, "points K seen of a sinusoid", minimum=1)
    units: tuple[int, ...] = setting((40, 40), "hidden layers for sinusoids", minimum=1)
    inner_rate: float = setting(0.01, "rate of the step on a sinusoid", above=0)
    num_inner: int = setting(1, "steps M on a sinusoid", minimum=1)
    learning_rate: float = setting(1e-3, "rate of Adam for sinusoids", above=0)
    test_tasks: int = setting(600, "sinusoids that judge", minimum=2)
    chain_pairs: int = setting(100_000, "pairs of a drifting target", minimum=2)
    chain_epochs: int = setting(4, "passes over the pairs of targets", minimum=1)
    chain_rate: float = setting(3e-3, "rate of Adam for a learned step", above=0)
    correlation: float = setting(
        0.8, "correlation of a target with the next", minimum=0, maximum=1
    )
    policy_units: tuple[int, ...] = setting(
        (32,), "hidden layers of a policy", minimum=1
    )
    lstm: int = setting(24, "units of the LSTM of policies that have one", minimum=1)
    critic: bool = setting(False, "whether a network estimates values")
    updates: int = setting(500, "updates of a policy without inner steps", minimum=1)
    meta_updates: int = setting(200, "updates of a meta-learner", minimum=1)
    compass_updates: int = setting(
        320, "updates of a robot without a compass", minimum=1
    )
    recurrent_updates: int = setting(
        150, "updates of a policy that has an LSTM", minimum=1
    )
    bouts_updates: int = setting(120, "updates of self-play", minimum=1)
    pool_every: int = setting(15, "updates between two versions", minimum=1)
    policy_rate: float = setting(5e-3, "rate of Adam for policies", above=0)
    agent_rate: float = setting(
        0.02, "first rate of inner steps of a robot that loses legs", above=0
    )
    compass_rate: float = setting(
        0.0, "first rate of inner steps of a robot without a compass", minimum=0
    )
    compass_unit: float = setting(
        10.0, "factor of the trained rates of a robot without a compass", above=0
    )
    agent_inner: int = setting(1, "inner steps M of a policy", minimum=1)
    num_trajectories: int = setting(16, "trajectories K of a task", minimum=1)
    num_steps: int = setting(40, "steps of an episode of walking", minimum=2)
    gamma: float = setting(0.93, "discount of rewards", above=0, maximum=1)
    gamma_bouts: float = setting(
        0.97, "discount of rewards in sumo", above=0, maximum=1
    )
    decay: float = setting(1.0, "lambda of advantages", minimum=0, maximum=1)
    clip: float = setting(0.2, "epsilon of PPO", above=0, maximum=1)
    passes: int = setting(1, "steps of PPO on the same trajectories", minimum=1)
    gradient_limit: float = setting(10.0, "greatest entry of a gradient", above=0)
    lives: int = setting(8, "lives of each pair of legs that judge", minimum=1)
    games: int = setting(100, "bouts of each pair of versions", minimum=2)

    def __post_init__(self):
        super().__post_init__()
        agents = {n for n in self.variants if VARIANTS[n].kind in variants.AGENTS}
        if agents and not self.critic and self.num_trajectories < 2:
            raise UserError(
                "without a critic the baseline is the mean over the trajectories of a "
                f"task, got num_trajectories={self.num_trajectories}. Allowed: 2 or "
                "more, or critic=True."
            )
        if self.pool_every > self.bouts_updates:
            raise UserError(
                "self-play keeps a version each pool_every updates, got "
                f"pool_every={self.pool_every}. Allowed: up to bouts_updates="
                f"{self.bouts_updates}."
            )
        lstm = {name for name in self.variants if VARIANTS[name].lstm}
        if lstm and len(self.policy_units) != 1:
            raise UserError(
                "a policy with an LSTM has one dense layer before it, got "
                f"policy_units={self.policy_units}. Allowed: one number."
            )


_LAPTOP = Config(preset="laptop", epochs=10, batch_size=25)
_WALK = dataclasses.replace(_LAPTOP, batch_size=12)

_COMPASS = dataclasses.replace(
    _WALK, policy_rate=2.5e-3, compass_updates=480, num_trajectories=32
)

PRESETS = {
    "smoke": Config(
        preset="smoke",
        variants=("learned", "turn_matrix", "meta_score", "self_play"),
        epochs=1,
        batch_size=4,
        num_tasks=16,
        num_shots=4,
        units=(6, 5),
        test_tasks=6,
        chain_pairs=2000,
        chain_epochs=1,
        policy_units=(5,),
        lstm=3,
        critic=True,
        decay=0.9,
        updates=2,
        meta_updates=2,
        compass_updates=2,
        recurrent_updates=1,
        bouts_updates=2,
        pool_every=1,
        num_trajectories=3,
        num_steps=3,
        lives=1,
        games=2,
    ),
    "laptop": _LAPTOP,
    # What MAML owes to where it starts.
    "laptop_starts": dataclasses.replace(
        _LAPTOP, preset="laptop_starts", variants=("maml_he", "maml_half")
    ),
    "laptop_chain": dataclasses.replace(
        _LAPTOP, preset="laptop_chain", variants=variants.CHAINS
    ),
    # A robot that loses two legs.
    "laptop_hexapod": dataclasses.replace(
        _WALK, preset="laptop_hexapod", variants=variants.WALKERS
    ),
    # The same code where one step is worth much.
    "laptop_compass": dataclasses.replace(
        _COMPASS, preset="laptop_compass", variants=variants.COMPASSES
    ),
    "laptop_scores": dataclasses.replace(
        _COMPASS, preset="laptop_scores", variants=("compass_score",)
    ),
    # Policies that remember.
    "laptop_memory": dataclasses.replace(
        _WALK, preset="laptop_memory", variants=variants.MEMORIES
    ),
    "laptop_sumo": dataclasses.replace(
        _WALK, preset="laptop_sumo", variants=variants.BOUTS, policy_rate=0.01
    ),
    # 70,000 steps of 25 tasks.
    "paper": Config(
        preset="paper",
        epochs=7,
        batch_size=25,
        num_tasks=250_000,
        learning_rate=1e-3,
    ),
    # The recipe for locomotion, on the light robot.
    "paper_hexapod": Config(
        preset="paper_hexapod",
        variants=("meta_lstm",),
        batch_size=72,
        policy_units=(64,),
        lstm=64,
        critic=True,
        recurrent_updates=10_000,
        policy_rate=3e-4,
        agent_rate=1e-3,
        agent_inner=3,
        gamma=0.995,
        decay=0.95,
        gradient_limit=0.1,
        lives=50,
    ),
}
