"""How well learners adapt: to a sinusoid, to the next target, to the loss of legs."""

import numpy as np

from lessons.control.meta_learning import baselines, data, execution, hexapod

RATES = (1e-3, 3e-3, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2)
PENALTIES = (1e-3, 1e-2, 0.1, 1.0, 10.0)
TRACKING_RATES = {
    "hexapod": (1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.1),
    "compass": (0.1, 0.3, 1.0, 3.0, 10.0),
}
STEPS = (0, 1, 5)
QUERIES = 50


def error(model, tasks, **options):
    """Mean squared error at the queries after adaptation.

    Args:
        model: a `MetaLearner`.
        tasks: `data.Sinusoids`.
        **options: for `MetaLearner.adapt`.
    """
    found = model.predict_after(
        tasks.support_x, tasks.support_y, tasks.query_x, **options
    )
    # What diverged is as bad as a large number, not as none.
    square = (np.asarray(found, np.float64) - tasks.query_y) ** 2
    return float(min(np.nan_to_num(square.mean(), nan=1e6), 1e6))


def tuned(model, num_steps, validation):
    """The rate of `RATES` with the least error after some steps, and all errors."""
    errors = [error(model, validation, num_steps=num_steps, rate=r) for r in RATES]
    return RATES[int(np.argmin(errors))], errors


def evaluate(model, config):
    """Numbers of a learner of sinusoids, on tasks that it has not seen.

    Args:
        model: a `MetaLearner`.
        config: a `Config`.

    Returns:
        Mean squared errors by name: `after_0`, `after_1`, `after_5` steps at the rate
        of the configuration (or the learned ones); `tuned_1` and `tuned_5`, at the rate
        that was best on other tasks, `rate_1` and `rate_5`, and `at_RATE_1` and
        `at_RATE_5`, errors on those others; `wrong`, after a step on
        the support of *another* task; `head`, where the step moves the last layer
        alone; `ridge`, its last layer by ridge regression, tuned in the same way; and
        `negative`, how many learned rates are below zero.
    """
    rng = np.random.default_rng((config.seed, 31))
    sizes = config.test_tasks, config.num_shots
    validation = data.sinusoids(*sizes, rng, QUERIES)
    tasks = data.sinusoids(*sizes, rng, QUERIES)
    numbers = {f"after_{k}": error(model, tasks, num_steps=k) for k in STEPS}
    for k in STEPS[1:]:
        rate, errors = tuned(model, k, validation)
        numbers |= {f"at_{r:g}_{k}": e for r, e in zip(RATES, errors, strict=True)}
        numbers[f"rate_{k}"] = rate
        numbers[f"tuned_{k}"] = error(model, tasks, num_steps=k, rate=rate)
    other = tasks._replace(
        support_x=np.roll(tasks.support_x, 1, axis=0),
        support_y=np.roll(tasks.support_y, 1, axis=0),
    )
    numbers["wrong"] = error(model, other, num_steps=1)
    numbers["head"] = error(model, tasks, num_steps=1, head_only=True)
    numbers["ridge"] = by_ridge(model, validation, tasks)
    numbers["negative"] = sum(float(rate) < 0 for rate in model.rates)
    return {name: float(value) for name, value in numbers.items()}


def by_ridge(model, validation, tasks):
    """Error of the last layer by ridge regression, its penalty from other tasks."""

    def features(x):
        found = x.reshape(-1, 1)
        for layer in model.network.layers[:-1]:
            found = layer(found)
        return np.asarray(found, np.float64).reshape(*x.shape, -1)

    def errors(part):
        seen, asked = features(part.support_x), features(part.query_x)
        for penalty in PENALTIES:
            found = baselines.ridge_head(seen, part.support_y, asked, penalty)
            yield float(np.mean((found - part.query_y) ** 2))

    return list(errors(tasks))[int(np.argmin(list(errors(validation))))]


def yardsticks(config, model):
    """Errors without meta-learning, on the tasks of `evaluate`; one word each.

    Args:
        config: a `Config`.
        model: an untrained `MetaLearner`, whose error after a step is `untrained`.
    """
    rng = np.random.default_rng((config.seed, 31))
    sizes = config.test_tasks, config.num_shots
    data.sinusoids(*sizes, rng, QUERIES)
    tasks = data.sinusoids(*sizes, rng, QUERIES)
    return {**baselines.errors(tasks), "untrained": error(model, tasks, num_steps=1)}


def evaluate_chain(model, chain):
    """Numbers of a learned step: `rate` (or entries of the matrix), `start`, `loss`.

    Args:
        model: a `ChainLearner`.
        chain: a `data.Chain` that judges.
    """
    found = np.asarray(model(chain.estimates), np.float64)
    rate = model.rate.numpy()
    numbers = {
        "loss": np.mean((found - chain.following) ** 2),
        "start": np.abs(model.start.numpy()).max(),
    }
    if rate.ndim:
        entries = {f"rate_{i}{j}": rate[i, j] for i in (0, 1) for j in (0, 1)}
        numbers |= entries
    else:
        numbers["rate"] = rate
    return {name: float(value) for name, value in numbers.items()}


def chains(config, pairs):
    """Chains of tasks, one row for each life of each pair of legs."""
    return np.repeat(data.walks(pairs, hexapod.NUM_TASKS), config.lives, axis=0)


