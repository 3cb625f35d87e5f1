"""Judging mappings, and mappings that were found without a game: baselines."""

import numpy as np
from scipy import stats

from lessons.language.word_translation import (
    hubs,
    neighbours,
    refinement,
    retrieval,
    sentences,
    theory,
    theory_routes,
)

MOST_SCORES = 4_000_000  # beyond, what needs the whole matrix is left out
LEAST_RISE = 1e-6  # of the criterion, for the search to go on
SAMPLED_PAIRS = 2000  # of words, for the similarity


def evaluate(mapping, languages, config, gold=None):
    """How well a mapping translates.

    Args:
        mapping: W, shape (d, d).
        languages: `data.Languages`.
        config: a `Config`; gives the criterion's words and K.
        gold: queries and their translations; by default all of the languages'.

    Returns:
        Dictionary of floats: `p1_nn`, `p1_csls`, `p5_csls` and `p10_csls` in percent,
        `p1_isf` where the matrix of scores is small, the `criterion`, `distinct`
        (different answers over target words), and, where meanings are known,
        `similarity` (correlation of cosines with those of meanings).
    """
    gold = languages.gold if gold is None else gold
    queries, right = list(gold), list(gold.values())
    source, target = languages.source, languages.target
    mapped = source @ np.transpose(mapping)
    nearest = neighbours.largest(mapped[queries], target, 1)[1]
    best = neighbours.translations(mapped, target, config.neighbours, best=10)
    found = {
        "p1_nn": retrieval.hits(nearest, right),
        **{f"p{k}_csls": retrieval.hits(best[queries, :k], right) for k in (1, 5, 10)},
        "criterion": refinement.criterion(
            mapping, source, target, config.criterion_words, config.neighbours
        ),
        "distinct": len(np.unique(best[:, 0])) / len(target),
    }
    if len(source) * len(target) <= MOST_SCORES:
        scores = retrieval.inverted_softmax(retrieval.cosines(mapped, target))
        found["p1_isf"] = retrieval.precision_at_k(scores, gold)
    if languages.meaning is not None:
        found["similarity"] = similarity(mapped, languages)
    return found


def accuracy(mapping, languages, config):
    """Percent of words that CSLS translates right: `p1_csls` of `evaluate` alone."""
    mapped = languages.source @ np.transpose(mapping)
    found = neighbours.translations(mapped, languages.target, config.neighbours)
    return retrieval.hits(found[list(languages.gold)], list(languages.gold.values()))


def similarity(mapped, languages):
    """Correlation of cosines across languages with cosines of meanings.

    Args:
        mapped: source words after the mapping, shape (n, d).
        languages: `data.Languages` with meanings.
    """
    rng = np.random.default_rng(0)
    first, second = rng.integers(len(mapped), size=(2, SAMPLED_PAIRS))
    meaning = retrieval.unit(languages.meaning)
    other = [min(languages.gold[int(word)]) for word in second]
    across = retrieval.unit(mapped)[first] * retrieval.unit(languages.target)[other]
    within = meaning[first] * meaning[second]
    return float(np.corrcoef(across.sum(axis=1), within.sum(axis=1))[0, 1])


def refined(mapping, languages, config):
    """A mapping after refinement with a configuration's settings."""
    return refinement.refine(
        theory.nearest_orthogonal(mapping),
        languages.source,
        languages.target,
        config.rounds,
        config.dictionary_words,
        config.neighbours,
    )


def best_by_criterion(mappings, languages, config):
    """Number of the mapping with the highest criterion, and all criteria."""
    found = [
        refinement.criterion(
            w,
            languages.source,
            languages.target,
            config.criterion_words,
            config.neighbours,
        )
        for w in mappings
    ]
    return int(np.argmax(found)), np.array(found)


def ceiling(languages):
    """Procrustes on every pair of the gold dictionary: what no method is given."""
    pairs = [(i, j) for i, found in languages.gold.items() for j in sorted(found)]
    rows, columns = np.array(pairs).T
    return theory.procrustes(languages.source[rows], languages.target[columns])


