"""The cell and the models: sizes, order of a step, what Keras asks of a model."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.memory.neural_turing_machine import (
    config,
    counts,
    data,
    experiment,
    heads,
    model,
    paper,
    theory,
)
from lessons.memory.neural_turing_machine.cell import NTMCell
from lessons.memory.neural_turing_machine.variants import VARIANTS
from lessons.toolkit.errors import UserError
from lessons.toolkit.runtime import num_parameters

FLOAT32 = 2e-6
SMOKE = config.PRESETS["smoke"]


def a_cell(**options):
    sizes = {"num_slots": 6, "width": 3, "num_read": 2, "num_write": 2}
    return NTMCell(5, **(sizes | options))


def a_machine(controller="feedforward", **options):
    keras.utils.set_random_seed(0)
    machine = model.NTM(a_cell(controller=controller, **options), 2)
    machine.build((None, None, 4))
    return machine


@pytest.fixture(params=["feedforward", "lstm"])
def machine(request):
    return a_machine(request.param)


@pytest.fixture
def batch():
    return data.copy(np.random.default_rng(0), [3, 1, 2, 3, 2], bits=2)


def compiled(network, **options):
    network.compile(keras.optimizers.Adam(0.01, global_clipnorm=1.0), **options)
    return network


@pytest.mark.parametrize("preset", paper.PAPER_NTM)
def test_published_machines_have_the_sheets_sizes(preset):
    _, ours = paper.PAPER_NTM[preset]
    settings = config.PRESETS[preset]
    network = experiment.build_model(settings, VARIANTS["ntm"])
    assert num_parameters(network) == ours


@pytest.mark.parametrize(
    ("preset", "units", "read_heads"),
    [("paper_recall", 256, 4), ("paper_sort", 512, 8), ("paper_repeat_copy", 100, 1)],
)
def test_other_published_machines_are_built(preset, units, read_heads):
    settings = config.PRESETS[preset]
    sizes = data.channels(settings)
    network = experiment.build_model(settings, VARIANTS["ntm"])
    assert num_parameters(network) == counts.ntm_of(settings, *sizes)
    assert (network.cell.units, network.cell.num_read) == (units, read_heads)


@pytest.mark.parametrize("preset", paper.PAPER_LSTM)
def test_published_lstm_networks_have_the_papers_sizes(preset):
    published, sizes = paper.PAPER_LSTM[preset]
    network = model.LSTMBaseline(sizes["units"], 3, sizes["num_bits"])
    network.build((None, None, sizes["channels"]))
    assert num_parameters(network) == published


def test_laptop_models_have_the_sheets_sizes():
    settings = config.PRESETS["laptop"]
    sizes = {
        name: num_parameters(experiment.build_model(settings, variant))
        for name, variant in VARIANTS.items()
    }
    assert sizes["ntm"] == 3144
    assert sizes["lstm"] == 4 * 100 * 107 + 101 * 4 + 200
    assert sizes["lstm_equal"] == pytest.approx(3144, rel=0.03)


def test_a_step_follows_the_order_of_the_lesson(batch):
    machine = a_machine()
    cell = machine.cell
    x = batch.inputs[:, 1]
    read, weights, memory = cell.get_initial_state(5)
    outputs, state = cell.step(cell.project(x), [read, weights, memory])
    z = np.tanh(x @ cell.kernel.numpy() + read @ cell.read_kernel.numpy())
    np.testing.assert_allclose(outputs[:, :5], z, atol=FLOAT32)
    raw = z @ cell.head_kernel.numpy() + cell.head_bias.numpy()
    do = heads.parse(raw, 2, 2, 3, 1)
    writing = theory.address(memory, weights[:, :2], do.address.heads(0, 2))
    memory = theory.write(memory, writing, do.erase, do.add)
    reading = theory.address(memory, weights[:, 2:], do.address.heads(2, 4))
    read = np.reshape(theory.read(memory, reading), (5, 6))
    np.testing.assert_allclose(outputs[:, 5:], read, atol=FLOAT32)
    for found, expected in zip(
        state, (read, np.concatenate([writing, reading], 1), memory), strict=True
    ):
        np.testing.assert_allclose(found, expected, atol=FLOAT32)


def test_the_scan_and_keras_rnn_agree(machine, batch):
    layer = keras.layers.RNN(machine.cell, return_sequences=True)
    expected = machine.output_layer(layer(batch.inputs))
    np.testing.assert_allclose(machine(batch.inputs), expected, atol=FLOAT32)
    inputs = keras.Input((None, 4))
    functional = keras.Model(inputs, machine.output_layer(layer(inputs)))
    np.testing.assert_allclose(functional(batch.inputs), expected, atol=FLOAT32)


def test_compiled_by_xla_and_as_a_graph_it_gives_the_same(machine, batch):
    expected = machine(batch.inputs)
    for jit_compile in (False, True):
        found = tf.function(machine, jit_compile=jit_compile)(batch.inputs)
        np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_trace_tells_what_happened(machine, batch):
    trace = machine.trace(batch.inputs)
    np.testing.assert_allclose(trace.logits, machine(batch.inputs), atol=FLOAT32)
    reads = theory.read(trace.memory, trace.read_weights)
    np.testing.assert_allclose(trace.reads, reads, atol=FLOAT32)
    assert trace.write_weights.shape == (5, 8, 2, 6) == trace.read_weights.shape
    np.testing.assert_allclose(np.sum(trace.write_weights, -1), 1, atol=1e-5)
    assert trace.adds.shape == (5, 8, 2, 3) and trace.gates.shape == (5, 8, 4)


def test_one_step_changes_every_weight_of_an_lstm_controller(batch):
    machine = a_machine("lstm")
    before = machine.get_weights()
    compiled(machine, run_eagerly=True).train_on_batch(batch.inputs, batch[1:])
    changed = [
        np.any(a != b) for a, b in zip(before, machine.get_weights(), strict=True)
    ]
    assert all(changed), changed


def test_equal_weightings_and_a_constant_memory_never_become_unequal(batch):
    # Nothing tells one slot from another, so no step and no gradient can.
    machine = a_machine(weight_start="uniform")
    compiled(machine, run_eagerly=True)
    for _ in range(2):
        machine.train_on_batch(batch.inputs, batch[1:])
    trace = machine.trace(batch.inputs)
    np.testing.assert_allclose(trace.read_weights, 1 / 6, atol=1e-5)
    np.testing.assert_allclose(np.std(trace.memory, axis=2), 0, atol=1e-5)


@pytest.mark.parametrize(
    ("memory_start", "weight_start"), [("random", "first"), ("learned", "learned")]
)
def test_other_starts_train(memory_start, weight_start, batch):
    machine = a_machine(
        memory_start=memory_start,
        weight_start=weight_start,
        learned_read=False,
        positive="exp",
        sharpening="power",
        limit=None,
    )
    compiled(machine, run_eagerly=True)
    losses = [machine.train_on_batch(batch.inputs, batch[1:])[0] for _ in range(2)]
    assert np.isfinite(losses).all()


def test_a_saved_machine_with_an_lstm_controller_answers_the_same(batch, tmp_path):
    network = a_machine("lstm")
    network.save(tmp_path / "network.keras")
    copy = keras.saving.load_model(tmp_path / "network.keras")
    np.testing.assert_array_equal(network(batch.inputs), copy(batch.inputs))


def test_the_baseline_is_keras_lstm_where_they_overlap(batch):
    network = model.LSTMBaseline(5, 1, 2)
    network.build((None, None, 4))
    layer = keras.layers.LSTM(5, return_sequences=True)
    layer.build((None, None, 4))
    parts = network.weights_of_layers[0]
    layer.set_weights([parts[name].numpy() for name in ("kernel", "recurrent", "bias")])
    expected = network.output_layer(layer(batch.inputs))
    np.testing.assert_allclose(network(batch.inputs), expected, atol=FLOAT32)


def test_the_baselines_layers_all_see_the_input_and_all_feed_the_output(batch):
    network = model.LSTMBaseline(3, 2, 2)
    network.build((None, None, 4))
    second = network.weights_of_layers[1]["kernel"]
    assert second.shape == (4 + 3, 12)
    assert network.output_layer.kernel.shape == (6, 2)


def test_the_loss_is_the_mean_over_sequences_and_the_metric_counts_bits(batch):
    machine = compiled(a_machine())
    logits = np.asarray(machine(batch.inputs))
    found = machine.test_on_batch(batch.inputs, batch[1:], return_dict=True)
    loss = np.mean(theory.answer_loss(batch.targets, logits, batch.mask))
    bits = np.mean(theory.bits_per_sequence(batch.targets, logits, batch.mask))
    assert found["loss"] == pytest.approx(loss, rel=1e-5)
    assert found["bits_per_sequence"] == pytest.approx(bits, rel=1e-5)


def test_sample_weights_weigh_whole_sequences(batch):
    machine = compiled(a_machine(), run_eagerly=True)
    weights = np.array([0, 2, 1, 0, 3], "float32")
    found = machine.test_on_batch(batch.inputs, batch[1:], weights, return_dict=True)
    logits = np.asarray(machine(batch.inputs))
    losses = np.asarray(theory.answer_loss(batch.targets, logits, batch.mask))
    assert found["loss"] == pytest.approx(np.mean(weights * losses), rel=1e-5)
    bits = theory.bits_per_sequence(batch.targets, logits, batch.mask)
    mean = np.average(np.asarray(bits), weights=weights)
    assert found["bits_per_sequence"] == pytest.approx(mean, rel=1e-5)


def test_the_loss_without_a_mask_is_refused(batch):
    machine = compiled(a_machine(), run_eagerly=True)
    with pytest.raises(UserError, match="needs the mask"):
        machine.train_on_batch(batch.inputs, batch.targets)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"controller": "gru"}, "unknown controller 'gru'"),
        ({"memory_start": "zeros"}, "unknown memory_start"),
        ({"weight_start": "last"}, "unknown weight_start"),
        ({"positive": "relu"}, "unknown positive"),
        ({"reach": 3}, "reach=3 shifts over 7 slots"),
    ],
)
def test_impossible_cells_are_refused(options, message):
    with pytest.raises(UserError, match=message):
        a_cell(**options)


def test_more_heads_have_the_paper_order_of_sizes():
    cell = a_cell(num_read=3, num_write=1)
    assert cell.state_size == [9, (4, 6), (6, 3)]
    assert cell.output_size == 5 + 9


def test_the_optimizers_are_those_of_the_presets():
    graves = experiment.make_optimizer(config.PRESETS["paper"])
    assert (graves.momentum, graves.clipvalue, graves.centered) == (0.9, 10.0, True)
    collier = experiment.make_optimizer(config.PRESETS["paper_collier"])
    assert collier.global_clipnorm == 50.0
    settings = config.PRESETS["paper_collier"]
    updates = settings.epochs * settings.updates_per_epoch
    assert (updates, updates * settings.batch_size) == (31_250, 1_000_000)
