"""Bouts, iterated games and tournaments of sumo."""

import numpy as np
import pytest
import tensorflow as tf

from lessons.control.meta_learning import games, rating, sumo, tournament
from lessons.toolkit.errors import UserError


def scaled(parameters, seen, memory):
    """Runs at the opponent with a strength that is a parameter; counts its steps."""
    memory = memory + 1.0 if tf.is_tensor(memory) else memory
    return parameters * sumo.charge(seen.observation), memory


def player(strength, **options):
    return games.Player(scaled, tf.constant(float(strength)), **options)


def test_an_episode_holds_what_the_player_saw():
    first, second, _, states = games.bouts(sumo.charge, sumo.random, 20, 3)
    assert first.observations.shape == (60, 20, 10) and first.actions.shape[2] == 2
    np.testing.assert_array_equal(first.outcome, -second.outcome)
    assert np.mean(first.outcome) > 0.5
    np.testing.assert_array_equal(np.sum(first.alive, 0), states.clock[-1])
    seen = sumo.observe(tf.nest.map_structure(lambda x: x[4], states))[1]
    np.testing.assert_allclose(second.observations[5], seen, atol=1e-6)
    after = np.cumsum(first.alive, axis=0) == np.sum(first.alive, axis=0)
    ended = np.concatenate([np.zeros((1, 20), bool), after[:-1]])
    np.testing.assert_array_equal(first.alive == 0, ended)
    assert np.all(first.rewards.numpy()[ended] == 0)
    lost = np.flatnonzero(np.asarray(first.outcome) == 1)[0]
    assert np.min(second.rewards[:, lost]) < -9
    again, *_ = games.bouts(sumo.charge, sumo.random, 20, 3)
    np.testing.assert_array_equal(first.actions, again.actions)
    other, *_ = games.bouts(sumo.charge, sumo.random, 20, 4)
    assert np.abs(other.observations[0] - first.observations[0]).max() > 0.1


def test_a_player_adapts_and_remembers():
    """It doubles its strength after each bout, and counts steps within a round."""
    told = []

    def adapt(strength, episode):
        told.append(episode.outcome.shape)
        return 2 * strength

    one = player(0.1, memory=tf.zeros([]), adapt=adapt)
    found = games.play(one, player(0.0), rounds=2, episodes=3, num_games=4)
    assert found.outcomes.shape == (2, 3, 4)
    assert told == [(4,)] * 6
    assert float(found.one.parameters) == pytest.approx(6.4, rel=1e-6)
    assert float(found.other.parameters) == 0
    memories = tf.zeros([]), ()
    for bout in (1, 2):
        *_, memories, _ = games.bouts(one, player(0.0), 4, bout, memories=memories)
        assert float(memories[0]) == bout * sumo.NUM_STEPS


def test_what_a_player_is_told():
    """The reward of the step before, and where a bout begins."""

    def spy(parameters, seen, memory):
        del parameters
        total, firsts = memory
        return sumo.charge(seen.observation), (total + seen.reward, firsts + seen.first)

    one = games.Player(spy, memory=(tf.zeros([4]), tf.zeros([4])))
    episode, _, memories, _ = games.bouts(one, player(0.0), 4, 0)
    np.testing.assert_allclose(
        memories[0][0], np.sum(episode.rewards[:-1], 0), rtol=1e-5
    )
    np.testing.assert_array_equal(memories[0][1], 1)


def test_rounds_are_won_by_the_majority():
    outcomes = np.array([[[1], [1], [-1]], [[0], [0], [-1]], [[1], [0], [-1]]])
    game = games.Game(outcomes, None, None)
    np.testing.assert_array_equal(game.rounds()[:, 0], [1, -1, 0])
    np.testing.assert_allclose(game.win_draw_loss(), [[1 / 3, 1 / 3, 1 / 3]])
    np.testing.assert_allclose(game.win_draw_loss(last=2), [[0, 0.5, 0.5]])


def test_opponents_come_from_a_pool():
    """Weaker than the player at first, and stronger in the end."""
    pool = games.Pool(tf.constant(x) for x in (0.0, 0.1))
    pool.add(tf.constant(1.0))
    game = games.play(player(0.5), player(0.0), 4, 1, 10, pool=pool)
    means = game.rounds().mean(axis=1)
    assert means[0] == 1 and means[2] == means[3] == -1
    assert float(game.other.parameters) == 1
    late = games.play(player(0.5), player(0.0), 1, 1, 10, pool=pool, first_version=2)
    assert late.rounds().mean() == -1
    rng = np.random.default_rng(0)
    drawn = {float(pool.draw(rng, first=1)) for _ in range(30)}
    assert drawn == {float(pool.version(1)), 1.0}
    with pytest.raises(UserError, match="0 versions"):
        games.Pool().version(0)


def test_a_tournament_and_its_schedules():
    names = ("weak", "middle", "strong")
    players = dict(zip(names, map(player, (0.05, 0.3, 1.0)), strict=True))
    found = tournament.tournament(players, 20, seed=1)
    table = found.table()
    assert table[2, 0, 0] == table[2, 1, 0] == table[1, 0, 0] == 1
    np.testing.assert_allclose(table.sum(axis=-1), 1)
    for i, j in ((0, 1), (0, 2), (1, 2)):
        np.testing.assert_array_equal(found.outcomes[i, j], -found.outcomes[j, i])
    schedule = found.games(seed=0)
    assert len(schedule) == 3 * 20
    for start in range(0, 60, 3):  # every pair once in each turn
        met = {frozenset(game[:2]) for game in schedule[start : start + 3]}
        assert len(met) == 3
    assert schedule != found.games(seed=1) and schedule == found.games(seed=0)
    ranks = [
        rating.rank(rating.of_games(found.games(seed), names)[0]) for seed in (0, 1)
    ]
    assert ranks == [list(reversed(names))] * 2


def test_what_cannot_be_played():
    with pytest.raises(UserError, match="at least 1"):
        games.play(player(1), player(1), rounds=0)
    adapting = player(1, adapt=lambda p, e: p)
    with pytest.raises(UserError, match="pool"):
        games.play(player(1), adapting, pool=games.Pool([tf.constant(1.0)]))
    with pytest.raises(UserError, match="bouts"):
        tournament.tournament({}, 3)