def speeds(life):
    """Speed in each task and what it is certain to, by name.

    Args:
        life: an `execution.Life`.

    Returns:
        `speed_1` to `speed_7`; `se_1` to `se_7`, standard errors over lives; `mean` of
        the last six, those that adaptation can change, with its `se`; `share`, the
        mean effective share of the samples; `cut`, the part of the weights cut;
        `log_weight`, the median of the greatest logarithm of a weight after the first
        task; `lost`, the part of the rewards that are no numbers.
    """
    # A policy that a step has blown up does not walk.
    each = np.nan_to_num(life.rewards).mean(axis=2)  # (lives, tasks)
    root = np.sqrt(max(len(each) - 1, 1))
    numbers = {}
    for task in range(each.shape[1]):
        numbers[f"speed_{task + 1}"] = each[:, task].mean()
        numbers[f"se_{task + 1}"] = each[:, task].std() / root
    later = each[:, 1:].mean(axis=1)
    numbers |= {"mean": later.mean(), "se": later.std() / root}
    lost = ~np.isfinite(life.rewards)
    share = np.nan_to_num(life.share).mean()
    numbers |= {"share": share, "cut": life.cut.mean(), "lost": lost.mean()}
    numbers["log_weight"] = np.median(np.nan_to_num(life.log_weight)[:, 1:])
    return {name: float(value) for name, value in numbers.items()}


def evaluate_walker(agent, config, variant):
    """Speeds in all the ways that an agent can live, as groups of `speeds`.

    Args:
        agent: an `Agent`.
        config: a `Config`.
        variant: its `Variant`, of kind "hexapod" or "compass".

    Returns:
        By group: `held`, on tasks that were not trained, lived as the agent was trained
        to, a meta-learner by algorithm 2; of a policy without inner steps `train`, on
        pairs of legs that were, and, where it has no LSTM, `tracking`, at the rate that
        was best in other lives, and for a robot without a compass `tracking_flips`,
        where each task reverses the direction. Of a meta-learner `fresh`, without a
        compass also `unweighted`, see `execution.live`; `wrong`, fresh with the
        trajectories of another life; and `still`, without its steps.
    """
    count = {"num_trajectories": config.num_trajectories}
    count["compiled"] = config.num_steps >= 10
    walks = variant.kind == "hexapod"
    rng = np.random.default_rng((config.seed, 33))

    def lives(flips):
        if walks:
            pairs = hexapod.HELD_OUT.values(), hexapod.TRAINING
            return [chains(config, part) for part in pairs]
        size = 6 * config.lives, hexapod.NUM_TASKS, rng, flips
        return [data.bearings(*size) for _ in range(2)]

    held, train = lives(variant.flips)
    mode = "meta" if variant.adapts else "whole" if variant.lstm else "none"

    def lived(tasks, mode, pairs=(), **options):
        life = execution.live(agent, tasks, mode, **count, **options)
        return speeds(life) | by_pair(life, pairs)

    held_pairs = tuple(hexapod.HELD_OUT.values()) if walks else ()
    groups = {"held": lived(held, mode, held_pairs)}
    if walks and not variant.adapts:
        groups["train"] = lived(train, mode, hexapod.TRAINING)
    if variant.adapts:
        others = {"fresh": "fresh", "wrong": "wrong", "still": "none"}
        if not walks:
            others["unweighted"] = "unweighted"
        groups |= {name: lived(held, other) for name, other in others.items()}
    elif mode == "none" and not variant.healthy and not variant.further:
        worlds = {"tracking": (held, train)}
        if not walks:
            worlds["tracking_flips"] = lives(True)
        for name, (judging, choosing) in worlds.items():
            rates = TRACKING_RATES[variant.kind]
            found = [lived(choosing, "tracking", rate=rate) for rate in rates]
            best = rates[int(np.argmax([numbers["mean"] for numbers in found]))]
            groups[name] = lived(judging, "tracking", rate=best) | {"rate": best}
    return groups


def learned_rates(agent):
    """Rates of an agent's inner steps: `rate_0`, `rate_1` ..., one for each tensor.

    The tensors are those of `Agent.theta`, the deviations last; of a second step go on.

    Args:
        agent: an `Agent`.
    """
    unit = agent.settings.rate_unit
    return {f"rate_{i}": unit * float(rate) for i, rate in enumerate(agent.rates)}


def by_pair(life, pairs):
    """Speeds in the last task as `pair_I_J`, the weak legs.

    Args:
        life: a `Life` of as many lives for each pair, in the order of `pairs`.
        pairs: pairs of legs.
    """
    if not pairs:
        return {}
    last = np.nan_to_num(life.rewards)[:, -1].mean(axis=1)
    means = last.reshape(len(pairs), -1).mean(axis=1)
    return {f"pair_{i}_{j}": float(m) for (i, j), m in zip(pairs, means, strict=True)}


def gaits(config, period=0.4):
    """Speeds of a gait written by hand and of standing still, for all pairs of legs.

    Args:
        config: a `Config`.
        period: of the gait, seconds.

    Returns:
        `speeds` by "tripod" and "still"; of the tripod also `pair_I_J`, the speed
        without torque in legs I and J.
    """
    found = {}
    for name, policy in (
        ("tripod", lambda state: hexapod.tripod(state, period)),
        ("still", lambda state: 0.0 * hexapod.tripod(state)),
    ):
        chain = data.walks(hexapod.PAIRS, hexapod.NUM_TASKS)  # (15, 7, 6)
        torque = chain.reshape(-1, hexapod.NUM_LEGS)
        _, rewards = hexapod.rollout(
            policy, hexapod.reset(len(torque)), torque, config.num_steps
        )
        each = rewards.numpy().mean(axis=0).reshape(len(chain), -1)
        held = [hexapod.PAIRS.index(pair) for pair in hexapod.HELD_OUT.values()]
        numbers = {
            f"speed_{i + 1}": float(v) for i, v in enumerate(each[held].mean(axis=0))
        }
        if name == "tripod":
            for pair, value in zip(hexapod.PAIRS, each[:, -1], strict=True):
                numbers[f"pair_{pair[0]}_{pair[1]}"] = float(value)
        found[name] = numbers
    return found
