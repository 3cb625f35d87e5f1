"""Noises keep what they promise and are as likely as theory says."""

import collections
import unicodedata

import numpy as np
import pytest

from lessons.language.noisy_translation import (
    data,
    keyboard,
    natural,
    noise,
    theory,
    theory_routes,
)
from lessons.toolkit.errors import UserError

WORDS = sorted(
    {word for pair in data.sentences("german", 600, 5) for word in pair[0]}
    | {word for pair in data.sentences("french", 600, 5) for word in pair[0]}
)
SMALL = ("noise", "letter", "banane", "kommen", "anna", "otto", "ab", "abc")
CHANCE = {
    "swap": theory.unchanged_by_swap,
    "mid": theory.unchanged_by_middle,
    "rand": theory.unchanged_by_random,
}
KEYS = keyboard.neighbours("german")

TABLES = noise.Tables(KEYS, natural.tables(WORDS, "german")[0])


@pytest.mark.parametrize("kind", noise.SCRAMBLING)
def test_scrambling_keeps_the_letters(kind):
    rng = np.random.default_rng(0)
    for word in WORDS:
        found = noise.noisy_word(word, kind, rng, TABLES)
        assert collections.Counter(found) == collections.Counter(word)
        if kind != "rand":
            assert (found[0], found[-1]) == (word[0], word[-1])
        if kind != "rand" and len(word) < 4:
            assert found == word


def test_swapping_moves_two_neighbours_at_most():
    rng = np.random.default_rng(1)
    for word in WORDS:
        found = noise.swap(word, rng)
        places = [i for i, (a, b) in enumerate(zip(word, found, strict=True)) if a != b]
        assert len(places) in (0, 2) and (not places or places[1] == places[0] + 1)


@pytest.mark.parametrize("word", SMALL)
@pytest.mark.parametrize("kind", noise.SCRAMBLING)
def test_closed_forms_equal_the_share_of_all_orders(word, kind):
    share = theory_routes.unchanged_by_enumeration(word, kind)
    assert CHANCE[kind](word) == pytest.approx(share, abs=1e-12)


def test_chances_of_the_paper_in_numbers():
    found = [theory.unchanged_by_random(w) for w in ("noise", "letter", "kommen")]
    assert found == pytest.approx([1 / 120, 4 / 720, 2 / 720])
    assert theory.unchanged_by_middle("kommen") == pytest.approx(1 / 12)
    assert theory.unchanged_by_swap("letter") == pytest.approx(1 / 3)
    assert theory.unchanged_by_swap("anna") == 1.0  # x yy z never changes


@pytest.mark.parametrize("kind", noise.SCRAMBLING)
def test_noises_are_as_likely_as_the_enumeration(kind):
    rng, draws = np.random.default_rng(2), 6000
    for word in ("abcd", "banane"):
        expected = collections.Counter(theory_routes.results(word, kind))
        found = collections.Counter(
            noise.noisy_word(word, kind, rng, TABLES) for _ in range(draws)
        )
        assert found.keys() <= expected.keys()
        for result, count in expected.items():
            p = count / expected.total()
            four_errors = 4 * np.sqrt(p * (1 - p) / draws)
            assert abs(found[result] / draws - p) <= four_errors


def test_a_scrambling_that_never_returns_the_word_is_told_apart():
    rng = np.random.default_rng(3)
    share = np.mean(
        [theory_routes.never_the_word("abc", rng) == "abc" for _ in range(600)]
    )
    assert share == 0 and theory.unchanged_by_random("abc") == pytest.approx(1 / 6)


def test_a_typo_changes_one_letter_into_a_neighbour():
    rng = np.random.default_rng(4)
    for word in WORDS:
        found = noise.keyboard_typo(word, rng, KEYS)
        different = [(a, b) for a, b in zip(word, found, strict=True) if a != b]
        assert len(different) <= 1
        assert all(b in KEYS[a] for a, b in different)
    assert noise.keyboard_typo("", rng, KEYS) == ""


def test_a_typo_draws_its_place_among_all_letters():
    rng = np.random.default_rng(5)
    changed = [
        noise.keyboard_typo("a-", rng, {"a": ("q",)}) != "a-" for _ in range(900)
    ]
    assert 0.43 < np.mean(changed) < 0.57


def test_a_capital_is_mistyped_as_a_capital():
    rng = np.random.default_rng(6)
    found = {noise.keyboard_typo("G", rng, KEYS) for _ in range(200)}
    assert found == {letter.upper() for letter in KEYS["g"]}
    found = {noise.keyboard_typo("P", rng, KEYS) for _ in range(100)}
    assert "ß" in found and all(len(letter) == 1 for letter in found)  # no SS


