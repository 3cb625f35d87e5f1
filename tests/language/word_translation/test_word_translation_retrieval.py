"""CSLS, hubs, dictionaries and precision; large vocabularies without a matrix."""

import tracemalloc

import numpy as np
import pytest

from lessons.language.word_translation import (
    hubs,
    neighbours,
    refinement,
    retrieval,
    theory_routes,
)
from lessons.toolkit.errors import UserError

RNG = np.random.default_rng(1)


@pytest.mark.parametrize("shape, k", [((5, 8), 1), ((8, 5), 3), ((4, 4), 9)])
def test_csls_is_its_definition(shape, k):
    scores = RNG.uniform(-1, 1, size=shape)
    found = retrieval.csls(scores, k)
    np.testing.assert_allclose(
        found, theory_routes.csls_by_loops(scores, k), atol=1e-12
    )
    np.testing.assert_allclose(retrieval.csls(scores.T, k), found.T, atol=1e-12)
    np.testing.assert_allclose(retrieval.csls(scores + 0.7, k), found, atol=1e-12)
    np.testing.assert_allclose(retrieval.csls(3 * scores, k), 3 * found, atol=1e-12)


def test_with_one_neighbour_zero_is_for_mutual_neighbours():
    scores = RNG.uniform(-1, 1, size=(30, 20))
    found = retrieval.csls(scores, 1)
    assert found.max() <= 1e-12
    pairs = retrieval.mutual_dictionary(scores)
    zero = np.argwhere(np.abs(found) < 1e-12)
    assert pairs.tolist() == zero.tolist() and 0 < len(pairs) < 20


def test_a_planted_hub_is_demoted_and_means_are_not_exchanged():
    scores = np.array([[0.95, 0.10], [0.88, 0.85]])
    assert np.argmax(scores, axis=1).tolist() == [0, 0]
    found = retrieval.csls(scores, 1)
    np.testing.assert_allclose(found, [[0, -1.6], [-0.07, -0.03]], atol=1e-12)


def test_zero_vectors_and_ties_are_harmless():
    words = np.array([[3.0, 4.0], [0.0, 0.0]])
    np.testing.assert_allclose(retrieval.unit(words), [[0.6, 0.8], [0, 0]])
    assert np.all(np.isfinite(retrieval.csls(retrieval.cosines(words, words))))
    assert retrieval.ranked(np.array([[1.0, 2.0, 2.0]]), 2).tolist() == [[1, 2]]


def test_inverted_softmax_by_hand():
    scores = RNG.uniform(-1, 1, size=(4, 6))
    found = retrieval.inverted_softmax(scores, 5.0)
    np.testing.assert_allclose(found.sum(axis=0), 1)
    expected = np.exp(5 * scores[2, 3]) / np.sum(np.exp(5 * scores[:, 3]))
    assert found[2, 3] == pytest.approx(expected)


def test_precision_counts_words_and_not_pairs():
    scores = np.array([[3.0, 2.0, 1.0], [1.0, 2.0, 3.0]])
    assert retrieval.precision_at_k(scores, {0: {0, 1}}) == 100
    assert retrieval.precision_at_k(scores, {0: {0}, 1: {1}}) == 50
    assert retrieval.precision_at_k(scores, {0: {0}, 1: {1}}, 2) == 100
    assert retrieval.precision_at_k(scores, {0: set(), 1: {2}}) == 100
    for gold in ({}, {0: set()}, {5: {0}}, {0: {7}}):
        with pytest.raises(UserError, match="gold needs"):
            retrieval.precision_at_k(scores, gold)


def test_hubs_come_from_the_common_mean():
    skews = {
        name: np.mean([
            hubs.judged(500, np.random.default_rng(seed), **hubs.CASES[name])["skew_nn"]
            for seed in range(2)
        ])
        for name in ("mean", "no_mean", "centred")
    }  # fmt: skip
    assert skews["mean"] > 1.2 > 0.6 > max(skews["no_mean"], skews["centred"])


def test_assignment_wins_only_where_words_are_one_to_one():
    one = hubs.judged(300, np.random.default_rng(0), mean=1.0, dim=20)
    assert one["p1_assignment"] > one["p1_csls"] > one["p1_nn"]
    many = hubs.judged(300, np.random.default_rng(0), synonyms=0.25)
    assert many["p1_assignment"] <= 75.0 < many["p1_csls"]


