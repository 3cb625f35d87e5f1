"""What `meta_learning` compares, as data."""

import dataclasses

from lessons.toolkit import variants

AGENTS = ("hexapod", "compass", "sumo")
KINDS = ("sinusoid", "chain", "hexapod", "compass", "sumo")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One way to learn.

    Attributes:
        kind: "sinusoid", a function from ten points; "chain", a drifting target;
            "hexapod", a robot that loses two legs; "compass", a robot that is not told
            where to walk; "sumo", self-play.
        adapts: whether the loss is that of an adapted copy.
        first_order: whether the derivative of the step is left out.
        learned_rates: whether each tensor has a rate that is trained.
        first: Keras's name of the first weights.
        scale: factor of the first weights.
        matrix: whether the rate of the chain is a matrix.
        angle: by which the chain's target turns, degrees.
        noise: variance of the estimate of the chain's target.
        shuffled: whether the chain's next targets are exchanged (a control).
        flips: whether the direction to walk in is reversed from task to task.
        healthy: whether the robot is trained with all torques whole, and never else.
        score: whether the loss counts that parameters choose what is sampled.
        further: whether the robot begins with the multi-task policy and is trained on,
            as often as a meta-learner but without its step (a control).
        hurried: whether a draw in sumo costs both.
        recurrent: whether there is an LSTM that remembers earlier episodes (RL^2).
        lstm: whether there is an LSTM.
    """

    kind: str
    adapts: bool = False
    first_order: bool = False
    learned_rates: bool = False
    first: str = "glorot_uniform"
    scale: float = 1.0
    matrix: bool = False
    angle: float = 0.0
    noise: float = 0.0
    shuffled: bool = False
    flips: bool = False
    healthy: bool = False
    score: bool = False
    further: bool = False
    hurried: bool = False
    recurrent: bool = False
    lstm: bool = False


def _sinusoid(label, color, **settings):
    return Variant(label=label, color=color, kind="sinusoid", **settings)


def _maml(label, color, **settings):
    return _sinusoid(label, color, adapts=True, **settings)


def _chain(label, color, **settings):
    return Variant(label=label, color=color, kind="chain", **settings)


def _walker(label, color, **settings):
    return Variant(label=label, color=color, kind="hexapod", **settings)


def _compass(label, color, **settings):
    return Variant(label=label, color=color, kind="compass", **settings)


VARIANTS = {
    "maml": _maml("MAML", "blue", marker="o"),
    "first_order": _maml("MAML, first order", "sky", marker="s", first_order=True),
    "learned": _maml("MAML, learned rates", "green", marker="^", learned_rates=True),
    "joint": _sinusoid("joint training", "orange", marker="x", line="--"),
    # What MAML owes to its first weights.
    "maml_he": _maml("MAML, He start", "pink", first="he_normal"),
    "maml_half": _maml("MAML, half of Glorot's start", "amber", scale=0.5),
    # One step on a chain of drifting targets.
    "drift": _chain("scalar rate", "blue"),
    "drift_noisy": _chain("scalar rate, noisy estimate", "sky", noise=0.5),
    "drift_shuffled": _chain("scalar rate, shuffled in time", "grey", shuffled=True),
    "turn": _chain("scalar rate, turning target", "orange", angle=90.0),
    "turn_matrix": _chain("matrix, turning target", "green", angle=90.0, matrix=True),
    # A robot that loses two legs.
    "specialist": _walker("specialist", "grey", line=":", marker="x", healthy=True),
    "multitask": _walker("multi-task", "orange", marker="s"),
    "multitask_further": _walker(
        "multi-task, trained on", "amber", line="--", marker="D", further=True
    ),
    "meta": _walker("meta-learner", "blue", marker="o", adapts=True),
    "meta_score": _walker(
        "meta-learner, score terms",
        "sky",
        line="--",
        marker="^",
        adapts=True,
        score=True,
    ),
    "meta_lstm": _walker(
        "meta-learner, LSTM", "green", marker="*", adapts=True, score=True, lstm=True
    ),
    "lstm": _walker("LSTM", "amber", line="--", marker="v", lstm=True),
    "rl2": _walker("RL²", "pink", marker="D", lstm=True, recurrent=True),
    # A robot that is not told whether to walk forwards or backwards.
    "compass_all": _compass("all directions, no step", "orange", marker="s"),
    "compass": _compass(
        "meta-learner, direction stays", "blue", marker="o", adapts=True
    ),
    "compass_flips": _compass(
        "meta-learner, direction flips", "green", marker="^", adapts=True, flips=True
    ),
    "compass_score": _compass(
        "meta-learner, score terms", "sky", line="--", adapts=True, score=True
    ),
    "self_play": Variant(label="self-play", color="blue", kind="sumo"),
    "self_play_hurried": Variant(
        label="self-play, draws cost", color="green", kind="sumo", hurried=True
    ),
}
SINUSOIDS = ("maml", "first_order", "learned", "joint")
CHAINS = ("drift", "drift_noisy", "drift_shuffled", "turn", "turn_matrix")
WALKERS = ("specialist", "multitask", "multitask_further", "meta")
COMPASSES = ("compass_all", "compass", "compass_flips")
BOUTS = ("self_play", "self_play_hurried")
MEMORIES = ("lstm", "rl2")
