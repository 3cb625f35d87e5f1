"""Judging translators: BLEU under each noise, yardsticks, a spelling checker."""

import numpy as np

from lessons.language.noisy_translation import anagrams, noise, spelling, theory
from lessons.language.noisy_translation.bleu import bleu

SHARES = (25, 50, 75)  # per cent of the words that a noise may touch
CURVES = ("swap", "rand")
MOST_CANDIDATES = 200  # constant sentences that are tried


def test_sets(config, corpus):
    """The test sentences under each noise, drawn once for all models.

    Args:
        config: a `Config`.
        corpus: a `data.Corpus`.

    Returns:
        By name: lists of pairs (source words, target words), `draws` times as long as
        the test set for noises. Names are "clean", the `noise.KINDS`, those of
        `CURVES` with a share, such as "swap_25"; "key_known", typos whose letters all
        come in the training sentences; "nat_new", natural errors by other rules than
        those for training; and each noise behind a checker, such as "swap_spelled".
    """
    wanted = {kind: (kind, 1.0) for kind in noise.KINDS}
    for kind in CURVES:
        wanted |= {f"{kind}_{share}": (kind, share / 100) for share in SHARES}
    letters = {letter for word in corpus.lexicon for letter in word}
    known = {
        key: tuple(other for other in others if other in letters)
        for key, others in corpus.test_errors.keyboard.items()
    }
    sets = {"clean": list(corpus.test)}
    for place, (name, (kind, share)) in enumerate(wanted.items()):
        rng = np.random.default_rng((config.seed, 41, place))
        sets[name] = [
            (noise.noisy(source, kind, rng, corpus.test_errors, share), target)
            for _ in range(config.draws)
            for source, target in corpus.test
        ]
    others = {
        "key_known": ("key", corpus.test_errors._replace(keyboard=known)),
        "nat_new": ("nat", corpus.new_errors),
    }
    for place, (name, (kind, tables)) in enumerate(others.items()):
        rng = np.random.default_rng((config.seed, 42, place))
        sets[name] = [
            (noise.noisy(source, kind, rng, tables), target)
            for _ in range(config.draws)
            for source, target in corpus.test
        ]
    checker = spelling.Checker(corpus.lexicon)
    for kind in noise.KINDS:
        read, targets = zip(*sets[kind], strict=True)
        sets[f"{kind}_spelled"] = list(zip(checker(read), targets, strict=True))
    return sets


def translations(model, variant, sentences, coding, batch=600):
    """What a model makes of sentences.

    Args:
        model: a `Translator`.
        variant: a `Variant`.
        sentences: sequences of source words.
        coding: a `coding.Coding`.
        batch: sentences at once.

    Returns:
        A list of tuples of target words.
    """
    steps, found = coding.sizes["target_" + variant.writes], []
    for start in range(0, len(sentences), batch):
        source = coding.source(sentences[start : start + batch], variant.reads)
        ids = np.asarray(model.translate(source, steps))
        found += coding.sentences(ids, variant.writes)
    return found


def evaluate(model, variant, tests, corpus, config):
    """BLEU of a model under every noise, and what is known of its words and filters.

    Args:
        model: a `Translator`.
        variant: a `Variant`.
        tests: what `test_sets` gave.
        corpus: a `data.Corpus`.
        config: a `Config`.

    Returns:
        Floats by name: BLEU of each test set (behind the checker only for a model
        that was trained on clean sentences); those of
        `anagrams.judged`; `spread` of what reads letters; `filter_variance`, `flatness`
        and `spread_flat`, with each filter constant, of a charCNN.
    """
    coding, scores = corpus.coding, {}
    for name, pairs in tests.items():
        if variant.noises and name.endswith("_spelled"):
            continue
        read, references = zip(*pairs, strict=True)
        found = translations(model, variant, read, coding)
        scores[name] = bleu(found, references)
        if name == "clean" and config.language == "german":
            scores |= anagrams.judged(read, references, found)
    if variant.reads == "letters":
        scores["spread"] = spread(model.reader, corpus)
    if variant.reader == "char_cnn":
        kernel = np.asarray(model.reader.kernel)
        scores["filter_variance"] = float(np.mean(theory.filter_variances(kernel)))
        scores["flatness"] = float(theory.flatness(kernel))
        model.reader.kernel.assign(np.broadcast_to(kernel.mean(0), kernel.shape))
        scores["spread_flat"] = spread(model.reader, corpus)
        model.reader.kernel.assign(kernel)
    return scores


