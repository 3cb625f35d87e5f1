"""Two synchronous grammars: a sentence and its translation, grown together.

The paper's tasks, rebuilt from its description (its own grammars are not printed): the
first moves verbs from the middle to the end, the second gives articles a gender that
only the noun after them knows. A sentence is a list of words; every word of the source
language has a twin in the target language.
"""

import functools

NOUNS, VERBS, LINKS = 10, 10, 3  # words of each kind
GENDERS = ("m", "f", "n")
ARTICLES = {"m": "der", "f": "die", "n": "das"}
CHANCE = 0.3  # of one more relative clause, object or noun phrase
DEEPEST = 3


def svo_sov(rng, words=NOUNS, deepest=DEEPEST):
    """A sentence with its verbs in the middle, and its twin with verbs at the end.

    S -> NP VP; NP -> si | si rpi VP; VP -> vi OBJ; OBJ -> oi | oi OBJ | oi NP, where
    a subject may bear a relative clause, and the last object may be followed by another
    subject with a clause. In the target VP is OBJ vo: each verb goes behind all that
    depends on it.

    Args:
        rng: a NumPy generator.
        words: subjects, verbs and objects, each.
        deepest: relative clauses within each other, at most.

    Returns:
        (source, target): lists of words.
    """

    def subject(depth):
        """NP, as source and target."""
        k = int(rng.integers(words))
        source, target = [f"si{k}"], [f"so{k}"]
        if depth < deepest and rng.random() < CHANCE:
            inner = predicate(depth + 1)
            source += ["rpi", *inner[0]]
            target += ["rpo", *inner[1]]
        return source, target

    def predicate(depth):
        """VP, as source and target."""
        verb, more = int(rng.integers(words)), True
        source, target = [], []
        while more:
            k = int(rng.integers(words))
            source.append(f"oi{k}")
            target.append(f"oo{k}")
            more = rng.random() < CHANCE
        if depth < deepest and rng.random() < CHANCE:
            inner = subject(depth + 1)
            source += inner[0]
            target += inner[1]
        return [f"vi{verb}", *source], [*target, f"vo{verb}"]

    who, what = subject(0), predicate(0)
    return who[0] + what[0], who[1] + what[1]


def gender(rng, words=NOUNS, deepest=DEEPEST):
    """Sentences whose articles say nothing, and twins whose articles have a gender.

    S -> wi NP, NP -> article noun | article noun link NP. "the" and "a" become "der",
    "die", "das" and "ein", "eine", as the noun after them is.

    Args:
        rng: a NumPy generator.
        words: nouns of each gender, and opening words.
        deepest: links, at most.

    Returns:
        (source, target): lists of words, of one length.
    """
    k = int(rng.integers(words))
    source, target = [f"we{k}"], [f"wg{k}"]
    for depth in range(deepest + 1):
        kind = GENDERS[int(rng.integers(len(GENDERS)))]
        noun = int(rng.integers(words))
        definite = rng.random() < 0.5
        indefinite = "eine" if kind == "f" else "ein"
        source += ["the" if definite else "a", f"{kind}e{noun}"]
        target += [ARTICLES[kind] if definite else indefinite, f"{kind}g{noun}"]
        if depth == deepest or rng.random() >= 2 * CHANCE:
            break
        link = int(rng.integers(LINKS))
        source.append(f"and{link}")
        target.append(f"und{link}")
    return source, target


def vocabulary(task, words=NOUNS):
    """Every word of both languages, in a fixed order.

    Args:
        task: "svo_sov" or "gender".
        words: as of the grammar.

    Returns:
        A tuple of words.
    """
    numbers = range(words)
    if task == "svo_sov":
        kinds = ("si", "vi", "oi", "so", "vo", "oo")
        return ("rpi", "rpo", *(f"{kind}{k}" for kind in kinds for k in numbers))
    kinds = ("we", "wg", *(g + side for g in GENDERS for side in "eg"))
    small = ("the", "a", *ARTICLES.values(), "ein", "eine")
    links = tuple(f"{link}{k}" for link in ("and", "und") for k in range(LINKS))
    return (*small, *links, *(f"{kind}{k}" for kind in kinds for k in numbers))


GRAMMARS = {"svo_sov": svo_sov, "gender": gender}


def longest(task):
    """Words of the longest sentence that is kept; longer ones are drawn again."""
    return {"svo_sov": 24, "gender": 3 * DEEPEST + 3}[task]


@functools.cache
def numbers(task, words=NOUNS):
    """The number of each word, from 1 on: 0 is the blank."""
    return {word: k for k, word in enumerate(vocabulary(task, words), start=1)}


def draw(rng, task, words=NOUNS):
    """A pair of sentences as lists of numbers, see `numbers`.

    Args:
        rng: a NumPy generator.
        task: "svo_sov" or "gender".
        words: as of the grammar.
    """
    table, most = numbers(task, words), longest(task)
    while True:
        source, target = GRAMMARS[task](rng, words)
        if len(source) <= most:
            return [table[w] for w in source], [table[w] for w in target]
