"""Sentences that are grammatical, files of a user, numbers and back."""

import itertools

import numpy as np
import pytest

from lessons.language.noisy_translation import (
    coding,
    config,
    data,
    grammar,
    lexicon,
    noise,
)
from lessons.language.noisy_translation.variants import VARIANTS
from lessons.toolkit.errors import UserError

SMOKE = config.PRESETS["smoke"].replace(longest=16)
ROWS = {one: {row[i] for row in lexicon.THINGS + lexicon.PERSONS} for i, one in
        enumerate(("english", "german", "french"))}  # fmt: skip


@pytest.fixture(scope="module")
def corpus():
    return data.load(SMOKE)


@pytest.fixture(scope="module")
def spoken():
    rng = np.random.default_rng(0)
    meanings = [grammar.draw(rng) for _ in range(800)]
    return [
        (m, *(grammar.say(m, one) for one in ("german", "english", "french")))
        for m in meanings
    ]


def phrase_of(words, nouns):
    """(words before it in its phrase, noun) for each noun of a German sentence."""
    starts = ("der", "die", "das", "den", "ein", "eine", "einen")
    numbers = {lexicon.number_name(n, "german") for n in lexicon.COUNTS}
    for place, word in enumerate(words):
        if word in nouns:
            begin = max(i for i in range(place) if words[i] in {*starts, *numbers})
            yield words[begin:place], word


def test_german_articles_and_endings_agree(spoken):
    # An independent table: what may stand before a noun of each gender and number.
    forms = {}
    for noun in ROWS["german"]:
        forms.setdefault(noun.singular, set()).add(noun.gender)
        forms.setdefault(noun.plural, set()).add("p")
    articles = {
        "der": {"m"},
        "den": {"m"},
        "die": {"f", "p"},
        "das": {"n"},
        "ein": {"m", "n"},
        "einen": {"m"},
        "eine": {"f"},
    }
    ending = {"die": ("e", "en"), "das": ("e",), "den": ("en",), "ein": ("es",),
              "einen": ("en",), "eine": ("e",), "der": ("e",)}  # fmt: skip
    count = 0
    for _, german, _, _ in spoken:
        for before, noun in phrase_of(german, forms):
            first, *adjective = before
            assert articles.get(first, {"p"}) & forms[noun], (german, noun)
            for word in adjective:
                assert word.endswith(ending.get(first, ("e",))), german
                if first == "die":
                    plural = word.endswith("en")
                    assert ("p" if plural else "f") in forms[noun], german
                count += 1
    assert count > 300


def test_german_verbs_stand_second_and_last(spoken):
    for meaning, german, _, _ in spoken:
        finite = {"present": meaning.verb[1][:2], "perfect": ["hat", "haben"],
                  "modal": ["will", "wollen"]}[meaning.tense]  # fmt: skip
        place = next(i for i, word in enumerate(german) if word in finite)
        time = " ".join(meaning.time[1]) if meaning.time else ""
        in_front = " ".join(german[:place])
        if meaning.first and time:
            assert in_front == time
        else:
            assert place == 2 and german[0] in ("der", "die", "das")
        last = {"present": None, "perfect": meaning.verb[1][2],
                "modal": meaning.verb[1][0]}[meaning.tense]  # fmt: skip
        assert last is None or german[-1] == last


def test_english_and_french_agree_in_number(spoken):
    for meaning, _, english, french in spoken:
        many = meaning.subject.count > 1
        if meaning.tense == "present":
            assert meaning.verb[0][0 if many else 1] in english
            assert meaning.verb[2][2 if many else 1] in french
        if meaning.thing.adjective:
            adjective = next(
                w for w in french if w.rstrip("s").rstrip("e")
                in {a.rstrip("e") for a in meaning.thing.adjective[2]}
            )  # fmt: skip
            assert adjective.endswith("s") == (meaning.thing.count > 1)
            noun = meaning.thing.noun[2]
            feminine = adjective.rstrip("s") == meaning.thing.adjective[2][1]
            assert feminine or noun.gender == "m"
            assert french.index(adjective) > 0
    assert all(
        not (a == "a" and b[0] in "aeiou") and not (a == "an" and b[0] not in "aeiou")
        for _, _, english, _ in spoken
        for a, b in itertools.pairwise(english)
    )


def test_numbers_turn_around():
    assert lexicon.number_name(24, "german") == "vierundzwanzig"
    assert lexicon.number_name(24, "english") == "twenty-four"
    assert lexicon.number_name(21, "french") == "vingt-et-un"
    assert lexicon.number_name(30, "german") == "dreißig"
    names = [lexicon.number_name(n, "german") for n in range(2, 70)]
    assert len(set(names)) == len(names)


def test_training_and_test_sentences_differ(corpus):
    train = {source for source, _ in corpus.train}
    assert len(corpus.train) == 48 and len(corpus.test) == 6
    assert not train & {source for source, _ in corpus.test}
    assert data.load(SMOKE).train == corpus.train
    assert data.load(SMOKE.replace(seed=1)).train != corpus.train


@pytest.mark.parametrize("reads", coding.READS)
def test_what_is_read_can_be_read_back(corpus, reads):
    sentences = [source for source, _ in corpus.train]
    ids = corpus.coding.source(sentences, reads)
    assert ids.dtype == np.int32 and not np.any(ids == coding.UNKNOWN)
    for words, row in zip(sentences, ids, strict=True):
        if reads == "letters":
            found = ["".join(corpus.coding.letters.decode(word)) for word in row]
            found = [word for word in found if word]
        elif reads == "pieces":
            text = "".join(corpus.coding.pieces.decode(row))
            found = text.split("</w>")[:-1]
        else:
            found = "".join(corpus.coding.letters.decode(row)).split()
        assert tuple(found) == words


