"""The networks: sizes, symmetry, masks; rollouts, DAGGER, training."""

import keras
import numpy as np
import pytest

from lessons.control.one_shot_imitation import (
    acting,
    blocks,
    config,
    dagger,
    data,
    demonstrations,
    evaluation_reach,
    experiment,
    figures_theory,
    networks,
    paper,
    tasks,
)
from lessons.control.one_shot_imitation.context import ContextNetwork
from lessons.control.one_shot_imitation.model import StackingPolicy
from lessons.control.one_shot_imitation.model_reach import ReachPolicy
from lessons.control.one_shot_imitation.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Trained

RNG = np.random.default_rng(0)
SMOKE = config.PRESETS["smoke"]
SMALL = {
    "units": 6,
    "dilations": (1, 2),
    "steps": 2,
    "heads": 2,
    "hidden": (8,),
}


@pytest.fixture
def double():
    """Compute in float64."""
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_dtype_policy(policy)


def inputs(num_blocks=4, frames=5, count=2, states=3):
    """Random inputs of a `StackingPolicy`, float32."""
    shapes = (
        (count, frames, num_blocks, 3),
        (count, frames, 2),
        (count, states, num_blocks, 3),
        (count, states, 2),
    )
    shown, robot, now, robot_now = (
        RNG.normal(size=shape).astype(np.float32) for shape in shapes
    )
    masks = [np.ones((count, size), np.float32) for size in (frames, num_blocks)]
    return [shown, robot, *masks, now, robot_now]


def test_the_papers_networks_have_the_sizes_of_the_listings():
    policy = StackingPolicy(actions=paper.ACTIONS)
    policy.build()
    parts = policy.demonstration, policy.context, policy.manipulation
    assert [part.count_params() for part in parts] == [
        paper.DEMONSTRATION_PARAMETERS,
        paper.CONTEXT_PARAMETERS,
        paper.MANIPULATION_PARAMETERS,
    ]
    assert policy.count_params() == paper.PARAMETERS
    attention = policy.demonstration.attend[0]
    assert attention.count_params() == 25_600
    assert policy.context.steps[0].count_params() == 163_264
    lstm = ReachPolicy(4, units=512)
    lstm.build()
    assert lstm.reader.count_params() == paper.LSTM_PARAMETERS


def test_the_three_policies_of_particles_are_equally_large():
    laptop = config.PRESETS["laptop_particles"]
    sizes = []
    for name in laptop.variants:
        model = experiment.build_model(laptop, VARIANTS[name])
        model.build()
        sizes.append(runtime.num_parameters(model))
    assert sizes == [11_554, 11_126, 11_206]


def test_neighborhood_attention_follows_a_permutation(double):
    layer = networks.NeighborhoodAttention(8, heads=2)
    h, b, s = (RNG.normal(size=size) for size in ((7, 8), (7, 3), (2,)))
    mask, order = np.ones(7), RNG.permutation(7)
    layer.build(h.shape, b.shape, s.shape, mask.shape)
    found = layer(h, b, s, mask).numpy()
    turned = layer(h[order], b[order], s, mask).numpy()
    np.testing.assert_allclose(turned, found[order], atol=1e-12)
    assert np.abs(layer(h[order], b, s, mask).numpy() - found[order]).max() > 0.01
    assert np.std(found, axis=0).min() > 1e-3  # blocks are told apart
    alone = layer(h[:1], b[:1], s, mask[:1]).numpy()
    assert np.all(np.isfinite(alone))


def test_the_convolution_is_that_of_keras_and_sees_the_past_alone():
    layer = networks.CausalConvolution(5, dilation=2)
    x = RNG.normal(size=(2, 9, 3, 4)).astype(np.float32)
    found = layer(x).numpy()
    theirs = keras.layers.Conv1D(5, 2, dilation_rate=2, padding="causal")
    folded = x.transpose(0, 2, 1, 3).reshape(6, 9, 4)
    theirs.build(folded.shape)
    kernel, bias = layer.get_weights()
    theirs.set_weights([kernel.reshape(2, 4, 5), bias])
    expected = theirs(folded).numpy().reshape(2, 3, 9, 5).transpose(0, 2, 1, 3)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert layer(x[:, :1]).shape == (2, 1, 3, 5)  # shorter than the dilation


