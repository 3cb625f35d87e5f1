"""The two languages, their corpora and sentences, and files of a user's own."""

import numpy as np
import pytest

from lessons.language.word_translation import (
    config,
    data,
    evaluation,
    sentences,
    vectors,
)
from lessons.toolkit.errors import UserError

SMOKE, LAPTOP = config.PRESETS["smoke"], config.PRESETS["laptop"]


@pytest.fixture(scope="module")
def languages():
    return data.load(LAPTOP)


def test_the_languages_are_two_orders_of_the_same_concepts(languages):
    assert languages.source.shape == languages.target.shape == (600, 10)
    assert languages.source.dtype == np.float32
    assert np.mean(languages.source**2) == pytest.approx(1, rel=1e-3)
    columns = [min(languages.gold[i]) for i in range(600)]
    assert sorted(columns) == list(range(600))
    assert np.mean(np.arange(600) == columns) < 0.2
    assert np.all(np.diff(languages.frequency) <= 0)
    assert len(set(languages.source_words)) == len(set(languages.target_words)) == 600
    # No leak: without a mapping nothing is translated, with the right one all is.
    as_it_is = evaluation.accuracy(np.eye(10), languages, LAPTOP)
    assert (
        as_it_is
        < 5
        < 90
        < evaluation.accuracy(evaluation.ceiling(languages), languages, LAPTOP)
    )
    again = data.load(LAPTOP)
    np.testing.assert_array_equal(again.target, languages.target)


def test_settings_change_how_far_the_spaces_match(languages):
    best = evaluation.accuracy(evaluation.ceiling(languages), languages, LAPTOP)
    for change in (
        {"perturbation": 0.3},
        {"num_pairs": 200_000},
        {"shared_frequency": False},
        {"unrelated": True},
    ):
        settings = LAPTOP.replace(**change)
        other = data.load(settings)
        found = evaluation.accuracy(evaluation.ceiling(other), other, settings)
        assert found < best - 10, change
    assert found < 5


def test_embeddings_are_the_best_factor_of_log_ratios():
    counts = np.random.default_rng(0).poisson(30, size=(20, 20)).astype(float)
    rows, columns = counts.sum(1), counts.sum(0)
    ratios = np.log((counts + 1) * counts.sum() / np.outer(rows, columns))
    values, left = np.linalg.eigh(ratios @ ratios.T)
    expected = left[:, ::-1][:, :3] * values[::-1][:3] ** 0.25
    found = data.embed(counts, 3)
    gram, other = found @ found.T, expected @ expected.T
    np.testing.assert_allclose(
        gram / np.trace(gram), other / np.trace(other), atol=1e-9
    )


def test_sentences_are_bags_whose_translation_lost_words(languages):
    drawn = sentences.draw(languages, 50, np.random.default_rng(0))
    for one, other in zip(drawn.source, drawn.target, strict=True):
        meant = {min(languages.gold[int(w)]) for w in one}
        assert 2 <= len(other) < len(one) and set(other.tolist()) <= meant
    rare = sentences.inverse_document_frequency([np.array([0, 1]), np.array([0, 0])], 3)
    np.testing.assert_allclose(rare, [0, np.log(2), np.log(2)])
    words = np.eye(3)
    found = sentences.embedded([np.array([0, 1])], words, np.array([1.0, 3.0, 9.0]))
    np.testing.assert_allclose(found, [[0.25, 0.75, 0]])
    text = sentences.word_for_word([0, 1], evaluation.ceiling(languages), languages)
    assert len(text.split()) == 2


VEC = (
    b"5 3\nThe 1 2 3\nof 0.5 -1 2e-1\nnew york 1 1 1\nthe 9 9 9\ncut 1 2\n"
    b"bad 1 x 3\nnull 0 0 0\nnan nan 1 1\n\xff\xfe 1 2 3\n  1 2 3\nlast 4 5 6\n"
)


def test_vec_files_survive_malformed_lines(tmp_path):
    path = tmp_path / "a.vec"
    path.write_bytes(VEC)
    found = vectors.read(path)
    assert found.words == ("the", "of", "new york", "last")
    np.testing.assert_allclose(found.vectors[1], [0.5, -1, 0.2], rtol=1e-6)
    assert found.vectors.dtype == np.float32 and found.vectors.shape == (4, 3)
    assert found.skipped == {
        "a word again": 1,
        "too few numbers": 2,
        "not a number": 1,
        "all zeros": 1,
        "not finite": 1,
        "not UTF-8": 1,
    }
    assert vectors.read(path, limit=2).words == ("the", "of")
    assert vectors.read(path, lower=False).words[:1] == ("The",)
    path.write_bytes(b"one 1 2\ntwo 3 4\n")  # no header
    assert vectors.read(path).words == ("one", "two")
    path.write_bytes(b"100000000 300\nnothing\n")  # a header that lies
    with pytest.raises(UserError, match="no line of 'a.vec' is a word"):
        vectors.read(path)
    with pytest.raises(UserError, match="no file 'none'"):
        vectors.read(tmp_path / "none")
    with pytest.raises(UserError, match="limit"):
        vectors.read(path, limit=0)


def test_a_user_s_own_languages_are_played_with(tmp_path):
    rng = np.random.default_rng(0)
    table = rng.normal(size=(40, 3))
    for name in ("a", "b"):
        lines = [f"{name}{i} " + " ".join(map(str, row)) for i, row in enumerate(table)]
        (tmp_path / f"{name}.vec").write_text("\n".join(lines))
    (tmp_path / "dict").write_text(
        "a0 b0\na0 b1\na1\tb1\nnone b2\nA2 B2\nthree words x\n"
    )
    settings = SMOKE.replace(
        source="vec",
        source_path=str(tmp_path / "a.vec"),
        target_path=str(tmp_path / "b.vec"),
        dictionary_path=str(tmp_path / "dict"),
    )
    found = data.load(settings)
    assert found.gold == {0: {0, 1}, 1: {1}, 2: {2}} and found.meaning is None
    scores = evaluation.evaluate(np.eye(3), found, settings)
    assert scores["p1_csls"] == 100 and "similarity" not in scores
    with pytest.raises(UserError, match="needs source_path"):
        data.load(settings.replace(source_path=None))
    (tmp_path / "dict").write_text("x y\n")
    with pytest.raises(UserError, match="no line of 'dict' is a pair"):
        data.load(settings)
    (tmp_path / "b.vec").write_text("b0 1 2\n")
    with pytest.raises(UserError, match="same length"):
        data.load(settings)