def game_scores(mappings, languages, config):
    """Numbers of a game: the chosen mapping before and after refinement, all restarts.

    Args:
        mappings: one for each restart, shape (R, d, d).
        languages: `data.Languages`.
        config: a `Config`.

    Returns:
        Dictionary of floats: those of `evaluate` for the mapping that the criterion
        chooses, the same with `refined_` before it; `right`, restarts that reach nine
        tenths of the `ceiling` once refined; `late_p1` and `late_criterion` of the
        restart that the criterion chooses when it is asked after refinement;
        `spearman` of criterion and accuracy over restarts, and `criterion_N`, `p1_N`
        and `refined_p1_N` of restart N.
    """
    chosen, criteria = best_by_criterion(mappings, languages, config)
    better = [refined(w, languages, config) for w in mappings]
    before, after = (
        [accuracy(w, languages, config) for w in maps] for maps in (mappings, better)
    )
    most = accuracy(ceiling(languages), languages, config)
    found = evaluate(mappings[chosen], languages, config)
    last = evaluate(better[chosen], languages, config)
    found |= {f"refined_{name}": value for name, value in last.items()}
    found["right"] = float(np.sum(np.array(after) >= 0.9 * most))
    late, late_criteria = best_by_criterion(better, languages, config)
    found["late_p1"], found["late_criterion"] = after[late], late_criteria[late]
    found["departure"] = theory_routes.departure(mappings[chosen].astype(float))
    found["spearman"] = rank_correlation(criteria, before)
    for r, values in enumerate(zip(criteria, before, after, strict=True)):
        names = (f"criterion_{r}", f"p1_{r}", f"refined_p1_{r}")
        found |= dict(zip(names, values, strict=True))
    return found


def rank_correlation(one, other):
    """Spearman's correlation; 0 where one of the two never changes."""
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return 0.0
    return float(stats.spearmanr(one, other)[0])


def baselines(languages, config):
    """What is found without a game: from pairs, frequencies, moments, or by luck.

    Args:
        languages: `data.Languages`.
        config: a `Config`.

    Returns:
        Dictionary of floats, keys `NAME/METRIC`: `supervised` (Procrustes on pairs,
        judged on other words), `least_squares` (the same without the constraint),
        `ceiling`, `moments` (axes matched), `rank` (frequency rank as dictionary, and
        Procrustes on it), `random` (random mappings, refined), `flipped` (the ceiling
        with one axis turned round), `search` (axes of the moments turned), `sentences`,
        and `hubs/CASE/METRIC`.
    """
    rng = np.random.default_rng((config.seed, 99))
    found = with_pairs(languages, config, rng)
    found |= without_pairs(languages, config)
    best = ceiling(languages)
    found |= {f"ceiling/{k}": v for k, v in evaluate(best, languages, config).items()}
    if config.axis_search:
        found |= by_search(languages, config)
    if config.random_starts:
        found |= by_luck(languages, config, rng)
        found |= flips(best, languages, config)
    if config.num_sentences and languages.meaning is not None:
        heard = sentences.judged(best, languages, config.num_sentences, rng)
        found |= {f"ceiling/{name}": value for name, value in heard.items()}
    return found | (hubs.baselines(config) if config.hub_words else {})


def with_pairs(languages, config, rng):
    """Supervised rows, judged on words that they were not given."""
    rows = rng.permutation(list(languages.gold))
    anchors, rest = rows[: config.num_anchors], rows[config.num_anchors :]
    columns = [min(languages.gold[int(row)]) for row in anchors]
    pairs = languages.source[anchors], languages.target[columns]
    gold = {int(row): languages.gold[int(row)] for row in rest} or languages.gold
    found = {}
    for name, solve in (
        ("supervised", theory.procrustes),
        ("least_squares", theory.least_squares_map),
    ):
        scores = evaluate(solve(*pairs), languages, config, gold)
        found |= {f"{name}/{key}": value for key, value in scores.items()}
    return found