@pytest.mark.parametrize("language", keyboard.LAYOUTS)
def test_keys_are_neighbours_of_each_other(language):
    table = keyboard.neighbours(language)
    assert set("abcdefghijklmnopqrstuvwxyz") <= set(table)
    for letter, others in table.items():
        assert letter not in others and 1 <= len(others) <= 6
        assert all(letter in table[other] for other in others)


def test_keyboards_differ_where_they_should():
    german, french, english = (
        keyboard.neighbours(k) for k in ("german", "french", "english")
    )
    assert {"t", "u"} <= set(german["z"]) and "x" not in german["z"]
    assert {"t", "u"} <= set(english["y"]) and "x" in english["z"]
    assert "z" in french["a"] and "l" in french["m"]


def test_natural_errors_come_from_the_table_only():
    rng = np.random.default_rng(7)
    table = {"haus": ("hauß", "haos")}
    assert noise.natural_error("hut", rng, table) == "hut"
    found = collections.Counter(
        noise.natural_error("haus", rng, table) for _ in range(400)
    )
    assert found.keys() == {"hauß", "haos"} and 150 < found["haos"] < 250


@pytest.mark.parametrize("language", natural.RULES)
def test_tables_of_training_and_testing_share_no_misspelling(language):
    words = {w for pair in data.sentences(language, 800, 1) for w in pair[0]}
    parts = natural.tables(words, language)
    errors = [{e for others in part.values() for e in others} for part in parts]
    assert min(map(len, errors)) > 15
    assert not errors[0] & errors[1] and not errors[2] & (errors[0] | errors[1])
    assert not set.union(*errors) & words


@pytest.mark.parametrize("language", natural.RULES)
def test_new_habits_are_rules_that_training_does_not_have(language):
    words = {w for pair in data.sentences(language, 800, 1) for w in pair[0]}
    patterns = [pattern for pattern, _ in natural.RULES[language]]
    assert set(natural.NEW[language]) <= set(patterns)
    usual = [r for r in natural.RULES[language] if r[0] not in natural.NEW[language]]
    training, testing, new = natural.tables(words, language)
    for word in words:
        made = natural.misspellings(word, usual)
        assert {*training.get(word, ()), *testing.get(word, ())} <= set(made)
        assert not set(new.get(word, ())) & set(made)


def test_misspellings_by_hand():
    german, french = natural.RULES["german"], natural.RULES["french"]
    assert natural.misspellings("straße", german) == ("strasse",)
    assert "man" in natural.misspellings("mann", german)
    assert "eleve" not in natural.misspellings("élève", french)  # one place at a time
    assert {"éleve", "elève"} <= set(natural.misspellings("élève", french))


def test_a_share_of_the_words_is_noised():
    rng, sentence = np.random.default_rng(8), ("banane",) * 4000
    found = noise.noisy(sentence, "rand", rng, TABLES, share=0.25)
    changed = np.mean([a != b for a, b in zip(sentence, found, strict=True)])
    expected = 0.25 * (1 - theory.unchanged_by_random("banane"))
    assert changed == pytest.approx(expected, abs=0.03)
    assert noise.noisy(sentence[:9], "rand", rng, TABLES, share=0.0) == sentence[:9]


def test_a_mix_takes_one_noise_for_a_whole_sentence():
    rng = np.random.default_rng(9)
    sentence = ("banane",) * 12
    for _ in range(40):
        found = noise.mixed(sentence, ("clean", "rand"), rng, TABLES)
        changed = sum(a != b for a, b in zip(sentence, found, strict=True))
        assert changed == 0 or changed >= 10
    assert noise.mixed(sentence, (), rng, TABLES) == sentence


def test_an_unknown_noise_is_refused():
    with pytest.raises(UserError, match="noise 'mix'.*Allowed"):
        noise.noisy_word("wort", "mix", np.random.default_rng(0), TABLES)
    with pytest.raises(UserError, match="language"):
        keyboard.neighbours("czech")


def test_released_tables_are_read(tmp_path):
    path = tmp_path / "de.natural"
    decomposed = unicodedata.normalize("NFD", "Für fuer führ\n\nleer\nfür Für fur\n")
    path.write_text(decomposed, encoding="utf-8")
    assert keyboard.read_alternatives(path) == {"für": ("fuer", "führ", "fur")}
    with pytest.raises(UserError, match="cannot read"):
        keyboard.read_alternatives(tmp_path / "none.key")
    path.write_text("one\ntwo\n", encoding="utf-8")
    with pytest.raises(UserError, match="no line"):
        keyboard.read_alternatives(path)
