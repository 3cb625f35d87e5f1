"""A grammar that says one meaning in German, in French and in English.

German asks for genders, cases, endings of adjectives, the verb in the second place, the
participle or infinitive at the end and the time before the object; French puts
adjectives behind their nouns and gives them their endings. English has none of these:
a translation has to reorder words and to leave endings out.
"""

import typing

from lessons.language.noisy_translation import lexicon

TENSES = ("present", "perfect", "modal")
_WANTS = {
    "english": ("wants to", "want to"),
    "german": ("will", "wollen"),
    "french": ("veut", "veulent"),
}
_HAS = {"german": ("hat", "haben"), "french": ("a", "ont")}
_THE = {  # of German: case, then gender; "p" is the plural
    "nominative": {"m": "der", "f": "die", "n": "das", "p": "die"},
    "accusative": {"m": "den", "f": "die", "n": "das", "p": "die"},
}
_A = {
    "nominative": {"m": "ein", "f": "eine", "n": "ein"},
    "accusative": {"m": "einen", "f": "eine", "n": "ein"},
}
_VOWELS = "aeiouâàéèêîïôœh"


class Phrase(typing.NamedTuple):
    """A noun with what belongs to it.

    Attributes:
        noun: row of `lexicon.THINGS` or `lexicon.PERSONS`.
        kind: "the", "a" or "number".
        count: how many; 1 is the singular.
        adjective: row of `lexicon.ADJECTIVES`, or None.
    """

    noun: tuple
    kind: str
    count: int
    adjective: list | None = None


class Meaning(typing.NamedTuple):
    """What a sentence says, in no language.

    Attributes:
        subject, thing: `Phrase`s.
        verb: row of `lexicon.VERBS`.
        tense: one of `TENSES`.
        time: row of `lexicon.TIMES` or `lexicon.PLACES`, or None.
        first: whether the time stands first.
    """

    subject: Phrase
    thing: Phrase
    verb: list
    tense: str
    time: list | None
    first: bool


def draw(rng):
    """A random meaning.

    Args:
        rng: NumPy generator.
    """

    def one_of(rows):
        return rows[rng.integers(len(rows))]

    count = int(rng.integers(1, 3))
    subject = Phrase(one_of(lexicon.PERSONS), "the", count)
    kind = ("the", "the", "a", "number")[rng.integers(4)]
    number = 1 if kind == "a" else int(rng.integers(1, 3))
    if kind == "number":
        number = one_of(lexicon.COUNTS)
    adjective = one_of(lexicon.ADJECTIVES) if rng.random() < 0.6 else None
    thing = Phrase(one_of(lexicon.THINGS), kind, number, adjective)
    time = one_of(lexicon.TIMES + lexicon.PLACES) if rng.random() < 0.6 else None
    return Meaning(
        subject, thing, one_of(lexicon.VERBS), one_of(TENSES), time, rng.random() < 0.5
    )


def say(meaning, language):
    """The words of a meaning in a language.

    Args:
        meaning: a `Meaning`.
        language: "german", "french" or "english".

    Returns:
        A tuple of words in lower case.
    """
    clause = {"german": _german, "french": _french, "english": _english}[language]
    time = meaning.time[lexicon.COLUMNS[language]] if meaning.time else []
    return tuple(" ".join(clause(meaning, " ".join(time))).split())


def _english(meaning, time):
    subject, thing = (_english_phrase(p) for p in (meaning.subject, meaning.thing))
    many = meaning.subject.count > 1
    base, third, past = meaning.verb[0]
    verb = {
        "present": base if many else third,
        "perfect": past,
        "modal": f"{_WANTS['english'][many]} {base}",
    }[meaning.tense]
    if meaning.first:
        return time, subject, verb, thing
    return subject, verb, thing, time


def _english_phrase(phrase):
    noun = phrase.noun[0]
    adjective = phrase.adjective[0][0] if phrase.adjective else ""
    rest = f"{adjective} {noun.singular if phrase.count == 1 else noun.plural}".strip()
    if phrase.kind == "a":
        return f"{'an' if rest[0] in 'aeiou' else 'a'} {rest}"
    if phrase.kind == "number":
        return f"{lexicon.number_name(phrase.count, 'english')} {rest}"
    return f"the {rest}"


def _german(meaning, time):
    subject = _german_phrase(meaning.subject, "nominative")
    thing = _german_phrase(meaning.thing, "accusative")
    many = meaning.subject.count > 1
    infinitive, third, participle = meaning.verb[1]
    second, last = {
        "present": (infinitive if many else third, ""),
        "perfect": (_HAS["german"][many], participle),
        "modal": (_WANTS["german"][many], infinitive),
    }[meaning.tense]
    if meaning.first and time:  # one constituent stands before the verb, no more
        return time, second, subject, thing, last
    return subject, second, time, thing, last


def _german_phrase(phrase, case):
    noun, many = phrase.noun[1], phrase.count > 1
    gender = "p" if many else noun.gender
    adjective = ""
    if phrase.adjective:
        adjective = phrase.adjective[1][0] + german_ending(phrase.kind, case, gender)
    if phrase.kind == "number":
        head = lexicon.number_name(phrase.count, "german")
    else:
        head = (_THE if phrase.kind == "the" else _A)[case][gender]
    return f"{head} {adjective} {noun.plural if many else noun.singular}"


def german_ending(kind, case, gender):
    """The ending of a German adjective.

    Args:
        kind: "the" (weak), "a" (mixed) or "number" (strong).
        case: "nominative" or "accusative".
        gender: "m", "f", "n", or "p" for the plural.
    """
    if kind == "number":
        return "e"
    if gender == "p":
        return "en"
    if gender == "m" and case == "accusative":
        return "en"
    if kind == "a":
        return {"m": "er", "f": "e", "n": "es"}[gender]
    return "e"


def _french(meaning, time):
    subject, thing = (_french_phrase(p) for p in (meaning.subject, meaning.thing))
    many = meaning.subject.count > 1
    infinitive, third, plural, participle = meaning.verb[2]
    verb = {
        "present": plural if many else third,
        "perfect": f"{_HAS['french'][many]} {participle}",
        "modal": f"{_WANTS['french'][many]} {infinitive}",
    }[meaning.tense]
    if meaning.first:
        return time, subject, verb, thing
    return subject, verb, thing, time


def _french_phrase(phrase):
    noun, many = phrase.noun[2], phrase.count > 1
    word = noun.plural if many else noun.singular
    adjective = ""
    if phrase.adjective:
        adjective = phrase.adjective[2][noun.gender == "f"]
        adjective += "s" if many else ""
    if phrase.kind == "number":
        head = lexicon.number_name(phrase.count, "french")
    elif phrase.kind == "a":
        head = "une" if noun.gender == "f" else "un"
    elif many:
        head = "les"
    elif word[0] in _VOWELS:
        return f"l'{word} {adjective}"
    else:
        head = "la" if noun.gender == "f" else "le"
    return f"{head} {word} {adjective}"
