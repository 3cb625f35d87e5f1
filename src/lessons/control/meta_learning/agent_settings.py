"""Settings of an agent, which are saved with it."""

import dataclasses


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """Settings of an `Agent`.

    Attributes:
        world: a name in `rollout.WORLDS`.
        units: of the dense hidden layers; one where there is an LSTM.
        lstm: units of an LSTM, 0 for none.
        recurrent: RL^2: whether the policy also sees its last reward and the start of
            an episode, and keeps its state from one episode to the next.
        critic: whether a network estimates values; without, the mean over the
            trajectories of a task stands for the value.
        inner_steps: M.
        rate: first rate of the inner steps.
        rate_unit: what the trained numbers of the rates are multiplied by; the greater,
            the faster Adam moves the rates.
        score: whether the loss counts that parameters choose what is sampled.
        num_trajectories: K, of a task.
        num_steps: of an episode.
        gamma, decay: discount, and lambda of the advantages.
        clip: epsilon of PPO.
        passes: gradient steps on the same trajectories.
        log_std: first logarithm of the deviations.
        versions: rivals that a pool can hold, in a world of two players.
    """

    world: str = "hexapod"
    units: tuple[int, ...] = (32,)
    lstm: int = 0
    recurrent: bool = False
    critic: bool = False
    inner_steps: int = 0
    rate: float = 0.1
    rate_unit: float = 1.0
    score: bool = True
    num_trajectories: int = 16
    num_steps: int = 40
    gamma: float = 0.95
    decay: float = 1.0
    clip: float = 0.2
    passes: int = 1
    log_std: float = -0.5
    versions: int = 0
