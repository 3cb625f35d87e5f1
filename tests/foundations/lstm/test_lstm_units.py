"""What single cells follow, read by NumPy, beside untrained ones."""

import keras
import numpy as np
import pytest

from lessons.foundations.lstm import data, model, units

IDS = np.random.default_rng(1).integers(0, 11, (3, 8)).astype("int32")


def small(**options):
    keras.utils.set_random_seed(0)
    settings = {"size": 11, "units": (6, 5), "embedding_dim": 4} | options
    return model.CharModel(**settings)


def test_the_numpy_reader_agrees_with_keras():
    network = small(cell={"peephole": "full", "two_biases": True})
    activations, logits = units.read(network, IDS)
    np.testing.assert_allclose(logits, network(IDS), atol=1e-5)
    assert activations.shape == (3, 8, 5) and np.abs(activations).max() <= 1


def test_cells_are_judged_beside_untrained_ones():
    text = 'a (bracket) and "a quotation" in some line\n' * 400
    corpus = data.Corpus(
        vocabulary := data.Vocabulary(text), None, vocabulary.encode(text)
    )
    keras.utils.set_random_seed(0)
    network = model.CharModel(len(vocabulary), (6,), 4)
    found = units.followed(network, corpus)
    assert set(found) == {
        f"{prefix}cell_{short}"
        for prefix in ("", "untrained_")
        for short in units.SHORT.values()
    }
    assert all(0 <= value <= 1 for value in found.values())
    assert found["cell_word"] != found["untrained_cell_word"]
    short = data.Corpus(vocabulary, None, corpus.valid[:5000])
    assert units.followed(network, short) == {}


def test_properties_of_a_text():
    text = 'ab "c d"\n  (Xy)'
    table = units.properties(text)
    places = [1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 6]
    column = np.expm1(table["position in the line (logarithm)"])
    np.testing.assert_allclose(column, places)
    np.testing.assert_array_equal(
        table["inside double quotes"], [0] * 3 + [1] * 4 + [0] * 8
    )
    np.testing.assert_array_equal(table["inside brackets"], [0] * 11 + [1] * 3 + [0])
    np.testing.assert_array_equal(
        table["indentation of the line"], [0] * 9 + [1, 2, 2, 2, 2, 2]
    )
    assert table["position in the word"][:5].tolist() == [1, 2, 0, 0, 1]
    assert table["inside a capitalised word"].tolist() == [0] * 12 + [1, 1, 0]


def test_a_cell_that_counts_is_found_and_its_passage_too():
    texts = ["one (two) three\nfour\n" * 10] * 4
    rng = np.random.default_rng(0)
    activations = rng.normal(size=(4, len(texts[0]), 6))
    activations[:, :, 2] = [-units.properties(t)["inside brackets"] for t in texts]
    found = {f.name: f for f in units.find(activations, texts, skip=0)}
    best = found["inside brackets"]
    assert best.unit == 2 and best.checked == pytest.approx(-1)
    row, part = units.liveliest(texts, "inside brackets", length=30)
    assert texts[row][part.start - 1] == "\n" and part.stop - part.start == 30