def test_an_impulse_reaches_sixteen_frames():
    network = networks.DemonstrationNetwork(4, (1, 2, 4, 8), heads=1)
    x = RNG.normal(size=(1, 24, 2, 3)).astype(np.float32)
    robot, mask = np.ones((1, 24, 2), np.float32), np.ones((1, 2), np.float32)
    base = network(x, robot, mask).numpy()
    x[0, 3] += 1
    changed = np.abs(network(x, robot, mask).numpy() - base).max(axis=(0, 2, 3))
    assert np.flatnonzero(changed > 1e-7).min() == 3
    assert np.flatnonzero(changed > 1e-7).max() == 3 + 15


@pytest.mark.parametrize("start", ["zero", "state"])
def test_renamed_blocks_change_nothing(start, double):
    policy = StackingPolicy(start=start, **SMALL)
    x = [part.astype(np.float64) for part in inputs()]
    found = policy(x).numpy()
    order = np.array([2, 0, 3, 1])
    x[0], x[4] = x[0][:, :, order], x[4][:, :, order]
    np.testing.assert_allclose(policy(x).numpy(), found, atol=1e-12)
    x[0] = x[0][:, :, order]  # the demonstration alone is renamed
    assert np.abs(policy(x).numpy() - found).max() > 1e-4


def test_padding_changes_nothing():
    policy = StackingPolicy(start="state", **SMALL)
    x = inputs()
    found = policy(x).numpy()
    wide = [np.copy(part) for part in x]
    for place, axis in ((0, 2), (4, 2)):
        more = 9 * np.ones_like(wide[place].take([0], axis=axis))
        wide[place] = np.concatenate([wide[place], more], axis=axis)
    wide[3] = np.concatenate([wide[3], np.zeros((2, 1), np.float32)], axis=1)
    for place in (0, 1):
        wide[place] = np.concatenate([wide[place], wide[place][:, :1]], axis=1)
    wide[2] = np.concatenate([wide[2], np.zeros((2, 1), np.float32)], axis=1)
    np.testing.assert_allclose(policy(wide).numpy(), found, atol=1e-5)
    for size in ({"num_blocks": 1}, {"frames": 1}, {"count": 1}, {"num_blocks": 7}):
        assert np.all(np.isfinite(policy(inputs(**size)).numpy()))
    blind = inputs()
    blind[2][:] = 0
    one = policy(blind).numpy()
    blind[0] += 3
    np.testing.assert_array_equal(policy(blind).numpy(), one)
    x[0] = x[0] + 3
    assert np.abs(policy(x).numpy() - found).max() > 1e-4


def test_the_papers_first_step_asks_without_the_state():
    for start, same in (("zero", True), ("state", False)):
        context = ContextNetwork(6, steps=1, start=start)
        policy = StackingPolicy(start=start, **{**SMALL, "steps": 1})
        policy.build()
        x = inputs()
        shown = policy.embed(*x[:2], x[2], x[3])
        weights = policy.look(shown, x[4], x[5])[1].temporal.numpy()
        np.testing.assert_allclose(weights.sum(axis=-1), 1, atol=1e-5)
        spread = np.abs(weights - weights[:, :1, :1]).max()
        assert (spread < 1e-6) == same
        assert context.get_config()["start"] == start
    with pytest.raises(UserError, match="start"):
        ContextNetwork(6, start="middle")


def test_renamed_worlds_have_renamed_paths():
    policy = StackingPolicy(start="state", seed=3, **SMALL)
    policy.build()
    rng, order = np.random.default_rng(1), np.array([2, 0, 1])  # new place of each
    stages = tasks.stages_of(["ab c"] * 5)
    shown = demonstrations.episodes(blocks.start(5, 3, rng), stages, 26)
    kept = demonstrations.keep(shown, "full", 0.5, 8, rng)
    worlds = blocks.start(5, 3, rng)
    path = acting.stack(policy, kept, worlds, stages, 20).episodes.positions
    other = worlds.copy()
    other.blocks[:, order] = worlds.blocks
    names = tasks.stages_of([tasks.renamed("ab c", order)] * 5)
    positions = np.empty_like(kept.positions)
    positions[:, :, order] = kept.positions
    again = acting.stack(
        policy, kept._replace(positions=positions), other, names, 20
    ).episodes.positions
    np.testing.assert_allclose(again[:, :, order], path, atol=1e-5)
    wrong = acting.stack(policy, kept, other, names, 20).episodes.positions
    assert np.abs(wrong[:, :, order] - path).max() > 1e-3


