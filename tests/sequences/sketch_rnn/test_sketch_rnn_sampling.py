"""The loop that draws: against the decoder, its limits, its random numbers."""

import keras
import numpy as np
import pytest

from lessons.sequences.sketch_rnn import sampling, theory, theory_routes
from lessons.sequences.sketch_rnn.layers import PenRecurrence
from lessons.sequences.sketch_rnn.model import SketchRNN
from lessons.toolkit import runtime
from lessons.toolkit.data import strokes
from lessons.toolkit.errors import UserError
from tests.sequences.sketch_rnn.small import SQUARE, rows_of, small


def test_decoding_is_teacher_forcing_with_a_shift():
    model = small()
    rows = rows_of(5, 6)
    code = np.ones((2, 3), "float32")
    first = model.decode(rows, code).numpy()
    later = rows.copy()
    later[:, 4] = (9, 9, 0, 1, 0)
    second = model.decode(later, code).numpy()
    np.testing.assert_allclose(second[:, :5], first[:, :5], atol=1e-6)
    assert not np.allclose(second[:, 5], first[:, 5])


@pytest.mark.parametrize("cell", ["lstm", "layer_norm", "hyper"])
def test_the_loop_draws_what_the_decoder_says(cell):
    options = {"hyper_units": 3, "embedding": 2} if cell == "hyper" else None
    model = small(decoder_cell=cell, cell_options=options)
    code = np.random.default_rng(0).normal(size=(4, 3)).astype("float32")
    drawn = model.generate(code=code, temperature=0.7, seed=3)
    again = model.decode(drawn.rows, code).numpy()
    alive = np.cumsum(drawn.rows[..., 4], axis=1) <= 1
    np.testing.assert_allclose(drawn.numbers[alive], again[alive], atol=1e-5)
    copy = SketchRNN.from_config(model.get_config())
    copy.build((None, 8, 5))
    copy.set_weights(model.get_weights())
    np.testing.assert_array_equal(copy.decode(drawn.rows, code).numpy(), again)
    assert np.all(drawn.rows[..., 2:].sum(axis=-1) == 1)
    ended = np.cumsum(drawn.rows[..., 4], axis=1) > 0
    np.testing.assert_array_equal(
        drawn.rows[ended], np.tile(strokes.END, (ended.sum(), 1))
    )


def test_temperature_zero_is_the_limit_of_small_temperatures():
    model = small("start")
    greedy = model.generate(2, temperature=0.0)
    cold = model.generate(2, temperature=1e-8)
    np.testing.assert_allclose(greedy.rows, cold.rows, atol=1e-3)
    hot = model.generate(2, temperature=1.0)
    assert not np.allclose(greedy.rows, hot.rows, atol=0.1)


def test_points_follow_the_law_of_their_step():
    rng = np.random.default_rng(0)
    count = 40_000
    numbers = np.tile(rng.normal(0, 0.5, (1, 15)), (count, 1)).astype("float32")
    law = theory.step_of(numbers, 2)
    uniform = rng.random((count, 2), np.float32)
    normal = rng.normal(size=(count, 2)).astype("float32")
    found = sampling.point(law, uniform, normal).numpy()
    log_pen, log_weights, means, covariances = theory_routes.laws(numbers[0], 2)
    np.testing.assert_allclose(found[:, 2:].mean(axis=0), np.exp(log_pen), atol=0.01)
    weights = np.exp(log_weights)
    mean = weights @ means
    np.testing.assert_allclose(found[:, :2].mean(axis=0), mean, atol=0.04)
    apart = means - mean
    expected = np.einsum("k,kij->ij", weights, covariances)
    expected += np.einsum("k,ki,kj->ij", weights, apart, apart)
    np.testing.assert_allclose(np.cov(found[:, :2].T), expected, rtol=0.05, atol=0.02)


def test_beginnings_are_kept_and_finished():
    model = small("none")
    drawn = model.generate(given=[SQUARE[:3]] * 8, temperature=0.5)
    for drawing in drawn.drawings():
        np.testing.assert_allclose(drawing[:3], SQUARE[:3])
    assert len(np.unique(drawn.rows[:, 3, 0])) > 2
    whole = model.generate(given=[np.tile(SQUARE, (3, 1))], temperature=0.5)
    assert whole.rows.shape == (1, 8, 5)


def test_the_same_noise_makes_the_same_drawing():
    model = small()
    noise = sampling.noise(8, 2, np.random.default_rng(0))
    code = np.zeros((2, 3))
    one, other = (model.generate(code=code, drawn=noise) for _ in range(2))
    np.testing.assert_array_equal(one.rows, other.rows)
    squared = model.generate(code=code, drawn=noise, temperature=0.5, squared=True)
    plain = model.generate(code=code, drawn=noise, temperature=0.5)
    assert not np.allclose(squared.rows, plain.rows)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16", "float64"])
def test_other_precisions_draw(policy):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        runtime.seed_everything(0)
        model = SketchRNN(8, 4, 5, 3, 2, decoder_cell="layer_norm", code="encoder")
        drawn = model.generate(2, temperature=0.5)
        assert drawn.rows.dtype == np.float32 and np.all(np.isfinite(drawn.rows))
        inner = PenRecurrence("lstm", 3)(rows_of(3), mask=rows_of(3)[..., 4] < 0.5)[0]
        assert inner.dtype == keras.config.dtype_policy().compute_dtype
        assert model.decoder.cell.recurrent_kernel.dtype == model.variable_dtype
    finally:
        keras.config.set_dtype_policy(before)


def test_impossible_drawing_is_refused():
    model = small()
    with pytest.raises(UserError, match="one number of drawings"):
        model.generate()
    with pytest.raises(UserError, match="one number of drawings"):
        model.generate(3, code=np.zeros((2, 3)))
    with pytest.raises(UserError, match="Allowed: .2, 3."):
        model.generate(code=np.zeros((2, 4)))
    with pytest.raises(UserError, match="temperature must be"):
        model.generate(1, temperature=-1)
    with pytest.raises(UserError, match="temperature must be"):
        model.generate(1, temperature=np.inf)
    with pytest.raises(UserError, match="told the class"):
        small("class", num_classes=2).generate(1)
