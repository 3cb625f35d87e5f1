"""Cell and model: sizes, order of a step, Keras's own loop, generation, signals."""

import keras
import numpy as np
import pytest

from lessons.memory.neural_stack import (
    config,
    data,
    evaluation,
    experiment,
    model,
    paper,
    signals,
    theory,
    theory_loops,
)
from lessons.memory.neural_stack.cell import TransducerCell
from lessons.memory.neural_stack.variants import VARIANTS
from lessons.toolkit import results
from lessons.toolkit.errors import UserError
from lessons.toolkit.runtime import num_parameters

FLOAT32 = 2e-6
RNG = np.random.default_rng
LAPTOP = config.PRESETS["laptop"]
SMOKE = config.PRESETS["smoke"]
STRUCTURES = (*theory.STRUCTURES, None)


def a_network(structure="stack", controller="rnn", **options):
    keras.utils.set_random_seed(0)
    cell = TransducerCell(5, controller, structure=structure, width=3, **options)
    network = model.Transducer(cell, 4, 3)
    network.build((None, None))
    return network


def tokens(size=3, time=6):
    return np.random.default_rng(0).integers(0, 5, (size, time))


@pytest.mark.parametrize(("key", "expected"), paper.PARAMETERS.items())
def test_published_networks_have_the_sheets_sizes(key, expected):
    preset, name, width = key
    settings = config.PRESETS[preset].replace(width=width)
    network = experiment.build_model(settings, VARIANTS[name])
    assert num_parameters(network) == expected


def test_laptop_networks_have_the_sheets_sizes():
    found = {n: num_parameters(experiment.build_model(LAPTOP, VARIANTS[n]))
             for n in ("stack", "queue", "lstm")}  # fmt: skip
    assert found == {"stack": 2064, "queue": 2064, "lstm": 18822}
    small = experiment.build_model(LAPTOP.replace(units=16), VARIANTS["stack"])
    assert num_parameters(small) == 784


@pytest.mark.parametrize("structure", theory.STRUCTURES)
def test_reads_are_those_of_the_sums_in_python(structure):
    network = a_network(structure)
    shown = tokens(1)
    trace = network.trace(shown)
    signals = []
    hidden = np.zeros((1, 5), np.float32)
    read = np.zeros((1, 3 * network.cell.num_ends), np.float32)
    for t in range(6):
        projected = network.cell.project(network.shown(shown[:, t]))
        hidden, _ = network.cell.control(projected, read, [hidden])
        said = network.cell.signals(hidden)
        amounts = [float(x[0, 0]) for x in (*said.pushes, *said.pops)]
        signals.append((*amounts, *(v[0].numpy() for v in said.vectors)))
        kept, reads = theory_loops.run(structure, signals)
        read = np.concatenate(reads[-1])[None].astype("float32")
    held = np.asarray(trace.strengths)[0, -1]
    np.testing.assert_allclose(held[held > 0], [s for s in kept[-1] if s > 0],
                               atol=FLOAT32)  # fmt: skip
    logits = network.answer(hidden)[0]
    np.testing.assert_allclose(trace.logits[0, -1], logits, atol=FLOAT32)
    np.testing.assert_allclose(network(shown), trace.logits, atol=FLOAT32)


@pytest.mark.parametrize("controller", ["feedforward", "rnn", "lstm"])
@pytest.mark.parametrize("structure", [None, "deque"])
def test_the_scan_and_keras_rnn_agree(structure, controller):
    network = a_network(structure, controller, num_layers=2)
    layer = keras.layers.RNN(network.cell, return_sequences=True)
    shown = network.shown(tokens())
    expected = network.answer(layer(shown))
    np.testing.assert_allclose(network(tokens()), expected, atol=FLOAT32)


def test_a_deep_lstm_is_keras_own():
    network = a_network(None, "lstm", num_layers=2)
    layers = [keras.layers.LSTM(5, return_sequences=True) for _ in range(2)]
    stack = keras.Sequential([keras.Input((None, 4)), *layers])
    names = ("kernel", "recurrent_kernel", "bias")
    stack.set_weights([w[n] for w in network.cell.layer_weights for n in names])
    expected = network.answer(stack(network.shown(tokens())))
    np.testing.assert_allclose(network(tokens()), expected, atol=FLOAT32)


def test_a_masked_step_leaves_structure_and_position():
    network = a_network("stack")
    layer = keras.layers.RNN(network.cell)
    shown = np.asarray(network.shown(tokens()))
    mask = np.array([[1, 0, 1, 1, 0, 1]] * 3, bool)
    np.testing.assert_allclose(
        layer(shown, mask=mask), layer(shown[:, mask[0]]), atol=FLOAT32
    )


def test_more_steps_than_there_is_room_for_are_not_passed_over():
    network = a_network("stack", capacity=3)
    layer = keras.layers.RNN(network.cell, return_sequences=True)
    hidden = np.asarray(layer(network.shown(tokens())))
    assert np.isfinite(hidden[:, :4]).all() and np.isnan(hidden[:, 4:]).all()
    assert np.isfinite(network(tokens())).all()  # it makes room for what it is given


@pytest.mark.parametrize("structure", STRUCTURES)
def test_generation_reads_its_own_answers(structure):
    network = a_network(structure)
    shown = tokens()
    told = network.generate(shown)
    np.testing.assert_array_equal(told, np.asarray(network(shown)).argmax(-1))
    shown[:, 3:] = model.OWN_ANSWER
    told = np.asarray(network.generate(shown))
    fed = shown.copy()
    fed[:, 3:] = told[:, 2:-1] + 1
    np.testing.assert_array_equal(np.asarray(network(fed)).argmax(-1), told)