def test_a_round_of_dagger_adds_the_learners_states_with_the_experts_labels():
    policy = StackingPolicy(start="state", **SMALL)
    policy.build()
    rng = np.random.default_rng(2)
    stages = tasks.stages_of(["ab c", "c ba"])
    old = demonstrations.episodes(blocks.start(2, 3, rng), stages, 6)
    kept = demonstrations.keep(old, "full", 0.5, 4, rng)
    worlds = blocks.start(2, 3, rng)
    found = dagger.dagger_round(old, policy, kept, worlds, stages)
    assert found.robot.shape[0] == 4
    np.testing.assert_array_equal(found.positions[:2], old.positions)
    expert = demonstrations.episodes(worlds, stages, 6)
    np.testing.assert_array_equal(found.positions[2:, 0], expert.positions[:, 0])
    assert np.abs(found.positions[2:] - expert.positions).max() > 0.01
    np.testing.assert_array_equal(found.actions[2:, 0], expert.actions[:, 0])
    whole = dagger.dagger_round(
        old, policy, kept, worlds, stages, beta=1.0, rng=np.random.default_rng(3)
    )
    np.testing.assert_array_equal(whole.positions[2:], expert.positions)


def test_particles_read_their_demonstration_as_their_kind_does():
    frames = RNG.normal(size=(4, 5, 8)).astype(np.float32)
    states = RNG.normal(size=(4, 2, 8)).astype(np.float32)
    for kind in ("plain", "attention", "final"):
        model = ReachPolicy(3, kind=kind, units=5, hidden=4)
        before = model([frames, states]).numpy()
        early = frames.copy()
        early[:, 0] += 1
        moved = np.abs(model([early, states]).numpy() - before).max()
        assert (moved == 0) == (kind == "final")
        if kind != "plain":
            weights = model.weights_of(model.read(frames)).numpy()
            np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-5)
    with pytest.raises(UserError, match="kind"):
        ReachPolicy(3, kind="first")


def test_going_at_random_is_a_quarter():
    found = evaluation_reach.reach_yardsticks(config.PRESETS["laptop_particles"])
    assert found["expert"] == 1 and found["still"] < 0.05 > found["centroid"]
    assert found["random"] == pytest.approx(0.266, abs=0.05)


def test_clones_share_their_steps_and_dagger_their_number_of_pairs(monkeypatch):
    seen = []

    def fit(model, x, settings, *, y, description):
        seen.append((description, len(y), settings.epochs))
        return Trained(model, {"loss": [1.0]}, 0.0)

    monkeypatch.setattr(experiment, "fit", fit)
    drawn = []
    examples_of = data.examples_of

    def note(settings, pairs, *rest):
        drawn.append(len(pairs.stages))
        return examples_of(settings, pairs, *rest)

    monkeypatch.setattr(data, "examples_of", note)
    chosen = SMOKE.replace(
        variants=tuple(n for n in VARIANTS if VARIANTS[n].kind == "clone")
    )
    report = experiment.run(chosen)
    assert len(set(seen)) == len(seen) == 4
    assert (
        len({sizes for _, *sizes in map(tuple, seen) for sizes in [tuple(sizes)]}) == 1
    )
    assert drawn == [3, 6, 6, 6]
    assert "clone_dagger/success" in report.metrics


def test_the_blind_policy_has_one_training_and_others_go_on(monkeypatch):
    seen = []

    def fit(model, x, settings, *, y, description):
        seen.append((x[0].shape[2], float(x[2].max()), model.get_weights()[0].sum()))
        model.set_weights([w + 1 for w in model.get_weights()])
        return Trained(model, {"loss": [1.0]}, 0.0)

    monkeypatch.setattr(experiment, "fit", fit)
    two = SMOKE.replace(stages=(1, 2), blocks=(3, 4), stack_epochs=(1, 1))
    experiment.train(two, VARIANTS["final"])
    (three, _, first), (four, _, second) = seen
    assert (three, four) == (3, 4)
    assert second == pytest.approx(first + 3 * 6, abs=1e-4)
    seen.clear()
    experiment.train(two, VARIANTS["blind"])
    assert len(seen) == 1 and seen[0][1] == 0


def test_drawings_say_what_they_show():
    assert "demonstration" in figures_theory.networks().alt.lower()
