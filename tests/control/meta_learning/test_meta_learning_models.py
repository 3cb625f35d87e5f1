"""MAML, the learned step on a chain, policies, PPO with inner steps, algorithm 2."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.control.meta_learning import (
    config,
    data,
    evaluation,
    execution,
    functional,
    hexapod,
    networks,
    paper,
    theory,
)
from lessons.control.meta_learning.agent_settings import Settings
from lessons.control.meta_learning.experiment import build_model
from lessons.control.meta_learning.model import ChainLearner, MetaLearner
from lessons.control.meta_learning.model_agent import Agent
from lessons.control.meta_learning.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError

SMALL = Settings(units=(6,), num_trajectories=5, num_steps=4, inner_steps=2, rate=0.3)


def error_of(f, x, y):
    return tf.reduce_mean(tf.square(f(x[:, None])[:, 0] - y))


@pytest.mark.parametrize("first_order", [False, True])
def test_all_tasks_at_once_are_each_task_by_itself(first_order):
    tasks = data.sinusoids(3, 4, np.random.default_rng(0))
    model = MetaLearner((5, 4), num_steps=2, first_order=first_order, rate=0.05)
    x, y = data.as_examples(tasks)
    with tf.GradientTape() as tape:
        loss = model.compute_loss(y=y, y_pred=model(x))
    together = tape.gradient(loss, model.trainable_variables)
    with tf.GradientTape() as tape:
        losses = []
        for k in range(3):
            seen = tasks.support_x[k], tasks.support_y[k]
            adapted = functional.adapt(
                model.network,
                lambda f, step, seen=seen: error_of(f, *seen),
                2,
                0.05,
                first_order,
            )
            found, _ = model.network.stateless_call(
                adapted, [], tasks.query_x[k][:, None]
            )
            losses.append(tf.reduce_mean((found[:, 0] - tasks.query_y[k]) ** 2))
        mean = tf.add_n(losses) / 3
    apart = tape.gradient(mean, model.trainable_variables)
    assert float(loss) == pytest.approx(float(mean), rel=1e-5)
    for one, other in zip(together, apart, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-5)


def test_the_meta_gradient_is_the_slope_and_first_order_is_not():
    tasks = data.sinusoids(4, 6, np.random.default_rng(1))
    x, y = data.as_examples(tasks)
    found = {}
    for first_order in (False, True):
        model = MetaLearner((8,), rate=0.05, first_order=first_order, seed=3)
        weight = model.trainable_variables[-2]
        with tf.GradientTape() as tape:
            loss = model.compute_loss(y=y, y_pred=model(x))
        found[first_order] = tape.gradient(loss, weight).numpy()[:, 0]
    start, slopes = weight.numpy(), []
    for k in range(len(start)):
        losses = []
        for sign in (1, -1):
            moved = start.copy()
            moved[k] += sign * 1e-2
            weight.assign(moved)
            losses.append(float(model.compute_loss(y=y, y_pred=model(x))))
        slopes.append((losses[0] - losses[1]) / 2e-2)
    np.testing.assert_allclose(found[False], slopes, rtol=0.01, atol=0.01)
    assert np.abs(found[True] - slopes).max() > 0.1


def test_learned_rates_belong_to_tensors_and_the_last_serves_later_steps():
    model = MetaLearner((5, 5), num_steps=2, learned_rates=True)
    assert len(model.rates) == 12
    tasks = data.sinusoids(2, 4, np.random.default_rng(0))
    seen = tasks.support_x, tasks.support_y
    for rate in model.rates[:6]:
        rate.assign(0.0)
    one = model.adapt(*seen, num_steps=1)
    np.testing.assert_allclose(one[0][0], model.network.trainable_variables[0])
    moved = model.adapt(*seen, num_steps=3)
    plain = model.adapt(*seen, num_steps=2, rate=0.01)
    for a, b in zip(moved, plain, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)
    head = model.adapt(*seen, num_steps=1, rate=0.1, head_only=True)
    np.testing.assert_allclose(head[0][1], model.network.trainable_variables[0])
    assert np.abs(head[-1] - model.network.trainable_variables[-1]).max() > 1e-3


@pytest.mark.parametrize("matrix", [False, True])
def test_a_chain_teaches_its_rate(matrix):
    angle = np.pi / 2 if matrix else 0.0
    pairs = data.chain(50_000, 0.8, 0.5, np.random.default_rng(0), angle=angle)
    model = ChainLearner(matrix=matrix)
    moved = np.asarray(model(pairs.estimates))
    assert np.abs(moved).max() == 0  # the rate begins at zero
    with tf.GradientTape() as tape:
        loss = model.compute_loss(y=pairs.following, y_pred=model(pairs.estimates))
    slope = tape.gradient(loss, model.rate).numpy()
    # The loss is quadratic: one Newton step leads to its minimum.
    curvature = 8 * 1.5 / (2 if matrix else 1)
    found = -slope / curvature
    scalar, full = theory.rotation_rates(0.8, 0.5, angle)
    np.testing.assert_allclose(found, full if matrix else scalar, atol=0.01)


@pytest.mark.parametrize(
    ("body", "inputs", "actions", "mlp", "lstm", "value"),
    [
        ("Ant", 120, 8, 12_432, 41_296, 40_833),
        ("Bug", 164, 12, 15_512, 44_376, 43_649),
        ("Spider", 208, 16, 18_592, 47_456, 46_465),
    ],
)
def test_parameters_of_the_papers_bodies(body, inputs, actions, mlp, lstm, value):
    count = networks.num_parameters
    assert count(inputs, actions, (64, 64)) == mlp
    assert count(inputs, actions, (64,), 64) == lstm
    assert count(inputs, 1, (64,), 64, policy=False) == value
    if body == "Bug":
        assert count(inputs + 2, actions, (64,), 64) == 44_504


def test_ranges_of_win_rates_are_those_of_the_table():
    rates = np.array(list(paper.WIN_RATES.values()))
    low, high = rates.min(axis=0).round(), rates.max(axis=0).round()
    for column, name in (
        (2, "{:.0f} to {:.0f} %"),
        (0, "RL² {:.0f} to {:.0f}"),
        (1, "tracking {:.0f} to {:.0f}"),
    ):
        assert name.format(low[column], high[column]) in paper.EFFECT.paper


def test_parameters_of_the_lessons_models():
    laptop = config.PRESETS["laptop"]
    assert runtime.num_parameters(build_model(laptop, VARIANTS["maml"])) == 1_761
    assert networks.num_parameters(19, 12, (32,), policy=False) == 1_036
    published = build_model(config.PRESETS["paper_hexapod"], VARIANTS["meta_lstm"])
    policy = networks.num_parameters(19, 12, (64,), 64)
    assert len(published.rates) == 3 * len(published.theta) == 3 * 8
    value = networks.num_parameters(19, 1, (64,), 64, policy=False)
    assert runtime.num_parameters(published) == policy + value + 24
    assert published.settings.clip == 0.2 and published.settings.gamma == 0.995


def test_a_given_lstm_computes_as_keras_does():
    built = networks.network(3, 2, (4,), 5)
    x = np.random.default_rng(0).normal(size=(2, 3, 6, 3)).astype(np.float32)
    parameters = functional.copies(built.trainable_variables, 2)
    memory = tuple(tf.zeros((2, 3, 5)) for _ in range(2))
    found = functional.policy_over_time(parameters, x, memory)
    for k in range(2):
        np.testing.assert_allclose(found[k], built(x[k]), atol=1e-5)


@pytest.fixture(scope="module")
def agent():
    keras.utils.set_random_seed(0)
    return Agent(dataclasses.replace(SMALL, world="compass"), seed=1)


def test_trajectories_know_their_own_probabilities(agent):
    tasks = tf.constant(data.bearings(3, 2, np.random.default_rng(0)))
    found = agent.roll(agent.copies(3), tasks)
    assert found.rewards.shape == (3, 5, 8)  # two episodes of four steps
    again = agent.log_probs(agent.copies(3), found)
    np.testing.assert_allclose(again, found.log_probs, atol=1e-4)
    assert np.ptp(found.actions.numpy(), axis=1).min() > 0
    clock = found.observations.numpy()[..., -1]
    np.testing.assert_allclose(clock[..., 0], clock[..., 4], atol=1e-5)


def test_an_inner_step_is_the_policy_gradient(agent):
    tasks = tf.constant(data.bearings(2, 1, np.random.default_rng(0)))
    theta = agent.copies(2)
    batch = agent.prepare(agent.roll(theta, tasks))
    moved, _ = agent.inner_step(theta, batch, rates=0.5)
    # By hand, of the deviations: d log p / d log_std = z^2 - 1.
    log_std = theta[-1][0]
    flat = tf.reshape(batch.trajectories.observations[0], (-1, 19))
    mean = tf.reshape(agent.policy(flat), (5, 4, 12))
    z = (batch.trajectories.actions[0] - mean) * tf.exp(-log_std)
    slope = tf.reduce_mean(batch.advantages[0][..., None] * (z**2 - 1), axis=(0, 1))
    np.testing.assert_allclose(moved[-1][0], log_std + 0.5 * slope, atol=1e-4)
    assert np.abs(np.mean(batch.advantages, axis=1)).max() < 1e-5


def test_the_loss_of_pairs_has_the_score_terms_and_no_more():
    tasks = tf.constant(data.bearings(3, 2, np.random.default_rng(0)))
    gradients = {}
    for score in (False, True):
        keras.utils.set_random_seed(0)
        one = Agent(dataclasses.replace(SMALL, world="compass", score=score), seed=1)
        stages = one.collect(tasks)
        assert len(stages) == 4  # two steps, the judge, the judge without a step
        with tf.GradientTape(persistent=True) as tape:
            loss = tf.reduce_mean(one.losses(stages))
            # The term by itself: gain times the scores of all that was sampled.
            phi, term = one.copies(3), 0.0
            gain = stages[2].performance - stages[3].performance
            for step in range(2):
                moved, log_probs = one.inner_step(phi, stages[step], step)
                term -= tf.reduce_mean(gain * tf.reduce_sum(log_probs, axis=(1, 2)))
                phi = moved
        gradients[score] = tape.gradient(loss, one.theta)
        scores = tape.gradient(term, one.theta)
    for with_score, without, term in zip(*gradients.values(), scores, strict=True):
        np.testing.assert_allclose(without - with_score, term, rtol=2e-3, atol=2e-3)
    assert max(np.abs(term).max() for term in scores) > 1e-2


def test_weights_bring_trajectories_of_another_policy_home(agent):
    """The slope of E[a] by the mean of the action a is 1, whatever its deviation."""
    tasks = tf.constant(data.bearings(1, 1, np.random.default_rng(0)))
    theta = agent.copies(1)
    wider = [*theta[:-1], theta[-1] + 0.1 * tf.one_hot([0], 12)]
    slopes = {}
    for label, parameters, limit in (
        ("own", theta, None),
        ("weighted", wider, 50.0),
        ("unweighted", wider, None),
    ):
        batch = agent.prepare(agent.roll(parameters, tasks, 4000))
        batch = batch._replace(advantages=batch.trajectories.actions[..., 0])
        moved, _ = agent.inner_step(theta, batch, rates=1.0, behaviour=limit)
        slopes[label] = float((moved[3] - theta[3])[0, 0])
    assert slopes["own"] == pytest.approx(1, abs=0.07)
    assert slopes["weighted"] == pytest.approx(1, abs=0.07)
    assert slopes["unweighted"] == pytest.approx(np.exp(0.2), abs=0.07)


@pytest.mark.parametrize("mode", execution.MODES[:-1])
def test_each_way_of_living_begins_alike_and_differs_later(agent, mode):
    tasks = data.bearings(2, 3, np.random.default_rng(0), flips=True)
    options = {"rate": 0.2} if mode == "tracking" else {}
    life = execution.live(
        agent, tasks, mode, num_trajectories=4, compiled=False, **options
    )
    assert life.rewards.shape == (2, 3, 4) and np.all(np.isfinite(life.rewards))
    assert life.share.shape == life.cut.shape == (2, 3)
    assert np.all((life.share > 1 / 4 - 1e-6) & (life.share <= 1.0001))
    if mode == "meta":
        np.testing.assert_allclose(life.share[:, 0], 1, atol=1e-5)
        assert life.share[:, 1].max() < 0.999


def test_modes_have_names(agent):
    with pytest.raises(UserError, match="mode"):
        execution.live(agent, np.ones((1, 2, 2), np.float32), "hope")


def test_what_is_replayed_is_what_was_lived_with_a_memory_too():
    tasks = tf.constant(data.walks(hexapod.TRAINING[:2], 2)[:2])
    seen = {}
    for recurrent in (False, True):
        one = Agent(
            Settings(units=(4,), lstm=3, recurrent=recurrent, num_steps=3), seed=0
        )
        one.log_std.assign(one.log_std - 12.0)  # hardly any noise
        found = one.roll(one.copies(2), tasks, 2)
        seen[recurrent] = found.observations.numpy()
        begins = seen[recurrent][0, 0, :, -1]
        if recurrent:
            assert begins.tolist() == [1, 0, 0, 1, 0, 0]
            reward = seen[recurrent][0, 0, 1:, -2]
            np.testing.assert_allclose(reward, found.rewards[0, 0, :-1], atol=1e-5)
        again = one.log_probs(one.copies(2), found)
        # Deviations are tiny here, so a memory of another episode would show.
        assert np.abs(again - found.log_probs).max() < 0.3
    assert seen[False].shape[-1] + 2 == seen[True].shape[-1]


def test_versions_join_the_pool_and_are_drawn():
    settings = Settings(world="sumo", units=(4,), versions=3, num_steps=60)
    one = Agent(settings, seed=0)
    assert float(one.filled) == 1
    first = one.pool[0].numpy()
    one.theta[0].assign(one.theta[0] + 1.0)
    one.remember()
    np.testing.assert_allclose(one.pool[0][1], first[0] + 1.0, atol=1e-6)
    assert float(one.filled) == 2
    found = one.roll(one.copies(2), tf.constant([[[0.1]], [[0.9]]]), 3)
    assert found.alive.shape == (2, 3, 60) and found.outcomes.shape == (2, 3)
    ended = found.alive.numpy().sum(axis=2)
    assert ended.min() >= 1
    assert np.all(found.rewards.numpy()[found.alive.numpy() == 0] == 0)
    for _ in range(3):
        one.remember()
    assert float(one.filled) == 3


def test_effective_share_of_weights_that_no_float_can_hold():
    logs = np.array([[0.0, 0.0, 0.0, 0.0], [-1000.0, -1000.0, -2000.0, -2000.0]])
    found = execution.effective_share(tf.constant(logs, tf.float32)).numpy()
    np.testing.assert_allclose(found, [1, 0.5])
    one = execution.effective_share(tf.constant([0.0, -500.0, -900.0]))
    assert float(one) == pytest.approx(1 / 3)


def test_bearings_and_walks_are_chains():
    found = data.bearings(50, 4, np.random.default_rng(0), flips=True)
    assert found[:, 0, 0].sum() == 0
    np.testing.assert_array_equal(found[:, 1:, 0], -found[:, :-1, 0])
    assert set(np.unique(found[:, 0, 0])) == {-1, 1}
    same = data.bearings(5, 4, np.random.default_rng(0))
    assert np.ptp(same, axis=1).max() == 0
    rows = data.walks(hexapod.TRAINING, 2)
    assert rows.shape == (72, 2, 6)
    np.testing.assert_allclose(rows[..., :].min(axis=2)[0], [1, 5 / 6], atol=1e-6)


def test_speeds_of_a_life_and_what_was_lost():
    rewards = np.full((3, 7, 2), 2.0)
    rewards[:, 0] = 1.0
    rewards[0, 6, 0] = np.nan
    life = execution.Life(rewards, np.ones((3, 7)), *np.zeros((2, 3, 7)))
    found = evaluation.speeds(life)
    assert found["speed_1"] == 1 and found["speed_2"] == 2
    assert found["speed_7"] == pytest.approx(5 / 3)
    assert found["lost"] == pytest.approx(1 / 42) and found["se_2"] == 0


def test_one_trajectory_needs_a_critic():
    with pytest.raises(UserError, match="num_trajectories"):
        config.PRESETS["laptop_compass"].replace(num_trajectories=1)
    changed = config.PRESETS["laptop_compass"].replace(num_trajectories=1, critic=True)
    assert changed.critic
    config.PRESETS["laptop"].replace(num_trajectories=1)  # no agent


def test_a_pool_has_a_version_before_the_end():
    with pytest.raises(UserError, match="pool_every"):
        config.PRESETS["laptop_sumo"].replace(pool_every=200)


def test_a_policy_with_an_lstm_has_one_dense_layer():
    with pytest.raises(UserError, match="policy_units"):
        config.PRESETS["laptop_memory"].replace(policy_units=(8, 8))