def spread(reader, corpus, draws=10):
    """How far scrambled spellings of a word lie apart, against how far words do.

    Args:
        reader: a `LetterReader`.
        corpus: a `data.Corpus`; its words of four and more letters are scrambled.
        draws: spellings of each word.

    Returns:
        Root mean square distance of fully scrambled spellings from their mean, divided
        by that of these means from the mean of all.
    """
    rng = np.random.default_rng(43)
    words = [word for word in corpus.lexicon if len(word) > 3]
    rows = [[noise.fully_random(w, rng) for _ in range(draws)] for w in words]
    ids = corpus.coding.letters_of(rows)
    vectors = np.asarray(reader(ids), np.float64)  # (words, draws, size)
    means = vectors.mean(1, keepdims=True)
    within = np.mean(np.sum((vectors - means) ** 2, -1))
    between = np.mean(np.sum((means - means.mean(0)) ** 2, -1))
    return float(np.sqrt(within / between))


def nearest(sentences, corpus):
    """The translation of the training sentence with the most words in common, each.

    Args:
        sentences: sequences of source words.
        corpus: a `data.Corpus`.
    """
    known = [(set(source), target) for source, target in corpus.train]
    return [
        max(known, key=lambda k, s=set(words): len(k[0] & s))[1] for words in sentences
    ]


def baselines(tests, corpus, config):
    """What needs no translator: floors, what noises change, the checker, a memoriser.

    Args:
        tests: what `test_sets` gave.
        corpus: a `data.Corpus`.
        config: a `Config`.

    Returns:
        Floats: `floor/other`, BLEU of each sentence's neighbour in the test set, and
        `floor/constant`, of the training translation that fits the test set best, tried
        on some; `nearest/clean` and `nearest/swap`, of `nearest`; `letters/anagrams`,
        see `anagrams.letters_and_determiner`; `untrained/NOISE`, per cent of words with
        a piece that no clean training sentence has; `changed/NOISE` and `moved/NOISE`,
        per cent of words and of letters that differ; `restored/NOISE`,
        per cent of changed words that the checker restores; `unknown/key`, of mistyped
        words with a letter that no training sentence has; `memoriser/nat`,
        of natural test errors that stand in the training table.
    """
    references = [target for _, target in corpus.test]
    found = {"floor/other": bleu(references[1:] + references[:1], references)}
    candidates = sorted({target for _, target in corpus.train})
    candidates = candidates[:: 1 + len(candidates) // MOST_CANDIDATES]
    right = anagrams.letters_and_determiner(corpus)
    if right is not None and config.language == "german":
        found["letters/anagrams"] = right
    for kind in ("clean", "swap"):
        read, rights = zip(*tests[kind][: len(corpus.test)], strict=True)
        found[f"nearest/{kind}"] = bleu(nearest(read, corpus), rights)
    segmenter = corpus.coding.segmenter
    trained = {p for source, _ in corpus.train for p in segmenter(source)}
    letters = {letter for word in corpus.lexicon for letter in word}
    typed = [word for source, _ in tests["key"] for word in source]
    found["unknown/key"] = 100 * float(np.mean([not letters >= set(w) for w in typed]))
    found["floor/constant"] = max(
        bleu([one] * len(references), references) for one in candidates
    )
    natural = corpus.training_errors.natural
    known = {wrong: word for word, others in natural.items() for wrong in others}
    checker = spelling.Checker(corpus.lexicon)
    for kind in noise.KINDS:
        clean = [w for source, _ in corpus.test for w in source] * config.draws
        noisy = [w for source, _ in tests[kind] for w in source]
        pairs = list(zip(clean, noisy, strict=True))
        changed = [pair for pair in pairs if pair[0] != pair[1]]
        found[f"changed/{kind}"] = 100 * len(changed) / len(pairs)
        found[f"moved/{kind}"] = 100 * _letters_moved(pairs)
        strange = [not trained >= set(segmenter([word])) for word in noisy]
        found[f"untrained/{kind}"] = 100 * float(np.mean(strange))
        if not changed:
            continue
        restored = checker([[wrong for _, wrong in changed]])[0]
        right = [a == b for (a, _), b in zip(changed, restored, strict=True)]
        found[f"restored/{kind}"] = 100 * float(np.mean(right))
        if kind == "nat":
            remembered = [known.get(wrong) == right for right, wrong in changed]
            found["memoriser/nat"] = 100 * float(np.mean(remembered))
    return found


def _letters_moved(pairs):
    """Share of letters that are not where they were; added letters count as moved."""
    moved = sum(
        sum(a != b for a, b in zip(clean, wrong, strict=False))
        + abs(len(clean) - len(wrong))
        for clean, wrong in pairs
    )
    return moved / sum(len(clean) for clean, _ in pairs)