def without_pairs(languages, config):
    """Moments and frequency ranks, refined and, of several, chosen by the criterion."""
    source, target = languages.source, languages.target
    found = {}
    starts = [
        refined(w, languages, config) for w in refinement.moment_maps(source, target)
    ]
    chosen = starts[best_by_criterion(starts, languages, config)[0]]
    scores = evaluate(chosen, languages, config)
    found |= {f"moments/{key}": value for key, value in scores.items()}
    size = min(len(source), len(target))
    ranks = np.arange(size)[:, None]
    queries = [q for q in languages.gold if q < size]
    right = [languages.gold[q] for q in queries]
    found["rank/p1"] = retrieval.hits(ranks[queries], right)
    near = np.clip(ranks + np.arange(-4, 6), 0, size - 1)
    found["rank/p10"] = retrieval.hits(near[queries], right)
    frequent = size // 2
    mapping = theory.procrustes(source[:frequent], target[:frequent])
    for name, each in (
        ("", mapping),
        ("refined_", refined(mapping, languages, config)),
    ):
        found[f"rank/{name}p1_csls"] = accuracy(each, languages, config)
    return found


def axis_search(languages, config):
    """Turn axes of the moments' mapping one by one while the criterion rises.

    No network and no pair of words: in each round every axis of the best mapping is
    turned round, the result refined, and the one with the highest criterion is kept.

    Args:
        languages: `data.Languages`.
        config: a `Config`.

    Returns:
        (mapping, criterion after each round, refinements that were made).
    """
    source, target = languages.source, languages.target
    tried, made, path, best = refinement.moment_maps(source, target), 0, [], None
    while True:
        tried = [refined(w, languages, config) for w in tried]
        made += len(tried)
        chosen, criteria = best_by_criterion(tried, languages, config)
        if path and criteria[chosen] <= path[-1] + LEAST_RISE:
            return best, path, made
        best = tried[chosen]
        path.append(float(criteria[chosen]))
        tried = [theory_routes.flipped(best, source, i) for i in range(len(best))]


def by_search(languages, config):
    """`axis_search`: where it ends, and how many refinements that took."""
    mapping, path, made = axis_search(languages, config)
    scores = evaluate(mapping, languages, config)
    scores |= {"made": float(made), "rounds": float(len(path))}
    return {f"search/{key}": value for key, value in scores.items()}


def by_luck(languages, config, rng):
    """Random mappings, refined: the criterion's choice, and the best there was."""
    found, dim = {}, languages.source.shape[1]
    luck = theory_routes.random_rotations(config.random_starts, dim, rng)
    luck = [refined(w, languages, config) for w in luck]
    criteria = best_by_criterion(luck, languages, config)[1]
    reached = np.array([accuracy(w, languages, config) for w in luck])
    found["random/p1_csls"] = float(reached[np.argmax(criteria)])
    found["random/criterion"] = float(np.max(criteria))
    found["random/best_p1"] = float(np.max(reached))
    found["random/spearman"] = rank_correlation(criteria, reached)
    return found


def flips(mapping, languages, config):
    """The best mapping with each axis turned round: how right, and does it return?"""
    turned = [
        theory_routes.flipped(mapping, languages.source, axis)
        for axis in range(len(mapping))
    ]
    before = [evaluate(w, languages, config) for w in turned]
    better = [refined(w, languages, config) for w in turned]
    after = [accuracy(w, languages, config) for w in better]
    most = accuracy(mapping, languages, config)
    return {
        "flipped/p1_csls": float(np.mean([scores["p1_csls"] for scores in before])),
        "flipped/criterion": float(np.max([scores["criterion"] for scores in before])),
        "flipped/returned": float(np.sum(np.array(after) >= 0.9 * most)),
        "flipped/most_that_stayed": max(
            [a for a in after if a < 0.9 * most], default=0.0
        ),
    }
