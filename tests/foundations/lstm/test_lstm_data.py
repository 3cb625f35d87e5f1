"""Text, streams, baselines that count, and tasks with a lag."""

import collections
import math
import re

import numpy as np
import pytest

from lessons.foundations.lstm import config, data, ngrams, tasks
from lessons.toolkit.errors import UserError

SMOKE = config.PRESETS["smoke"]


def test_cleaning_keeps_lines_and_indentation_and_drops_rulers():
    text = data.clean(
        "Title\n*****\n\n\n\n   “code”  here\u2026  \n+---+---+\nend------\tx"
    )
    assert text == 'Title\n\n   "code" here\n\nend--- x'


def test_the_documentation_is_text_of_printable_characters():
    text = data.load_text()
    assert len(text) > 200_000
    assert set(text) <= set(map(chr, range(32, 127))) | {"\n"}
    assert "   def " in text and not re.search(r"(?m)^[*=~^+-]+$", text)


def test_a_users_own_text_is_read_and_a_missing_one_refused(tmp_path):
    path = tmp_path / "own.txt"
    path.write_text("Never odd or even.\n" * 100, encoding="utf-8")
    assert data.load_text(str(path)).startswith("Never odd")
    corpus = data.load(SMOKE.replace(source=str(path)))
    assert len(corpus.train) + len(corpus.valid) == 1900
    with pytest.raises(UserError, match="Allowed: 'pydoc' or the path"):
        data.load_text(str(tmp_path / "none.txt"))
    path.write_text("short", encoding="utf-8")
    with pytest.raises(UserError, match="at least 1000"):
        data.load_text(str(path))


def test_a_text_too_short_for_one_step_is_refused():
    with pytest.raises(UserError, match="need at least"):
        data.load(SMOKE.replace(num_characters=1000, window=500))


def test_a_vocabulary_is_undone_by_decoding_and_knows_its_limits():
    vocabulary = data.Vocabulary("banana split")
    assert vocabulary.characters == " abilnpst"
    assert vocabulary.decode(vocabulary.encode("nab a split")) == "nab a split"
    with pytest.raises(UserError, match=r"unknown to the model: \['x'\]"):
        vocabulary.encode("xi")


def test_row_r_of_each_batch_continues_row_r_of_the_last():
    ids = np.arange(103)
    inputs, targets = data.streams(ids, num_streams=4, window=5)
    np.testing.assert_array_equal(targets, inputs + 1)
    batches = inputs.reshape(-1, 4, 5)
    assert len(batches) == 102 // 20
    for row in range(4):
        stream = batches[:, row].ravel()
        np.testing.assert_array_equal(stream, np.arange(stream[0], stream[0] + 25))
    assert len(np.unique(inputs)) == inputs.size


def test_bits_of_counting_agree_with_counting():
    rng = np.random.default_rng(0)
    train, test = rng.integers(0, 5, 400), rng.integers(0, 5, 90)
    for order in (1, 2, 3):
        grams = [tuple(train[i : i + order]) for i in range(400 - order + 1)]
        count = collections.Counter(grams)
        context = collections.Counter(gram[:-1] for gram in grams)
        bits = []
        for i in range(90 - order + 1):
            gram = tuple(test[i : i + order])
            p = (count[gram] + 0.5) / (context[gram[:-1]] + 0.5 * 5)
            bits.append(-math.log2(p))
        found = ngrams.bits_per_character(train, test, order, 5, alpha=0.5)
        assert found == pytest.approx(np.mean(bits), rel=1e-12)


def test_baselines_of_the_documentation_are_in_order():
    corpus = data.load(config.PRESETS["laptop"])
    table = ngrams.baselines(corpus.train, corpus.valid, len(corpus.vocabulary))
    values = list(table.values())
    assert list(table) == ["uniform", "unigram", "bigram", "trigram"]
    assert values == sorted(values, reverse=True) and values[-1] > 2


def test_fractions_of_different_trigrams():
    texts = np.array([[0, 1] * 10, list(range(20))])
    np.testing.assert_allclose(ngrams.unique_fraction(texts), [2 / 18, 1])


def test_the_latch_asks_for_the_marked_symbol():
    inputs, targets = tasks.latch(500, 30, seed=1)
    assert inputs.shape == (500, 31, 5) and inputs.dtype == np.float32
    np.testing.assert_array_equal(inputs[:, 0, :4].argmax(axis=1), targets)
    assert np.all(inputs[:, 0, 4] == 1) and np.all(inputs[:, 1:, 4] == 0)
    assert np.all(inputs[..., :4].sum(axis=2) == 1)
    assert np.all(np.bincount(targets) > 80)


def test_the_adding_problem_is_that_of_1997():
    inputs, targets = tasks.adding(20_000, 40, seed=2)
    numbers, marks = inputs[..., 0], inputs[..., 1]
    assert np.all(marks[:, [0, -1]] == -1) or np.all((marks == 1).sum(axis=1) == 2)
    marked = marks == 1
    assert np.all(marked.sum(axis=1) == 2)
    total = np.where(marked, numbers, 0).sum(axis=1)
    np.testing.assert_allclose(targets[:, 0], 0.5 + total / 4, atol=1e-6)
    assert np.all(marked[:, :10].any(axis=1)) and not marked[:, 20:].any()
    # Var(a_i + a_j)/16 = (2/3)/16 = 1/24; four standard errors of 20,000 draws.
    assert np.mean((targets - 0.5) ** 2) == pytest.approx(1 / 24, abs=1.5e-3)


@pytest.mark.parametrize("embedded", [False, True])
def test_reber_strings_are_accepted_by_the_grammar(embedded):
    # The grammar as a regular expression, an independent way to write it.
    loop = r"T*V(PXT*V)*"  # state 3 to state 5, round trips over state 4 included
    inner = rf"B(TS*X(S|X{loop}(V|PS))|P{loop}(V|PS))E"
    rng = np.random.default_rng(0)
    for _ in range(300):
        text = tasks.reber_string(rng, embedded)
        if embedded:
            assert text[0] == "B" and text[-1] == "E" and text[1] == text[-2] in "TP"
            text = text[2:-2]
        assert re.fullmatch(inner, text), text


def test_reber_sequences_ask_for_the_second_symbol():
    inputs, targets = tasks.reber(50, 20, seed=3)
    for row, target in zip(inputs, targets, strict=True):
        codes = row.argmax(axis=1)[row.any(axis=1)]
        text = "".join(tasks.REBER_SYMBOLS[code] for code in codes)
        assert text[0] == "B" and text[1] == "TP"[target]


def test_lags_too_short_are_refused():
    with pytest.raises(UserError, match="at least 12"):
        tasks.draw("latch", 3, 5, 0)
