"""What a run finds, and what its yardsticks are worth."""

import numpy as np
import pytest

from lessons.language.noisy_translation import (
    anagrams,
    config,
    data,
    evaluation,
    experiment,
    figures,
    figures_theory,
    noise,
    paper,
)
from lessons.language.noisy_translation.bleu import bleu
from lessons.language.noisy_translation.variants import VARIANTS
from lessons.toolkit import results
from lessons.toolkit.figures import Figure

SMOKE = config.PRESETS["smoke"].replace(longest=16, variants=("char", "mix"))


@pytest.fixture(scope="module")
def report():
    return experiment.run(SMOKE)


@pytest.fixture(scope="module")
def corpus():
    return data.load(SMOKE)


def test_training_lowers_the_loss_of_every_variant(report):
    for name in SMOKE.variants:
        losses = report.history[f"{name}/loss"]
        assert losses[-1] < losses[0]


def test_a_variant_of_a_shared_graph_is_trained_as_alone(report, corpus):
    alone = experiment.train(SMOKE, VARIANTS["mix"], corpus)
    assert alone.history["loss"] == report.history["mix/loss"]
    for one, other in zip(
        alone.model.weights, report.models["mix"].weights, strict=True
    ):
        np.testing.assert_array_equal(one.numpy(), other.numpy())


def test_each_variant_keeps_its_own_weights(report):
    char, mix = report.models["model"], report.models["mix"]
    assert np.abs(char.reader.kernel.numpy() - mix.reader.kernel.numpy()).max() > 1e-3


def test_a_mean_of_letters_translates_scrambled_words_alike(report, corpus):
    tests = evaluation.test_sets(SMOKE, corpus)
    model = experiment.build_model(SMOKE, VARIANTS["mean"], corpus.coding)
    translated = {
        kind: evaluation.translations(
            model, VARIANTS["mean"], [s for s, _ in tests[kind][:6]], corpus.coding
        )
        for kind in ("clean", *noise.SCRAMBLING)
    }
    assert all(found == translated["clean"] for found in translated.values())
    spread = evaluation.spread(model.reader, corpus)
    assert spread < 1e-6 < report.metrics["char/spread"]
    assert report.metrics["char/spread_flat"] > 0.01  # constant filters see the order


def test_noises_of_test_sets_are_drawn_once(corpus):
    settings = SMOKE.replace(draws=2)
    one, other = (evaluation.test_sets(settings, corpus) for _ in range(2))
    assert one == other and len(one["rand"]) == 12 and len(one["clean"]) == 6
    assert all(
        target == clean
        for pairs in one.values()
        for (_, target), (_, clean) in zip(pairs, corpus.test * 2, strict=False)
    )
    words = [word for source, _ in one["clean"] * 2 for word in source]
    changed = []
    for share in evaluation.SHARES:
        noised = [word for source, _ in one[f"rand_{share}"] for word in source]
        changed.append(np.mean([a != b for a, b in zip(words, noised, strict=True)]))
    assert changed[0] < changed[1] < changed[2]


def test_the_checker_stands_in_front_of_every_noise(corpus):
    tests = evaluation.test_sets(SMOKE, corpus)
    for kind in noise.KINDS:
        checked = {word for source, _ in tests[f"{kind}_spelled"] for word in source}
        assert checked <= set(corpus.lexicon)
        assert len(tests[f"{kind}_spelled"]) == len(tests[kind])


def test_letters_that_training_never_saw_are_left_out_of_known_typos(corpus):
    letters = {letter for word in corpus.lexicon for letter in word}
    tests = evaluation.test_sets(SMOKE, corpus)
    typed = {c for source, _ in tests["key_known"] for word in source for c in word}
    assert typed <= letters


def test_answers_that_do_not_look_are_the_floor(report, corpus):
    references = [target for _, target in corpus.test]
    floor = report.metrics["floor/constant"]
    candidates = sorted({target for _, target in corpus.train})
    scores = [bleu([one] * len(references), references) for one in candidates]
    assert floor == pytest.approx(max(scores))
    assert floor > bleu([("x",)] * len(references), references)


def test_a_memoriser_of_training_errors_knows_no_test_error(report, corpus):
    assert report.metrics["memoriser/nat"] == 0
    known = corpus.training_errors
    again = noise.noisy(corpus.test[0][0], "nat", np.random.default_rng(0), known)
    assert any(word in str(known.natural.values()) for word in again)


def test_words_with_an_anagram_are_judged_by_their_meaning():
    table = anagrams.table()
    assert table["lampe"] == {"lamp"} and table["lager"] == {"camp", "camps"}
    assert "tisch" not in table
    sources = [("die", "lampe"), ("die", "palme"), ("ein", "hut")]
    references = [("the", "lamp"), ("the", "palm"), ("a", "hat", "is", "here")]
    told = [("the", "lamp"), ("the", "lamp"), ("a", "hat", "is", "here")]
    found = anagrams.judged(sources, references, told)
    assert found == {"anagrams": 50.0, "plain": pytest.approx(100.0)}


def test_the_nearest_training_sentence_has_the_most_words_in_common(corpus):
    source, target = corpus.train[7]
    assert evaluation.nearest([source], corpus) == [target]


def test_figures_say_what_they_show(report):
    for figure in report.figures.values():
        assert isinstance(figure, Figure)
    assert "charCNN" in report.figures["noises"].alt
    assert isinstance(figures_theory.translator_drawing(), Figure)
    numbers = {"flatness": [0.6, 0.5], "spread": [0.9, 0.7]}
    drawn = figures.filters(
        lambda name, key: numbers[key], ("char", "mix"), 2 / 3, {"constant": 0.5}
    )
    assert "charCNN 0.55 and 0.80" in drawn.alt and "constant 0.50" in drawn.alt
    drawn = figures.touched(
        lambda name, key: np.array([50.0, 60.0]), lambda k: 70, lambda k: 30, ("char",)
    )
    assert "Swap 70 and 30" in drawn.alt


def test_the_knob_shows_sentences_as_they_are_read(corpus):
    source, target = corpus.test[0]
    knob = figures.reading(
        source,
        target,
        (0, 100),
        [source, tuple(word[::-1] for word in source)],
        corpus.coding.segmenter,
        [("charCNN", [target, target], [90, 10])],
    )
    assert len(knob.frames) == 2 and " ".join(source) in knob.alts[0]


def recorded(preset):
    runs = results.recorded("noisy_translation", preset=preset)
    assert len(runs) >= 8
    return runs


def test_recorded_noise_breaks_readers_and_the_mix_repairs_one():
    runs, bpe = recorded("laptop"), recorded("laptop_bpe")
    lost = runs["char/clean"] - runs["char/rand"]
    assert lost.min() > 40 and (bpe["bpe/clean"] - bpe["bpe/rand"]).min() > 60
    immune = runs["mean/clean"] - runs["mean/rand"]
    np.testing.assert_allclose(immune, 0, atol=1e-9)  # and no effect for the claim
    worst = np.min([runs[f"mix/{kind}"] for kind in noise.KINDS], axis=0)
    assert worst.min() > runs["char/rand"].max()


def test_headlines_are_measured():
    for headline in paper.HEADLINES:
        values = recorded(headline.preset)[headline.metric]
        assert np.isfinite(values).all()
