"""Networks with gates, their losses, and evaluation that stops for real."""

import keras
import numpy as np
import pytest
from scipy import special

from lessons.memory.variable_depth import (
    config,
    costs,
    data,
    evaluation,
    experiment,
    lazy,
    paper,
    theory,
    theory_routes,
)
from lessons.memory.variable_depth.model import VariableDepth
from lessons.memory.variable_depth.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError

ROWS = np.random.default_rng(0).normal(size=(9, 6)).astype(np.float32)
LABELS = np.random.default_rng(1).integers(3, size=9)
FLOAT32 = 2e-5


def network(**options):
    """A small network whose gates are not those of a start."""
    settings = {"units": 7, "num_layers": 4, "slice_units": 3, "start": "random"}
    return VariableDepth(6, 3, **{**settings, **options})


@pytest.fixture(scope="module")
def gated():
    return network(alpha=0.1, cost=0.05, supervision=0.5)


def test_the_published_network_has_the_published_size():
    settings = config.PRESETS["paper"]
    built = experiment.build_model(settings, VARIANTS["strong"])
    assert runtime.num_parameters(built) == paper.PARAMETERS
    assert costs.Sizes.of(built).num_parameters == paper.PARAMETERS
    plain = costs.Sizes.of(built)
    assert plain.plain + 7 * 2048 + 2000 == paper.PLAIN_PARAMETERS
    assert not np.any(built.heads[0].kernel) and not np.any(built.gates[0].kernel)
    bound = 4 * np.sqrt(6 / (440 + 2048))
    first = np.abs(built.hidden[0].kernel.numpy())
    assert 0.999 * bound < first.max() <= bound


def test_the_loss_is_the_sum_of_its_terms(gated):
    outputs = gated(ROWS)
    found = gated.losses_of(outputs, LABELS)
    logits = np.asarray(outputs["logits"], np.float64)
    gates = theory_routes.broken_stick(np.asarray(outputs["gate_logits"], np.float64))
    right = special.softmax(logits, axis=-1)[np.arange(9), :, LABELS]
    expected = -np.log(np.sum(gates * right, axis=1))
    expected -= 0.1 * np.log(gates).sum(axis=1)
    expected += 0.05 * gates @ np.arange(1, 5)
    expected -= 0.5 * np.log(right).mean(axis=1)
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_the_decay_is_a_part_of_half_the_squares():
    built = network(decay=0.25)
    built.compile(keras.optimizers.SGD(0.0), jit_compile=False)
    plain = float(np.mean(built.losses_of(built(ROWS), LABELS)))
    squares = sum(float(np.sum(np.square(w))) for w in built.trainable_weights)
    loss = float(built.compute_loss(y=LABELS, y_pred=built(ROWS)))
    assert loss == pytest.approx(plain + 0.125 * squares, rel=1e-5)


def test_networks_without_gates():
    last, even = (
        network(gating=gating, supervision=1.0) for gating in ("last", "even")
    )
    assert last(ROWS)["logits"].shape == (9, 1, 3) and not last.gates
    assert runtime.num_parameters(last) == 6 * 7 + 3 * 49 + 4 * 7 + 7 * 3 + 3
    outputs = even(ROWS)
    np.testing.assert_allclose(np.exp(outputs["log_gates"]), 0.25, rtol=1e-6)
    probs = special.softmax(np.asarray(outputs["logits"], np.float64), axis=-1)
    mixture = np.exp(even.log_mixture(outputs))
    np.testing.assert_allclose(mixture, probs.mean(axis=1), atol=FLOAT32)
    losses = -np.log(probs[np.arange(9), :, LABELS]).mean(axis=1)
    np.testing.assert_allclose(even.losses_of(outputs, LABELS), losses, rtol=1e-4)


def test_act_mixes_logits_by_its_weights():
    built = network(gating="act", ponder=0.3, start="uniform")
    outputs = built(ROWS)
    halting = special.expit(np.asarray(outputs["gate_logits"], np.float64))
    np.testing.assert_allclose(halting, 0.25, atol=1e-6)  # zero kernels, 1 / L each
    rows = [theory_routes.halted([*row, 1.0]) for row in halting]
    weights = np.array([row[0] for row in rows])
    mixed = np.einsum("nl,nlc->nc", weights, np.asarray(outputs["logits"], np.float64))
    expected = special.log_softmax(mixed, axis=-1)
    np.testing.assert_allclose(built.log_mixture(outputs), expected, atol=FLOAT32)
    cost = np.array([row[1] + row[2] for row in rows])
    losses = -expected[np.arange(9), LABELS] + 0.3 * cost
    np.testing.assert_allclose(built.losses_of(outputs, LABELS), losses, rtol=1e-4)