def test_occurrences_are_counted():
    scores = RNG.normal(size=(40, 25))
    counts = retrieval.occurrences(scores, 3)
    assert counts.sum() == 120 and counts.shape == (25,)
    top = [set(np.argsort(-row)[:3]) for row in scores]
    assert counts[4] == sum(4 in row for row in top)


@pytest.mark.parametrize("way", ["tree", "blocks"])
@pytest.mark.parametrize("sizes", [(30, 40, 3), (25, 7, 6), (1, 9, 2)])
def test_large_ways_find_what_the_matrix_says(way, sizes):
    n, m, d = sizes
    queries, words = RNG.normal(size=(n, d)), RNG.normal(size=(m, d))
    scores = retrieval.cosines(queries, words)
    k = min(5, m)
    values, places = neighbours.largest(queries, words, 5, way, block=8)
    np.testing.assert_allclose(values, -np.sort(-scores, axis=1)[:, :k], atol=1e-9)
    np.testing.assert_allclose(np.take_along_axis(scores, places, 1), values, atol=1e-9)
    best = neighbours.translations(queries, words, 4, best=3, way=way, block=8)
    adjusted = retrieval.csls(scores, 4)
    np.testing.assert_allclose(
        np.take_along_axis(adjusted, best, 1),
        -np.sort(-adjusted, axis=1)[:, : min(3, m)],
        atol=1e-9,
    )


def test_lifting_turns_csls_into_nearest_neighbours():
    queries, words = (retrieval.unit(RNG.normal(size=(s, 4))) for s in (20, 30))
    penalty = RNG.uniform(-1, 1, size=30)
    points, others = neighbours.lifted(queries, words, penalty)
    squared = np.sum((points[:, None] - others[None]) ** 2, axis=-1)
    scores = 2 * queries @ words.T - penalty
    np.testing.assert_allclose(squared, 2 - penalty.min() - scores, atol=1e-12)


def test_two_hundred_thousand_words_fit_in_memory():
    words = RNG.normal(size=(200_000, 4)).astype("float32")
    queries = words[:64] + 0.01
    tracemalloc.start()
    blocks = neighbours.largest(queries, words, 3, "blocks", block=16)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 200e6  # all scores of 200,000 queries would be 320 GB
    tree = neighbours.largest(queries, words, 3, "tree")
    np.testing.assert_allclose(blocks[0], tree[0], atol=1e-7)


def test_unknown_ways_are_refused():
    words = RNG.normal(size=(5, 2))
    with pytest.raises(UserError, match="unknown way"):
        neighbours.largest(words, words, 1, "magic")
    with pytest.raises(UserError, match="at least 1"):
        neighbours.largest(words, words, 0)
    with pytest.raises(UserError, match="at least 1"):
        retrieval.csls(words, 0)


def test_refinement_keeps_what_is_right_and_ends_where_nothing_changes():
    words = RNG.gamma(0.5, size=(80, 4)) - 0.5
    turn = theory_routes.random_rotations(1, 4, RNG)[0]
    target = words @ turn.T
    found = refinement.refine(turn, words, target, 5)
    np.testing.assert_allclose(found, turn, atol=1e-9)
    assert 0.999 < refinement.criterion(turn, words, target) < 1 + 1e-9
    pairs = refinement.dictionary(turn, words, target, most=50)
    assert np.all(pairs < 50) and np.all(pairs[:, 0] == pairs[:, 1])
    dense = retrieval.mutual_dictionary(
        retrieval.csls(retrieval.cosines(words[:50] @ turn.T, target[:50]))
    )
    assert pairs.tolist() == dense.tolist()
    assert refinement.refine(turn, words, target, 0) is turn
    assert refinement.refine(turn, words[:1], target[:1], 3) is turn  # too few pairs


def test_a_mapping_of_everything_to_one_place_has_few_answers():
    words = RNG.normal(size=(60, 3))
    flat = np.outer([1.0, 0, 0], [0, 0, 1.0])
    assert refinement.distinct_answers(flat, words, words) < 0.1
    assert refinement.distinct_answers(np.eye(3), words, words) > 0.8
