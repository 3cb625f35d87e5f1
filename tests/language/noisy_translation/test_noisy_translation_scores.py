"""BLEU against sacrebleu's numbers, byte pair encoding, edit distance."""

import collections

import numpy as np
import pytest
import sacrebleu

from lessons.language.noisy_translation import bpe, data, noise, spelling
from lessons.language.noisy_translation import theory_routes as routes
from lessons.language.noisy_translation.bleu import bleu, statistics
from lessons.toolkit.errors import UserError

VOCABULARY = "the cat sat on a mat".split()
# Sentences where smoothing matters: no n-gram of four, of two, of one, in common.
PAIRS = (
    ("the cat the cat", "the cat on the mat"),
    ("the cat is on the mat", "the cat sat on the mat"),
    ("the cat sat on mat", "the cat sat on the mat"),
    ("das ist sehr schön .", "das ist sehr schön."),
    ("the dog", "a cat"),
    ("a", "a"),
)


def by_sacrebleu(hypotheses, references, smooth="none"):
    """The number of the library that others report, on words that are given."""
    scorer = sacrebleu.metrics.BLEU(tokenize="none", smooth_method=smooth, force=True)
    hypotheses, references = (
        [" ".join(words) for words in sentences]
        for sentences in (hypotheses, references)
    )
    return scorer.corpus_score(hypotheses, [references]).score


def corpus(seed):
    hypotheses, references = [], []
    for s in range(4):
        length = 3 + (5 * s + seed) % 7
        reference = [VOCABULARY[(seed * i + i * i + s) % 6] for i in range(length)]
        found = [
            VOCABULARY[(seed + s + i) % 6]
            if (3 * i + s + seed) % (4 + seed % 5) == 0
            else word
            for i, word in enumerate(reference)
        ]
        cut = found[: length - (seed + s) % 3]
        hypotheses.append(cut if seed % 2 else found + reference[: seed % 4])
        references.append(reference)
    return hypotheses, references


@pytest.mark.parametrize("seed", range(12))
def test_bleu_equals_sacrebleu(seed):
    score = by_sacrebleu(*corpus(seed))
    assert 30 < score < 90
    assert bleu(*corpus(seed)) == pytest.approx(score, abs=1e-9)


@pytest.mark.parametrize("hypothesis, reference", PAIRS)
@pytest.mark.parametrize("smooth", [False, True])
def test_smoothing_equals_sacrebleu(hypothesis, reference, smooth):
    pair = [hypothesis.split()], [reference.split()]
    score = by_sacrebleu(*pair, smooth="exp" if smooth else "none")
    assert bleu(*pair, smooth=smooth) == pytest.approx(score, abs=1e-9)


def test_bleu_equals_striking_out():
    for seed in range(20, 60):
        assert bleu(*corpus(seed)) == pytest.approx(
            routes.bleu_by_striking_out(*corpus(seed)), abs=1e-9
        )


def test_a_corpus_is_no_mean_of_sentences():
    hypotheses = [list("abcde"), list("fghij")]
    references = [list("abcdx"), list("fghij")]
    both = bleu(hypotheses, references)
    alone = np.mean(
        [bleu([h], [r]) for h, r in zip(hypotheses, references, strict=True)]
    )
    assert both == pytest.approx(83.7592, abs=1e-4)
    assert alone == pytest.approx(83.4370, abs=1e-4)


def test_counts_are_clipped_and_only_short_answers_are_punished():
    matches, totals, *_ = statistics([["the"] * 5], ["the cat is on mat".split()])
    assert (matches[0], totals[0]) == (1, 5)
    long = bleu([list("abcdef")], [list("abcde")])
    assert long == pytest.approx(100 * (5 / 6 * 4 / 5 * 3 / 4 * 2 / 3) ** 0.25)
    with pytest.raises(UserError, match="2 hypotheses and 1"):
        bleu([[], []], [[]])


COUNTS = {"low": 5, "lower": 2, "newest": 6, "widest": 3}


def test_merges_of_the_textbook_example():
    merges = bpe.learn(COUNTS, 10)
    assert "est</w>" in {a + b for a, b in merges[:3]}
    assert bpe.segment("lowest", merges) == ["low", "est</w>"]
    assert len(bpe.learn(COUNTS, 1000)) < 20  # no pair is left


def test_segments_join_to_the_word_and_again_to_themselves():
    pairs = data.sentences("german", 300, 2)
    counts = collections.Counter(w for source, _ in pairs for w in source)
    merges = bpe.learn(counts, 80)
    segmenter = bpe.Segmenter(merges)
    known = set(segmenter.pieces(counts))
    rng = np.random.default_rng(0)
    for word in [*counts, *(noise.fully_random(w, rng) for w in counts)]:
        pieces = bpe.segment(word, merges)
        assert "".join(pieces) == word + bpe.END
        assert set(pieces) <= known
        assert segmenter([word]) == pieces


def test_merges_are_applied_in_the_order_in_which_they_were_learned():
    assert bpe.segment("abc", [("b", "c"), ("a", "b")]) == ["a", "bc", bpe.END]
    assert bpe.segment("aaa", [("a", "a")]) == ["aa", "a", bpe.END]


def test_the_first_merge_is_the_most_frequent_pair_of_all_words():
    pairs = data.sentences("french", 200, 3)
    text = [" ".join([*w, bpe.END]) for source, _ in pairs for w in source]
    counts = collections.Counter(w for source, _ in pairs for w in source)
    best = bpe.learn(counts, 1)[0]
    seen = collections.Counter(
        pair
        for line in text
        for pair in zip(line.split(), line.split()[1:], strict=False)
    )
    assert seen[best] == max(seen.values())


def test_edit_distances_equal_the_recursion():
    words, others = ["haus", "laus", "", "ab", "hsua"], ["haus", "aus", "strau", "b"]
    found = spelling.edit_distances([w for w in words if w], others)
    expected = [[routes.edit_distance(a, b) for b in others] for a in words if a]
    np.testing.assert_array_equal(found, expected)


def test_the_checker_keeps_known_words_and_restores_a_typo():
    checker = spelling.Checker(["haus", "baum", "lampe"])
    assert checker([("haus", "hays", "lanpe")]) == [("haus", "haus", "lampe")]