def test_gates_start_as_they_are_told():
    depth = {
        start: np.mean(theory.expected_depth(network(start=start)(ROWS)["log_gates"]))
        for start in ("zero", "uniform")
    }
    assert depth["zero"] == pytest.approx(1.875) and depth["uniform"] == pytest.approx(
        2.5
    )


def test_upper_layers_do_not_reach_lower_gates(gated):
    changed = network(alpha=0.1, cost=0.05, supervision=0.5)
    changed.set_weights(gated.get_weights())
    changed.gates[2].bias.assign([np.nan])
    changed.heads[2].bias.assign(np.full(3, np.nan))
    one, other = gated(ROWS), changed(ROWS)
    for name in ("log_gates", "logits"):
        first, second = (np.asarray(o[name])[:, :2] for o in (one, other))
        np.testing.assert_array_equal(first, second)
    assert np.all(np.isnan(np.asarray(other["log_gates"])[:, 2:]))


@pytest.mark.parametrize("threshold", [0.0, 0.4, 0.7, 1.0])
def test_early_exit_is_the_rule_and_computes_no_more(gated, threshold):
    rows = np.random.default_rng(2).normal(size=(200, 6)).astype(np.float32) * 2
    outputs = gated(rows)
    exits = np.asarray(theory.exit_layers(outputs["gate_logits"], threshold))
    early = lazy.EarlyExit(gated)
    classes, found = early.predict(rows, threshold)
    np.testing.assert_array_equal(found, exits)
    logits = np.asarray(outputs["logits"])[np.arange(200), exits - 1]
    np.testing.assert_array_equal(classes, logits.argmax(axis=1))
    computed = [np.sum(exits >= layer) for layer in range(1, 5)]
    np.testing.assert_array_equal(early.computed, computed)
    np.testing.assert_array_equal(early.answered, np.bincount(exits, minlength=5)[1:])
    until = costs.until_exits(early.sizes, "gates")
    assert early.multiplications == until[exits - 1].sum()
    last = np.asarray(outputs["logits"])[:, -1].argmax(axis=1)
    np.testing.assert_array_equal(early.predict_all(rows), last)


def test_early_exit_touches_nothing_above(gated):
    spoilt = network()
    spoilt.set_weights(gated.get_weights())
    exits = np.asarray(theory.exit_layers(spoilt(ROWS)["gate_logits"], 0.5))
    deepest = exits.max()
    below = exits < deepest
    assert 0 < below.sum()
    expected = lazy.EarlyExit(spoilt).predict(ROWS)[0]
    # No kernels of layers: a ReLU may make 0 of NaN.
    spoilt.heads[deepest - 1].bias.assign(np.full(3, np.nan))
    for gate in spoilt.gates[deepest - 1 :]:
        gate.bias.assign([np.nan])
    assert np.isnan(np.asarray(spoilt.log_mixture(spoilt(ROWS)))).all()
    classes, found = lazy.EarlyExit(spoilt).predict(ROWS)
    np.testing.assert_array_equal(classes[below], expected[below])
    np.testing.assert_array_equal(found[below], exits[below])


def test_what_cannot_be_is_refused():
    for options, text in (
        ({"gating": "some"}, "gating"),
        ({"start": "one"}, "start"),
        ({"slice_units": 8}, "slice_units"),
        ({"units": 0}, "units"),
        ({"alpha": -1.0}, "alpha"),
    ):
        with pytest.raises(UserError, match=text):
            network(**options)
    with pytest.raises(UserError, match="cascade"):
        lazy.EarlyExit(network(gating="even"))
    with pytest.raises(UserError, match="labels"):
        network().check_labels(np.array([3]))


def test_judging_uses_a_route_of_its_own(gated):
    found = evaluation.answers(gated, ROWS)
    outputs = gated(ROWS)
    np.testing.assert_allclose(found.log_gates, outputs["log_gates"], atol=FLOAT32)
    mixture = gated.log_mixture(outputs)
    np.testing.assert_allclose(found.log_mixture, mixture, atol=FLOAT32)
    depth = theory.expected_depth(outputs["log_gates"])
    np.testing.assert_allclose(evaluation.depth_of(found.log_gates), depth, atol=1e-5)


def test_folds_change_the_label_as_often_as_they_say():
    line = np.linspace(0, 1, 4096, endpoint=False)
    for times in range(4):
        label = data.folded(line, np.full(4096, times)) > 0.5
        assert np.sum(label[1:] != label[:-1]) == 2**times
