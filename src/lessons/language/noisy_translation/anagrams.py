"""German nouns that share their letters, and how well they are told apart."""

import collections

import numpy as np

from lessons.language.noisy_translation import lexicon
from lessons.language.noisy_translation.bleu import bleu


def table():
    """German nouns that other nouns share their letters with, and what they mean.

    Returns:
        By noun a set of English nouns; "lager" is the plural as well.
    """
    groups = collections.defaultdict(lambda: collections.defaultdict(set))
    for english, german, _ in lexicon.THINGS:
        for word, meaning in (
            (german.singular, english.singular),
            (german.plural, english.plural),
        ):
            groups["".join(sorted(word))][word].add(meaning)
    return {
        word: meanings
        for group in groups.values()
        if len(group) > 1
        for word, meanings in group.items()
    }


def judged(sources, references, hypotheses):
    """How well words are translated whose letters also spell another word.

    Args:
        sources, references, hypotheses: sentences in the same order.

    Returns:
        `anagrams`: of the sentences with such a word, those whose translation has the
        right word for it, in per cent; `plain`: BLEU of the other sentences. Each is
        left out where there is no such sentence.
    """
    meant, right, plain = table(), [], []
    for source, reference, hypothesis in zip(
        sources, references, hypotheses, strict=True
    ):
        meanings = {m for word in source for m in meant.get(word, ())}
        asked = sorted(meanings & set(reference))
        right += [meaning in hypothesis for meaning in asked]
        if not asked:
            plain.append((hypothesis, reference))
    found = {"anagrams": 100 * float(np.mean(right))} if right else {}
    return found | ({"plain": bleu(*zip(*plain, strict=True))} if plain else {})


def letters_and_determiner(corpus):
    """Words with an anagram, in per cent, that letters and determiner give away.

    Args:
        corpus: a `data.Corpus`.

    Returns:
        Right answers of who takes the meaning that the letters of a word most often
        have behind its determiner in the training sentences; None without such words.
    """
    seen = collections.defaultdict(collections.Counter)
    for source, target in corpus.train:
        for key, meanings in _with_determiner(source):
            seen[key].update(meanings & set(target))
    right = [
        seen[key].most_common(1)[0][0] in target
        for source, target in corpus.test
        for key, meanings in _with_determiner(source)
        if meanings & set(target) and seen[key]
    ]
    return 100 * float(np.mean(right)) if right else None


def _with_determiner(words):
    """((letters, determiner), meanings) of each word that has an anagram."""
    meant, names = table(), lexicon.COUNTS
    determiners = {"der", "die", "das", "den", "ein", "eine", "einen"}
    determiners |= {lexicon.number_name(n, "german") for n in names}
    for place, word in enumerate(words):
        if word in meant:
            before = [w for w in words[:place] if w in determiners]
            yield ("".join(sorted(word)), (before or [""])[-1]), meant[word]