@pytest.mark.parametrize("writes", coding.WRITES)
def test_what_is_written_comes_back(corpus, writes):
    sentences = [target for _, target in corpus.train]
    ids = corpus.coding.target(sentences, writes)
    assert corpus.coding.sentences(ids, writes) == sentences
    first = coding.before(ids)
    assert np.all(first[:, 0] == coding.END)
    np.testing.assert_array_equal(first[:, 1:], ids[:, :-1])


def test_unknown_letters_are_no_padding(corpus):
    ids = corpus.coding.source([("ñu",)], "letters")[0, 0]
    assert ids[0] == coding.UNKNOWN and ids[1] not in (0, 1)
    assert corpus.coding.sentences(np.array([[1, 2, 5]]), "words") == [("?",)]


def test_words_longer_than_the_room_are_cut(corpus):
    ids = corpus.coding.source([("a" * 99,)], "letters")
    assert np.all(ids[0, 0] == ids[0, 0, 0]) and ids.shape[2] < 20


def batches(corpus, name, settings=SMOKE):
    return list(data.batches(settings, corpus, VARIANTS[name]))


def test_batches_are_clean_or_noised_and_targets_always_clean(corpus):
    sources, references = zip(*corpus.train, strict=True)
    targets = {row.tobytes() for row in corpus.coding.target(references, "words")}
    clean = {row.tobytes() for row in corpus.coding.source(sources, "letters")}
    for name in ("char", "mix", "nat"):
        found = batches(corpus, name)
        assert len(found) == 2 * (48 // 16)
        rows = [row for (source, _), _ in found for row in source]
        same = np.mean([row.tobytes() in clean for row in rows])
        assert same == 1 if name == "char" else same < 0.2
        written = [row.tobytes() in targets for _, target in found for row in target]
        assert all(written)


def test_noise_is_drawn_anew_in_every_epoch(corpus):
    found = batches(corpus, "rand")
    first, second = ({r.tobytes() for (s, _), _ in part for r in s}
                     for part in (found[:3], found[3:]))  # fmt: skip
    assert len(first & second) < 5


def test_fresh_sentences_are_new_and_never_test_sentences(corpus):
    settings = SMOKE.replace(epochs=3)
    found = batches(corpus, "fresh", settings)
    rows = {row.tobytes() for (source, _), _ in found for row in source}
    held = corpus.coding.source([s for s, _ in corpus.test], "letters")
    assert len(rows) > 100 and not rows & {row.tobytes() for row in held}


def test_training_errors_are_not_test_errors(corpus):
    halves = corpus.training_errors.natural, corpus.test_errors.natural
    errors = [{e for others in half.values() for e in others} for half in halves]
    assert errors[0] and errors[1] and not errors[0] & errors[1]


@pytest.fixture
def files(tmp_path):
    for name, lines in {
        "train.de": ["Ein Haus, oder?", "", "Der Hut."] * 4,
        "train.en": ["A house, right?", "x", "The hat."] * 4,
        "test.de": ["Der Hut."],
        "test.en": ["The hat."],
        "de.natural": ["haus hauß haos", "hut huht hud"],
        "de.key": ["h g j", "u z i"],
    }.items():
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    paths = {f"{part}_{side}": str(tmp_path / f"{part}.{end}")
             for part in ("train", "test")
             for side, end in (("source", "de"), ("target", "en"))}  # fmt: skip
    return SMOKE.replace(source="text", batch_size=2, **paths), tmp_path


def test_plain_text_and_released_tables_are_read(files):
    settings, folder = files
    tables = {"natural_path": "de.natural", "key_path": "de.key"}
    tables = {name: str(folder / path) for name, path in tables.items()}
    corpus = data.load(settings.replace(**tables))
    assert len(corpus.train) == 8  # pairs with an empty side are left out
    words = ("ein", "haus", ",", "oder", "?"), ("a", "house", ",", "right", "?")
    assert corpus.train[0] == words
    assert corpus.test_errors.keyboard == {"h": ("g", "j"), "u": ("z", "i")}
    rng = np.random.default_rng(0)
    found = {noise.noisy_word("hut", "nat", rng, corpus.training_errors) for _ in "ab"}
    assert found <= {"huht", "hud"}
    assert len(batches(corpus, "nat", settings)) == 8


def test_files_of_iwslt_are_read(tmp_path):
    path = tmp_path / "dev.sgm"
    path.write_text(
        '<doc>\n<seg id="1"> Ein Haus. </seg>\n<seg id="2">Zwei</seg></doc>', "utf-8"
    )
    pairs = data.read_pairs(path, path)
    assert pairs[0][0] == ("ein", "haus", ".") and len(pairs) == 2
    tagged = tmp_path / "train.tags"
    tagged.write_text("<url>x</url>\nEin Haus\n<title>t</title>\n", "utf-8")
    assert data.read_pairs(tagged, tagged) == [(("ein", "haus"), ("ein", "haus"))]


def test_files_that_do_not_fit_are_refused(files, tmp_path):
    settings, folder = files
    with pytest.raises(UserError, match="test_target"):
        data.load(settings.replace(test_target=None))
    with pytest.raises(UserError, match="as many sentences"):
        data.load(settings.replace(test_target=settings.train_target))
    with pytest.raises(UserError, match="cannot read 'none.de'"):
        data.load(settings.replace(train_source=str(folder / "none.de")))
    with pytest.raises(UserError, match="batch_size"):
        SMOKE.replace(batch_size=100)
    with pytest.raises(UserError, match="fresh"):
        settings.replace(variants=("char", "fresh"))
