"""Readers, recurrent layers and the translator against independent routes."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.language.noisy_translation import (
    coding,
    config,
    experiment,
    noise,
    paper,
    theory,
    theory_routes,
)
from lessons.language.noisy_translation import layers as readers
from lessons.language.noisy_translation.model import Translator
from lessons.language.noisy_translation.recurrent import Recurrent
from lessons.language.noisy_translation.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError

FLOAT32 = 1e-5
LETTERS = coding.Symbols("abcdefghijklmnopqrstuvwxyzäöüß")


def ids(words, size=12):
    found = np.zeros((1, len(words), size), np.int32)
    for place, word in zip(found[0], words, strict=True):
        place[: len(word)] = LETTERS.encode(word, size)
    return found


def sized(read, written):
    """A coding with so many symbols, for counting parameters."""
    symbols = [coding.Symbols(range(n - coding.FIRST)) for n in (read, written)]
    return coding.Coding(symbols[0], symbols[0], None, symbols[1], symbols[0], {})


@pytest.fixture(scope="module")
def charcnn():
    keras.utils.set_random_seed(0)
    return readers.CharCNN(len(LETTERS), 5, 7, width=3, highways=1)


def test_the_convolution_equals_loops():
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(3, 4, 8, 5)).astype("float32")
    kernel, bias = rng.normal(size=(3, 5, 6)), rng.normal(size=6)
    found = theory.char_convolution(
        vectors, kernel.astype("float32"), bias.astype("float32")
    )
    expected = [
        [theory_routes.char_convolution_loops(word, kernel, bias) for word in row]
        for row in vectors
    ]
    np.testing.assert_allclose(found, expected, atol=FLOAT32)


def test_words_shorter_than_a_filter_are_seen(charcnn):
    one, other = np.asarray(charcnn(ids(["a", "b"])))[0]
    assert np.abs(one - other).max() > 1e-3


@pytest.mark.parametrize("size", (10, 12, 20))
def test_padding_behind_a_word_changes_nothing(charcnn, size):
    words = ["kommen", "ab", "straße"]
    np.testing.assert_allclose(
        charcnn(ids(words, size)), charcnn(ids(words, 9)), atol=1e-6
    )


def test_mean_char_forgets_the_order_to_the_last_bit(charcnn):
    keras.utils.set_random_seed(1)
    mean = readers.MeanChar(len(LETTERS), 7, 7)
    rng, words = np.random.default_rng(2), ["regal", "bananen", "schwester", "es"]
    for kind in noise.SCRAMBLING:
        moved = [noise.noisy_word(w, kind, rng, None) for w in words]
        same = np.asarray(mean(ids(words))), np.asarray(mean(ids(moved)))
        np.testing.assert_array_equal(*same)
        other = np.asarray(charcnn(ids(words))) - np.asarray(charcnn(ids(moved)))
        assert np.abs(other).max() > 1e-3
    np.testing.assert_array_equal(mean(ids(["lager"])), mean(ids(["regal"])))


def test_a_mean_of_letters_is_saved_whole():
    keras.utils.set_random_seed(1)
    mean = readers.MeanChar(len(LETTERS), 7, 7, highways=1)
    model = Translator(mean, 11, encoder_units=3, units=4, target_dim=2)
    model.build()
    copy = Translator.from_config(model.get_config())
    copy.build()
    copy.set_weights(model.get_weights())
    inputs = ids(["regal", "es"]), np.array([[2, 4]], np.int32)
    np.testing.assert_array_equal(copy(inputs), model(inputs))


def test_a_mean_leaves_padding_out_and_is_zero_without_letters():
    vectors = np.random.default_rng(3).normal(size=(2, 4, 3)).astype("float32")
    present = np.array([[1, 1, 0, 0], [0, 0, 0, 0]], "float32")
    found = np.asarray(theory.mean_char(vectors, present))
    np.testing.assert_allclose(found[0], vectors[0, :2].mean(0), atol=1e-6)
    np.testing.assert_array_equal(found[1], np.zeros(3))


def test_a_highway_starts_near_the_identity():
    x = np.random.default_rng(4).normal(size=(50, 30)).astype("float32")
    layer = readers.Highway()
    layer.build((None, 30))
    layer.gate_kernel.assign(np.zeros((30, 30)))
    layer.transform_kernel.assign(np.zeros((30, 30)))
    carried = np.asarray(layer(x)) / x
    np.testing.assert_allclose(carried, 1 - 1 / (1 + np.exp(2)), rtol=1e-4)  # 0.8808


def test_segments_do_not_see_the_padding():
    layer = readers.CharSegments(20, 4, (3, 3, 3), stride=5)
    text = np.random.default_rng(5).integers(3, 20, (2, 12)).astype("int32")
    long = np.pad(text, ((0, 0), (0, 13)))
    found = np.asarray(layer(long))
    np.testing.assert_allclose(found[:, :2], np.asarray(layer(text))[:, :2], atol=1e-6)
    np.testing.assert_array_equal(layer.mask(long), [[1, 1, 1, 0, 0]] * 2)


@pytest.mark.parametrize("kind", ("gru", "lstm"))
def test_recurrent_layers_equal_those_of_keras(kind):
    keras.utils.set_random_seed(6)
    own = Recurrent(kind, 4, 2)
    vectors = np.random.default_rng(6).normal(size=(3, 7, 5)).astype("float32")
    mask = np.array([[1] * 7, [1] * 4 + [0] * 3, [1] * 1 + [0] * 6])
    outputs, state = own(vectors, mask)
    for d in range(2):
        layer = {"gru": keras.layers.GRU, "lstm": keras.layers.LSTM}[kind](
            4, return_sequences=True, go_backwards=d == 1
        )
        layer.build((None, 7, 5))
        bias = own.bias[d, 0]
        if kind == "gru":  # Keras adds a second bias to the recurrent part
            bias = np.stack([bias, np.zeros_like(bias)])
        layer.set_weights([own.kernel[d], own.recurrent[d], bias])
        told = np.asarray(layer(vectors, mask=mask.astype(bool)))
        if d:
            told = told[:, ::-1]
        here = mask[..., None] * np.asarray(outputs)[..., 4 * d : 4 * d + 4]
        np.testing.assert_allclose(here, mask[..., None] * told, atol=FLOAT32)
    last = np.asarray(outputs)[[0, 1, 2], [6, 3, 0], :4]
    np.testing.assert_allclose(np.asarray(state[0])[:, :4], last, atol=FLOAT32)


def test_attention_weighs_what_is_there_by_softmax():
    rng = np.random.default_rng(7)
    queries, keys = rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 5, 4))
    values, mask = rng.normal(size=(2, 5, 6)), np.ones((2, 5))
    mask[1, 3:] = 0
    contexts, weights = theory.attention(
        *(x.astype("float32") for x in (queries, keys, values, mask))
    )
    for b in range(2):
        n = int(mask[b].sum())
        scores = np.exp(queries[b] @ keys[b, :n].T)
        expected = scores / scores.sum(1, keepdims=True)
        np.testing.assert_allclose(np.asarray(weights)[b, :, :n], expected, atol=1e-5)
        np.testing.assert_allclose(
            np.asarray(contexts)[b], expected @ values[b, :n], atol=1e-5
        )


def test_the_loss_is_the_cross_entropy_of_the_words_asked_for():
    rng = np.random.default_rng(8)
    logits = rng.normal(size=(2, 4, 6)).astype("float32")
    targets = np.array([[3, 5, 2, 0], [4, 2, 0, 0]])
    p = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    expected = [
        -sum(np.log(p[b, t, y]) for t, y in enumerate(row) if y)
        for b, row in enumerate(targets)
    ]
    np.testing.assert_allclose(
        theory.sentence_loss(logits, targets), expected, rtol=1e-5
    )


def translator(**changes):
    keras.utils.set_random_seed(9)
    reader = readers.CharCNN(len(LETTERS), 4, 6)
    options = {"encoder_units": 5, "units": 8, "target_dim": 4}
    model = Translator(reader, 11, **options | changes)
    model.build()
    return model


KINDS = (
    {},
    {"feeding": True},
    {"kind": "lstm", "directions": 1, "encoder_units": 8, "num_layers": 2},
    {"kind": "lstm", "feeding": True, "num_layers": 2, "show_words": False},
)


@pytest.mark.parametrize("changes", KINDS)
def test_translating_is_the_best_word_given_those_before(changes):
    model = translator(**changes)
    source = ids(["kommen", "das", "lampe"])
    found = np.asarray(model.translate(source, 6))
    logits = np.asarray(model((source, coding.before(found))))
    np.testing.assert_array_equal(logits.argmax(-1), found)


@pytest.mark.parametrize("changes", KINDS[:2])
def test_empty_places_of_a_sentence_change_nothing(changes):
    model = translator(**changes)
    source = ids(["kommen", "das", "lampe"])
    padded = np.pad(source, ((0, 0), (0, 4), (0, 3)))
    before = np.array([[2, 5, 7]], np.int32)
    np.testing.assert_allclose(
        model((padded, before)), model((source, before)), atol=FLOAT32
    )


def test_a_later_word_does_not_change_an_earlier_logit():
    model = translator(feeding=True)
    source = ids(["kommen", "das"])
    first, second = (
        np.asarray(model((source, np.array([[2, 4, last]], np.int32))))
        for last in (5, 6)
    )
    np.testing.assert_allclose(first[:, :2], second[:, :2], atol=1e-6)
    assert np.abs(first[:, 2] - second[:, 2]).max() > 1e-4


def test_a_mask_in_half_precision_gives_numbers():
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = translator()
        source = ids(["kommen", "das"])
        source[0, 1] = 0
        assert np.isfinite(model((source, np.array([[2, 4]], np.int32)))).all()
    finally:
        keras.config.set_dtype_policy(policy)


def test_parameters_of_the_papers_translator():
    settings = config.PRESETS["paper"].replace(first_weights=0.0)
    model = experiment.build_model(settings, VARIANTS["char"], sized(500, 50_000))
    count = runtime.num_parameters
    reader = model.reader
    found = {
        "letters": int(np.prod(reader.table.shape)),
        "convolution": int(np.prod(reader.kernel.shape) + reader.bias.shape[0]),
        "highways": sum(map(count, reader.highways)),
        "encoder": sum(map(count, model.encoders)),
        "targets": count(model.embed),
        "decoder": sum(map(count, model.cells)),
        "attention": count(model.to_keys) + count(model.mix),
        "generator": count(model.to_logits),
    }
    assert found == paper.PARAMETERS
    assert count(model) == paper.TOTAL == 64_975_500


def test_parameters_of_char2chars_encoder():
    settings = config.PRESETS["paper_gru"]
    reader = experiment.build_reader(settings, VARIANTS["char2char"], 300)
    reader.build((None, None))
    encoder = Recurrent("gru", 512, 2)
    encoder.build((None, None, reader.size))
    count = runtime.num_parameters
    assert sum(map(count, reader.convolutions)) == paper.CHAR2CHAR["convolutions"]
    assert sum(map(count, reader.highways)) == paper.CHAR2CHAR["highways"]
    assert count(encoder) == paper.CHAR2CHAR["encoder"]
    keras_own = keras.layers.Bidirectional(keras.layers.GRU(512))
    keras_own.build((None, None, reader.size))
    assert count(keras_own) == 8_030_208  # with a second bias


def test_filters_that_are_flat_or_independent():
    rng = np.random.default_rng(10)
    kernel = rng.uniform(-0.1, 0.1, (6, 25, 1000))
    variances = np.asarray(theory.filter_variances(kernel))
    assert variances.shape == (25,)
    assert variances.mean() == pytest.approx(5 / 6 * 0.01 / 3, rel=0.01)
    for scale in (1, 7):
        flat = float(theory.flatness(scale * kernel))
        assert flat == pytest.approx(5 / 6, abs=0.005)
    constant = np.broadcast_to(kernel[:1], kernel.shape)
    assert float(theory.flatness(constant)) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    "make, words",
    (
        (lambda: readers.CharCNN(9, 4, 6, width=0), "width"),
        (lambda: readers.CharCNN(0, 4, 6), "num_letters"),
        (lambda: readers.CharSegments(9, 4, ()), "filters"),
        (lambda: Recurrent("rnn", 4), "gru"),
        (lambda: readers.MeanChar(9, 4, 6)(ids(["a"])), "dim=4"),
    ),
)
def test_what_cannot_be_built_is_refused(make, words):
    with pytest.raises(UserError, match=words):
        make()


def test_translation_is_one_compiled_loop():
    model = translator()
    source = ids(["kommen"])
    model.translate(source, 3)
    assert isinstance(model._loops[3], type(tf.function(lambda: 0)))
    assert model._loops[3].experimental_get_tracing_count() == 1
    model.translate(source, 3)
    assert model._loops[3].experimental_get_tracing_count() == 1