def test_evaluation_feeds_back_what_was_answered():
    settings = SMOKE.replace(feed="previous", markers=True)
    network = experiment.build_model(settings, VARIANTS["stack"])
    batch = evaluation.test_sequences(settings, 3)
    told = evaluation.answers(network, batch, settings)
    asked = batch.mask > 0
    cheating = batch.targets.copy()
    cheating[asked] = (cheating[asked] + 1) % 3
    other = batch._replace(targets=cheating)
    np.testing.assert_array_equal(evaluation.answers(network, other, settings), told)


def test_other_signals_are_what_they_are_called():
    network = a_network("stack")
    batch = evaluation.test_sequences(LAPTOP.replace(symbols=3), 4)
    trace = network.trace(batch.inputs)
    found = signals.other_signals(trace, LAPTOP, 4)
    p, q = signals.net_push_and_pop(trace, LAPTOP, 4)
    pushes, pops = found["even"]
    assert np.ptp(pushes[:, :4]) < FLOAT32 and np.ptp(pops[:, 5:9]) < FLOAT32
    again = network.trace(batch.inputs, pushes=pushes, pops=pops)
    same = signals.net_push_and_pop(again, LAPTOP, 4)
    np.testing.assert_allclose(same[0], p, atol=1e-5)
    if p - q < np.mean(np.asarray(trace.pops)[:, 5:9]):
        np.testing.assert_allclose(same[1], max(same[1], p), atol=1e-5)
    own = network.trace(batch.inputs, pushes=trace.pushes, pops=trace.pops)
    np.testing.assert_allclose(own.logits, trace.logits, atol=FLOAT32)
    assert set(np.unique(found["rounded"][0])) <= {0, 1}


def test_a_stacks_balance_at_other_strengths():
    trace = a_network("stack").trace(data.draw(SMOKE, RNG(0), np.full(3, 4)).inputs)
    pushes = np.array(trace.pushes) * 0 + 0.6
    pops = np.array(trace.pops) * 0 + 0.1
    pushes[:, 5:], pops[:, 5:] = 0.2, 0.5
    trace = trace._replace(pushes=pushes, pops=pops)  # p = 0.5, q = 0.3
    for name, net in (("even_0.5", 0.25), ("even_lowered", 0.3), ("exact", 1.0)):
        other = signals.stack_signals(trace, SMOKE, 4)[name]
        changed = trace._replace(pushes=other[0], pops=other[1])
        found = signals.net_push_and_pop(changed, SMOKE, 4)
        np.testing.assert_allclose(found, [net, net], atol=FLOAT32)
        np.testing.assert_array_equal(other[0][:, 4], pushes[:, 4])  # the separator


def test_a_queues_balance():
    trace = a_network("queue").trace(data.draw(SMOKE, RNG(0), np.full(3, 4)).inputs)
    found = signals.queue_signals(trace, SMOKE, 4)  # trained to length 2
    own = np.array(trace.pops)
    pushes, pops = found["even_queue"]
    np.testing.assert_allclose(pops[:, 5:], pushes[:, :4].mean(), atol=FLOAT32)
    np.testing.assert_allclose(pops[:, :4], own[:, :4].mean() / 2, atol=FLOAT32)
    np.testing.assert_allclose(found["own_fill"][1][:, :4], own[:, :4] / 2)
    np.testing.assert_array_equal(found["own_fill"][1][:, 4:], own[:, 4:])
    np.testing.assert_allclose(found["level_pop"][1][:, :4], own[:, :4].mean())
    np.testing.assert_allclose(found["level_fill"][1][:, 5:], own[:, 5:].mean())


def test_where_nothing_is_asked_nothing_is_wrong():
    told, mask = np.array([[1, 2], [1, 2]]), np.array([[1, 1], [0, 0.0]])
    found = evaluation.coarse_fine(told, np.array([[1, 3], [0, 0]]), mask)
    assert found == (0.5, 0.75)
    network = a_network()
    loss = network.compute_loss(None, (told, mask), np.zeros((2, 2, 3)))
    np.testing.assert_allclose(loss, np.log(3) / 2, atol=FLOAT32)


@pytest.mark.parametrize(
    ("options", "message"),
    [({"structure": "heap"}, "structure"), ({"controller": "gru"}, "controller"),
     ({"num_layers": 0}, "at least 1")],
)  # fmt: skip
def test_what_there_is_not_is_refused(options, message):
    with pytest.raises(UserError, match=message):
        TransducerCell(4, **options)


def test_the_loss_needs_the_mask():
    with pytest.raises(UserError, match="mask"):
        a_network().compute_loss(None, np.zeros((2, 3)), np.zeros((2, 3, 3)))


def test_every_batch_of_the_stream_is_a_training_batch():
    settings = SMOKE.replace(train_lengths=(1, 3), symbols=5)
    inputs, (targets, mask) = next(iter(experiment.stream(settings)))
    assert inputs.shape == targets.shape == mask.shape == (4, 7)
    assert set(mask.numpy().sum(1).astype(int)) <= {1, 3}
    assert inputs.numpy().max() == data.tokens(settings)


def test_the_effect_counts_the_recorded_seeds():
    runs = results.recorded("neural_stack", preset="laptop_stack")
    right = runs["stack", "coarse_8"] > 0.5
    assert f"{right.sum()} of {len(runs)} stacks" in paper.EFFECT.here
    others = results.recorded("neural_stack")
    for name in ("queue", "lstm"):
        assert f"no {name}" in paper.EFFECT.here.lower()
        assert not (others[name, "coarse_8"] > 0.5).any()
