"""Versions of a policy trained by self-play in sumo: who beats whom, and ratings."""

import numpy as np
import tensorflow as tf

from lessons.control.meta_learning import functional, games, rating, sumo
from lessons.control.meta_learning.tournament import tournament


def act(parameters, seen, memory):
    """What a version does, its mean action and noise, for `games.Player`."""
    stacked = [value[None] for value in parameters]
    mean, _ = functional.policy(stacked[:-1], seen.observation[None], ())
    noise = tf.random.stateless_normal(tf.shape(mean[0]), seen.seed)
    return mean[0] + tf.exp(parameters[-1]) * noise, memory


def player(agent, slot):
    """A version of an agent's pool as a `games.Player`."""
    values = tuple(tf.convert_to_tensor(each[slot]) for each in agent.pool)
    return games.Player(act, values)


def versions(num_slots, every):
    """Versions that are compared: {updates: slot}: first, second, half-way, last."""
    slots = sorted({0, min(1, num_slots - 1), num_slots // 2, num_slots - 1})
    return {slot * every: slot for slot in slots}


def evaluate(agent, config):
    """Numbers of self-play.

    Args:
        agent: an `Agent` of the world "sumo" whose pool is filled.
        config: a `Config`.

    Returns:
        (numbers, tournament): the numbers by name: `win_A_B` and `draw_A_B` of version
        A against version B or against a scripted opponent; `mean_A` and `deviation_A`,
        TrueSkill among the versions; `again_A`, the mean when the same games are
        rated in another order; `shuffled`, the greatest gap of means where the two
        names of each game are drawn at random.
    """
    slots = versions(agent.settings.versions, config.pool_every)
    players = {f"v{updates}": player(agent, slot) for updates, slot in slots.items()}
    own = tuple(players)
    met = tournament(players | sumo.SCRIPTED, config.games, config.seed)
    table, numbers = met.table(), {}
    for i, one in enumerate(own):
        for j, other in enumerate(met.names):
            numbers[f"win_{one}_{other}"] = table[i, j, 0]
            numbers[f"draw_{one}_{other}"] = table[i, j, 1]
    among = met._replace(names=own, outcomes=met.outcomes[: len(own), : len(own)])
    rng = np.random.default_rng((config.seed, 41))
    first, second = 2 * config.seed, 2 * config.seed + 1
    schedules = {"mean": among.games(first), "again": among.games(second)}
    schedules["shuffled"] = [
        (*(own[k] for k in rng.choice(len(own), 2, replace=False)), result)
        for *_, result in schedules["mean"]
    ]
    rated = {key: rating.of_games(each, own)[0] for key, each in schedules.items()}
    for name in own:
        numbers[f"mean_{name}"] = rated["mean"][name].mean
        numbers[f"deviation_{name}"] = rated["mean"][name].deviation
        numbers[f"again_{name}"] = rated["again"][name].mean
    mixed = [rated["shuffled"][name].mean for name in own]
    numbers["shuffled"] = max(mixed) - min(mixed)
    return {name: float(value) for name, value in numbers.items()}, among
