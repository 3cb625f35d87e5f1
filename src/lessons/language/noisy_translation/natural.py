"""Misspellings as people might make them: tables for the lesson's words, by rules.

The rules were written for this lesson from what is often confused in German and French
spelling (lengthening signs, doubled consonants, vowels and endings that sound alike,
accents). The table shows what its author put in, no statistics of learners.
"""

import re
import zlib

# Pattern and what stands in its place; each match alone gives one misspelling.
RULES = {
    "german": (
        (r"ie", "i"),
        (r"(?<!i)e(?=[nlr]$)", ""),
        (r"ß", "ss"),
        (r"ss", "ß"),
        (r"([mnltpf])\1", r"\1"),
        (r"(?<=[aeiouäöü])([mlnt])(?=[aeiou])", r"\1\1"),
        (r"äu", "eu"),
        (r"ä(?!u)", "e"),
        (r"ü", "ö"),
        (r"(?<=[aeou])h(?=[bdglnrt])", ""),
        (r"^v", "f"),
        (r"d$", "t"),
        (r"t$", "d"),
        (r"g(?=t?$)", "k"),
        (r"(?<=.)b(?=t?$)", "p"),
        (r"z(?!w)", "tz"),
        (r"k(?=[aeu])", "ck"),
        (r"ei", "ai"),
        (r"eu", "oi"),
        (r"ch(?=[te]|$)", "sch"),
        (r"(?<!s)ch", "g"),
        (r"sch", "ch"),
        (r"er$", "a"),
        (r"^s(?=[aeiu])", "z"),
        (r"m$", "n"),
        (r"n$", "m"),
        (r"dr", "tr"),
    ),
    "french": (
        (r"[éèêë]", "e"),
        (r"[îï]", "i"),
        (r"û", "u"),
        (r"ç", "s"),
        (r"er$", "é"),
        (r"é$", "er"),
        (r"ent$", "e"),
        (r"(?<=.)s$", ""),
        (r"(?<=.)t$", ""),
        (r"(?<=[aeiou])$", "s"),
        (r"eau", "o"),
        (r"(?<!e)au", "o"),
        (r"([lmnrt])\1", r"\1"),
        (r"qu", "k"),
        (r"ai", "è"),
        (r"œu", "eu"),
        (r"^h", ""),
        (r"oi", "oua"),
        (r"c(?=[aou])", "k"),
        (r"en(?=[dt])", "an"),
    ),
}

# Patterns of the rules that only testing has, for errors of another habit.
NEW = {
    "german": (
        r"ß",
        r"(?<=[aeou])h(?=[bdglnrt])",
        r"t$",
        r"ei",
        r"ch(?=[te]|$)",
        r"er$",
    ),
    "french": (r"ç", r"ent$", r"eau", r"qu", r"oi"),
}


def misspellings(word, rules):
    """Misspellings of a word, one for each place where a rule fits.

    Args:
        word: in lower case.
        rules: pairs of pattern and replacement, such as `RULES["german"]`.

    Returns:
        A tuple in alphabetical order; short words may have none.
    """
    if len(word) < 3:
        return ()
    found = set()
    for pattern, replacement in rules:
        for match in re.finditer(pattern, word):
            found.add(
                word[: match.start()] + match.expand(replacement) + word[match.end() :]
            )
    return tuple(sorted(found - {word}))


def tables(words, language):
    """Three tables of misspellings: for training, for testing, and for new habits.

    The first two are made by the same rules and share no spelling; the third is made by
    the rules that `NEW` names, which the others do not have. Spellings that are another
    word of the list are left out.

    Args:
        words: the language's words.
        language: "german" or "french".

    Returns:
        (training, testing, new): dictionaries from words to tuples of misspellings.
    """
    words = sorted(set(words))

    def made_by(rules):
        found = {word: misspellings(word, rules) for word in words}
        return {w: [m for m in f if m not in found] for w, f in found.items()}

    usual = [rule for rule in RULES[language] if rule[0] not in NEW[language]]
    rare = [rule for rule in RULES[language] if rule[0] in NEW[language]]
    known = made_by(usual)
    new = {
        word: tuple(m for m in others if m not in known[word])
        for word, others in made_by(rare).items()
    }
    return *split(known), {word: others for word, others in new.items() if others}


def split(table):
    """Part a table of misspellings in two; the part depends on the spellings alone.

    Args:
        table: a dictionary from words to misspellings.

    Returns:
        (training, testing): no misspelling is in both.
    """
    halves = {}, {}
    for word, others in table.items():
        # Ordered by a checksum: every second one is for testing.
        ranked = sorted(others, key=lambda other: zlib.crc32(other.encode()))
        start = zlib.crc32(word.encode()) % 2
        for place, other in enumerate(ranked):
            halves[(place + start) % 2].setdefault(word, []).append(other)
    owners = [{o for others in half.values() for o in others} for half in halves]
    shared = owners[0] & owners[1]
    return tuple(
        {
            word: tuple(sorted(set(others) - shared))
            for word, others in half.items()
            if set(others) - shared
        }
        for half in halves
    )
