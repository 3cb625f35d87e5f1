# %% [markdown]
# # Exercise: noise, pieces and BLEU
#
# Seven functions to write (17 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `noisy_translation` first. Time:
# about two hours.
#
# **How it works.** Write each answer where the cell says so, then run the cell below
# it. Its tests say in words what is wrong. When you hand the notebook in, hidden tests
# are added: other words, extreme values, and properties that follow from the
# mathematics. A question gives all of its points or none.
#
# **The rules**
#
# * The functions here are *variants* of those in the lesson. Each question says what is
#   different, so a formula copied from the lesson is a wrong answer. The lesson's own
#   package `lessons.language.noisy_translation` cannot be imported.
# * Arrays come in and go out as NumPy arrays; numbers that are not whole have dtype
#   float64. Do not change the arrays, lists and dictionaries that you are given.
# * No function may call another question's function: each question is marked by itself.
#
# Noises take a list of words and a NumPy generator `rng`, and give a list of as many words.
# Draw from that generator only. A word may be empty.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `swap_unequal` (2 points)
#
# In the lesson Swap exchanges two neighbouring letters of a word, neither the first nor the
# last. In words such as *letter* it may exchange two equal letters, which changes nothing.
#
# **The variant.** Exchange two neighbouring inner letters that *differ*; all such pairs of a
# word are equally likely. A word without such a pair stays as it is.

# %% [markdown] hints="swap_unequal"
# 1. Which letters of a word of four may move? Which places can a pair begin at in a word of
#    length $L$?
# 2. Think of the list of places where something would change. When is it empty?
# 3. With places counted from 0 a pair begins between 1 and $L - 3$, both included. Keep those
#    whose two letters differ, choose one of them, and put the word together from four parts.


# %% nbgrader={"grade_id": "swap_unequal", "solution": true}
def swap_unequal(words, rng):
    """Exchange two inner neighbours that differ, in every word.

    Args:
        words: list of texts.
        rng: NumPy generator.

    Returns:
        List of texts.
    """
    ### BEGIN SOLUTION
    found = []
    for word in words:
        places = [i for i in range(1, len(word) - 2) if word[i] != word[i + 1]]
        if places:
            i = places[rng.integers(len(places))]
            word = word[:i] + word[i + 1] + word[i] + word[i + 2 :]
        found.append(word)
    return found
    ### END SOLUTION


# %% nbgrader={"grade_id": "swap_unequal_tests", "grade": true, "points": 2, "axes": null}
def check_swap_unequal():
    rng = np.random.default_rng(0)
    found = swap_unequal(["der", "abcd", "anna"], rng)
    assert isinstance(found, list) and len(found) == 3, "a list of as many words"
    assert found[1] == "acbd", (
        "of abcd only the two inner letters may change places: acbd"
    )
    assert found[0] == "der", "a word of three letters has no two inner letters"
    assert found[2] == "anna", "the inner letters of anna are equal: it stays"
    assert set(swap_unequal(["letter"] * 50, rng)) == {"lteter", "letetr"}, (
        "letter has two pairs that differ: lteter and letetr"
    )


check_swap_unequal()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_swap_unequal():
    rng = np.random.default_rng(1)
    assert swap_unequal([], rng) == [], "no words, no words"
    short = ["", "a", "ab", "abc", "aba", "abbc"]
    assert swap_unequal(short, rng) == short, "words without such a pair stay"
    for word in ("abcde", "banane", "abbbcd", "schlüssel", "aabb"):
        legal = set()
        for i in range(1, len(word) - 2):
            other = word[:i] + word[i + 1] + word[i] + word[i + 2 :]
            if other != word:
                legal.add(other)
        found = swap_unequal([word] * 1500, rng)
        assert set(found) == (legal or {word}), (
            "two inner neighbours that differ change places, nothing else: "
            "the first and the last letter stay"
        )
        for other in legal:  # 4 standard errors
            p = 1 / len(legal)
            assert abs(found.count(other) / 1500 - p) < 4 * (p / 1500) ** 0.5, (
                "all pairs that differ are equally likely"
            )
    many = ("abcdefgh",) * 20
    first = swap_unequal(list(many), np.random.default_rng(5))
    assert first == swap_unequal(list(many), np.random.default_rng(5)), (
        "draw from the generator given: the same seed gives the same words"
    )
    assert first != swap_unequal(list(many), np.random.default_rng(6)), (
        "draw from the generator given: another seed gives other words"
    )


decide_swap_unequal()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `middle_random` (2 points)
#
# In the lesson Mid keeps the first and the last letter and puts all others into a random order.
#
# **The variant.** It keeps the first `keep` and the last `keep` letters, where `keep` may be 0.
# All orders of the letters between them are equally likely, the one they have among them.
# A word with fewer than two letters between them stays as it is.

# %% [markdown] hints="middle_random"
# 1. What stays of *wochentag* with `keep` 2? How long is the part that is left?
# 2. Is a random order allowed to be the old one? Are two equal letters one letter?
# 3. Cut the word into three parts by its length, not by negative places, which mean something
#    else at 0; permute the *places* of the middle part.


# %% nbgrader={"grade_id": "middle_random", "solution": true}
def middle_random(words, rng, keep):
    """Put the letters in the middle of every word into a random order.

    Args:
        words: list of texts.
        rng: NumPy generator.
        keep: letters that stay at either end, a whole number of at least 0.

    Returns:
        List of texts.
    """
    ### BEGIN SOLUTION
    found = []
    for word in words:
        end = len(word) - keep
        if end - keep >= 2:
            order = keep + rng.permutation(end - keep)
            word = word[:keep] + "".join(word[i] for i in order) + word[end:]
        found.append(word)
    return found
    ### END SOLUTION


# %% nbgrader={"grade_id": "middle_random_tests", "grade": true, "points": 2, "axes": null}
def check_middle_random():
    rng = np.random.default_rng(0)
    found = middle_random(["wochentag", "der", "abcd"], rng, 2)
    assert isinstance(found, list) and len(found) == 3, "a list of as many words"
    assert found[0][:2] == "wo" and found[0][-2:] == "ag", "both ends of a word stay"
    assert sorted(found[0]) == sorted("wochentag"), "the letters stay the same"
    assert found[1:] == ["der", "abcd"], "nothing lies between the ends: the word stays"
    both = middle_random(["abcd"] * 100, rng, 1)
    assert set(both) == {"abcd", "acbd"}, (
        "the middle of abcd has two orders, and one of them is the old one"
    )


check_middle_random()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_middle_random():
    import itertools

    rng = np.random.default_rng(2)
    assert middle_random([], rng, 1) == [], "no words, no words"
    short = ["", "a", "ab", "abc", "abcde"]
    assert middle_random(short, rng, 2) == short, (
        "fewer than two letters between the ends: the word stays"
    )
    for word, keep in (("abc", 0), ("abcd", 1), ("kommen", 1), ("abcdefg", 2)):
        middle = word[keep : len(word) - keep]
        orders = [
            word[:keep] + "".join(order) + word[len(word) - keep :]
            for order in itertools.permutations(middle)
        ]
        found = middle_random([word] * 2000, rng, keep)
        assert set(found) == set(orders), (
            "every order of the letters between the ends comes, and no other"
        )
        for one in set(orders):  # 4 standard errors
            p = orders.count(one) / len(orders)
            assert abs(found.count(one) / 2000 - p) < 4 * (p / 2000) ** 0.5, (
                "all orders of the places are equally likely, the old one too"
            )
    found = middle_random(["abc"] * 6000, rng, 0)
    squares = [(found.count(order) - 1000) ** 2 / 1000 for order in set(found)]
    assert (
        sum(squares) < 30
    ), (  # chi-square with 5 degrees: chance exceeds it 1 in 65,000
        "all six orders of three letters are equally likely"
    )
    many = ("abcdefgh",) * 20
    first = middle_random(list(many), np.random.default_rng(5), 1)
    assert first == middle_random(list(many), np.random.default_rng(5), 1), (
        "draw from the generator given: the same seed gives the same words"
    )
    assert first != middle_random(list(many), np.random.default_rng(6), 1), (
        "draw from the generator given: another seed gives other words"
    )
    assert len(set(first)) > 10, "each word has an order of its own"


decide_middle_random()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `typos` (2 points)
#
# In the lesson Key mistypes one letter of a word.
#
# **The variant.** *Every* letter is mistyped with probability `rate`, each by itself. A mistyped
# letter becomes one of the letters that the table has for it, all equally likely; the table has
# small letters only, and a capital becomes a capital. A table may list a letter beside itself:
# that is no typing error and is never chosen. A letter without others in the table stays.

# %% [markdown] hints="typos"
# 1. How many letters of a word may change now? What decides it for each of them?
# 2. What does the table say about "G"? And when is the list of a letter empty?
# 3. For each letter: look its small form up, leave the letter itself out, and where something
#    is left and the dice say so, choose from it and give it the size of the old letter.


# %% nbgrader={"grade_id": "typos", "solution": true}
def typos(words, rng, table, rate):
    """Mistype letters.

    Args:
        words: list of texts.
        rng: NumPy generator.
        table: dictionary from small letters to texts of the letters beside them.
        rate: probability that a letter is mistyped, from 0 to 1.

    Returns:
        List of texts.
    """
    ### BEGIN SOLUTION
    found = []
    for word in words:
        letters = []
        for letter in word:
            small = letter.lower()
            others = [other for other in table.get(small, "") if other != small]
            if others and rng.random() < rate:
                typed = others[rng.integers(len(others))]
                letter = typed.upper() if letter.isupper() else typed
            letters.append(letter)
        found.append("".join(letters))
    return found
    ### END SOLUTION


# %% nbgrader={"grade_id": "typos_tests", "grade": true, "points": 2, "axes": null}
def check_typos():
    rng = np.random.default_rng(0)
    table = {"a": "q", "b": "vn"}
    assert typos(["aa", "xy"], rng, table, 1.0) == ["qq", "xy"], (
        "with rate 1 every letter of the table changes; x and y are not in it"
    )
    assert typos(["ab"], rng, table, 0.0) == ["ab"], "with rate 0 nothing changes"
    assert typos(["A"], rng, table, 1.0) == ["Q"], "a capital becomes a capital"
    assert typos(["aa"], rng, {"a": "aq"}, 1.0) == ["qq"], (
        "a letter is never mistyped as itself, even if the table lists it"
    )


check_typos()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_typos():
    rng = np.random.default_rng(3)
    table = {"a": "qwa", "b": "vghn", "c": "c", "d": ""}
    assert typos([], rng, table, 0.5) == [] and typos([""], rng, table, 1.0) == [""], (
        "no words and no letters stay so"
    )
    assert typos(["cdé"], rng, table, 1.0) == ["cdé"], (
        "where the table has nothing else the letter stays"
    )
    for rate in (0.2, 0.7, 1.0):
        found = typos(["abABz"] * 1500, rng, table, rate)
        assert all(len(word) == 5 and word[4] == "z" for word in found), (
            "the number of letters stays"
        )
        for place, (letter, others) in enumerate(
            (("a", "qw"), ("b", "vghn"), ("A", "QW"), ("B", "VGHN"))
        ):
            typed = [word[place] for word in found]
            assert set(typed) <= set(others + letter), (
                "a letter becomes one of those beside it, a capital a capital"
            )
            for other in others:  # 4 standard errors
                p = rate / len(others)
                error = 4 * (p * (1 - p) / 1500) ** 0.5
                assert abs(typed.count(other) / 1500 - p) <= error, (
                    "each letter is mistyped with probability `rate`, "
                    "all letters beside it equally likely"
                )
        both = np.mean([w[0] != "a" and w[1] != "b" for w in found])
        error = 4 * (rate**2 * (1 - rate**2) / 1500) ** 0.5
        assert abs(both - rate**2) <= error, "each letter by itself"
    many = ("abab",) * 20
    first = typos(list(many), np.random.default_rng(5), table, 0.5)
    assert first == typos(list(many), np.random.default_rng(5), table, 0.5), (
        "draw from the generator given: the same seed gives the same words"
    )
    assert first != typos(list(many), np.random.default_rng(6), table, 0.5), (
        "draw from the generator given: another seed gives other words"
    )


decide_typos()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `mean_char` (3 points)
#
# In the lesson meanChar reads a word as the mean of its letters' vectors.
#
# **The variant.** The first and the last letter of a word count `ends` times as much as the
# others, so that words with the same ends and the same letters between them are one. The number
# 0 stands behind the last letter and is no letter; a word without letters has the vector 0.

# %% [markdown] hints="mean_char"
# 1. How many letters has each word? Where is its last one?
# 2. A weighted mean divides by the sum of the weights. Which weights has a word of one letter,
#    and one of two?
# 3. Give each letter the weight 1, the place 0 and the last place of each word the weight `ends`,
#    and padding 0. Where the sum of the weights is 0 the answer is 0.


# %% nbgrader={"grade_id": "mean_char", "solution": true}
def mean_char(ids, table, ends):
    """Vectors of words from their letters, the ends of the words weighed more.

    Args:
        ids: numbers of letters, 0 behind the last one, shape (words, letters).
        table: vectors of letters by number, shape (symbols, dim); its row 0 means nothing.
        ends: weight of the first and of the last letter, above 0.

    Returns:
        Shape (words, dim).
    """
    ### BEGIN SOLUTION
    weights = (ids != 0).astype(float)
    lengths = (ids != 0).sum(1)
    for row, length in enumerate(lengths):
        if length:
            weights[row, [0, length - 1]] = ends
    total = weights.sum(1, keepdims=True)
    sums = np.einsum("wl,wld->wd", weights, table[ids])
    return np.divide(sums, total, out=np.zeros_like(sums), where=total > 0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "mean_char_tests", "grade": true, "points": 3, "axes": 2}
def check_mean_char():
    table = np.array([[9.0, 9.0], [1.0, 0.0], [0.0, 1.0], [2.0, 2.0]])
    found = mean_char(np.array([[1, 2, 0, 0]]), table, 1.0)
    assert np.shape(found) == (1, 2), "one vector for each word"
    assert np.allclose(found, [[0.5, 0.5]]), (
        "two letters of weight 1: half of each; padding does not count"
    )
    found = mean_char(np.array([[1, 2, 1]]), table, 2.0)
    assert np.allclose(found, [[0.8, 0.2]]), (
        "weights 2, 1, 2: four fifths of the ends and one fifth of the middle"
    )
    assert np.allclose(mean_char(np.array([[3, 0]]), table, 5.0), [[2, 2]]), (
        "a word of one letter has that letter's vector"
    )


check_mean_char()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_mean_char():
    rng = np.random.default_rng(4)
    table = rng.normal(size=(8, 3))
    assert np.array_equal(
        mean_char(np.zeros((2, 4), int), table, 2.0), np.zeros((2, 3))
    ), "a word without letters has the vector 0"
    for words, letters, ends in ((1, 1, 3.0), (6, 7, 2.5), (9, 4, 0.5), (5, 9, 1.0)):
        ids = rng.integers(1, 8, (words, letters))
        lengths = rng.integers(0, letters + 1, words)
        ids[np.arange(letters) >= lengths[:, None]] = 0
        expected = np.zeros((words, 3))
        for row in range(words):
            total = 0.0
            for place in range(lengths[row]):
                at_end = place in (0, lengths[row] - 1)
                weight = ends if at_end else 1.0
                expected[row] += weight * table[ids[row, place]]
                total += weight
            if total:
                expected[row] /= total
        found = mean_char(ids, table, ends)
        assert np.allclose(found, expected), (
            "a mean weighed by `ends` at both ends of each word and 1 between, "
            "padding left out"
        )
        wider = np.pad(ids, ((0, 0), (0, 5)))
        assert np.allclose(mean_char(wider, table, ends), found), (
            "more padding changes nothing"
        )
    same = mean_char(np.array([[1, 2, 3, 4], [1, 3, 2, 4], [2, 1, 3, 4]]), table, 2.0)
    assert np.allclose(same[0], same[1]), "the order between the ends does not matter"
    assert not np.allclose(same[0], same[2]), "which letter stands at the end matters"


decide_mean_char()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `bpe_merges` (3 points)
#
# Byte pair encoding merges the pair of neighbouring pieces that is seen most often. Words start as
# their letters and the end mark `</w>`; a pair counts once for each time its word was seen (and each
# time it stands in the word); of equally frequent pairs the first in alphabetical order wins, as
# Python compares tuples of texts (`</w>` comes before all letters).
#
# **The variant.** A pair that is seen fewer than `least` times is not merged any more: the list ends
# there, or after `n` merges, or when no pair is left.

# %% [markdown] hints="bpe_merges"
# 1. What does a pair in a frequent word weigh? What changes after a merge?
# 2. Pairs are counted anew in every round. Which pieces has *aaa* after `a`, `a` was merged, from the
#    left?
# 3. In each round: count, find the best pair, stop if it is too rare, note it, and replace it in all
#    words, going through the pieces from the left and never using a piece twice.


# %% nbgrader={"grade_id": "bpe_merges", "solution": true}
def bpe_merges(counts, n, least):
    """Learn merges.

    Args:
        counts: dictionary from words to how often each was seen.
        n: merges at most.
        least: a pair that is seen more rarely is not merged; at least 1.

    Returns:
        List of pairs (tuples of two texts) in the order in which they were merged.
    """
    ### BEGIN SOLUTION
    words = [([*word, "</w>"], count) for word, count in counts.items()]
    merges = []
    while len(merges) < n:
        pairs = {}
        for pieces, count in words:
            for pair in zip(pieces, pieces[1:], strict=False):
                pairs[pair] = pairs.get(pair, 0) + count
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        if pairs[best] < least:
            break
        merges.append(best)
        for pieces, _ in words:
            i = 0
            while i < len(pieces) - 1:
                if (pieces[i], pieces[i + 1]) == best:
                    pieces[i : i + 2] = [pieces[i] + pieces[i + 1]]
                i += 1
    return merges
    ### END SOLUTION


# %% nbgrader={"grade_id": "bpe_merges_tests", "grade": true, "points": 3, "axes": null}
def check_bpe_merges():
    counts = {"low": 5, "lower": 2, "newest": 6, "widest": 3}
    found = bpe_merges(counts, 4, 1)
    assert len(found) == 4, "four merges were asked for"
    assert found[0] == ("e", "s"), (
        "e s is seen nine times, as are s t and t </w>: the first in the alphabet wins"
    )
    assert found[2] == ("est", "</w>"), "then es t, then est </w>"
    assert bpe_merges(counts, 50, 9) == found[:3], (
        "no other pair is seen nine times: the list ends after three"
    )


check_bpe_merges()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_bpe_merges():
    counts = {"low": 5, "lower": 2, "newest": 6, "widest": 3}
    assert bpe_merges({}, 5, 1) == [] and bpe_merges(counts, 0, 1) == [], (
        "no words or no merges: an empty list"
    )
    assert bpe_merges({"ab": 1}, 50, 1) == [("a", "b"), ("ab", "</w>")], (
        "the list ends when no pair is left"
    )
    assert bpe_merges({"ab": 3, "cd": 2}, 50, 3) == [("a", "b"), ("ab", "</w>")], (
        "exactly `least` times is often enough"
    )
    assert bpe_merges({"aaab": 1, "xy": 2}, 2, 2) == [("a", "a"), ("x", "y")], (
        "a pair counts each time it stands in the word, overlaps too"
    )
    # A count that is not renewed after a merge would take (b, c) second, seen six times.
    assert bpe_merges({"abc": 4, "abd": 3, "bc": 2}, 2, 1)[1] == ("c", "</w>"), (
        "count anew after each merge"
    )

    def reference(counts, n, least):
        text = {word: [*word, "</w>"] for word in counts}
        merges = []
        for _ in range(n):
            seen = {}
            for word, pieces in text.items():
                for i in range(len(pieces) - 1):
                    pair = pieces[i], pieces[i + 1]
                    seen[pair] = seen.get(pair, 0) + counts[word]
            ranked = sorted(seen.items(), key=lambda item: (-item[1], item[0]))
            if not ranked or ranked[0][1] < least:
                return merges
            pair = ranked[0][0]
            merges.append(pair)
            for word, pieces in text.items():
                new = []
                for piece in pieces:
                    last = new[-1] if new else None
                    if (last, piece) == pair:
                        new[-1] = last + piece
                    else:
                        new.append(piece)
                text[word] = new
        return merges

    rng = np.random.default_rng(5)
    for size in (2, 3, 5):
        words = [
            "".join(rng.choice(list("abcd"[:size]), rng.integers(1, 7)))
            for _ in range(12)
        ]
        words = {word: int(rng.integers(1, 9)) for word in words}
        for least in (1, 4):
            found = bpe_merges(words, 12, least)
            assert found == reference(words, 12, least), (
                "count weighed by frequency, ties by the alphabet, count anew, stop at "
                "`least`"
            )


decide_bpe_merges()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: `bpe_segment` (2 points)
#
# In the lesson a word is cut into pieces by all merges in the order in which they were learned, and
# the end mark is a part of the last piece, or a piece of its own.
#
# **The variant.** Pieces come without the end mark. Instead, every piece but the last of the word ends
# with `@@`, as tools print it: *lowest* is `low@@`, `est`. An end mark that is a piece of its own
# vanishes.

# %% [markdown] hints="bpe_segment"
# 1. Which merge is applied first: the longest that fits, or the one learned first?
# 2. The merges were learned with the end mark. When can you take it away?
# 3. Start from letters and end mark, apply each merge from the left without overlaps, then take the
#    mark off the last piece, drop that piece if nothing is left, and mark all but the last.


# %% nbgrader={"grade_id": "bpe_segment", "solution": true}
def bpe_segment(word, merges):
    """Cut a word into pieces.

    Args:
        word: a text of at least one letter.
        merges: list of pairs, the one learned first in front.

    Returns:
        List of texts.
    """
    ### BEGIN SOLUTION
    pieces = [*word, "</w>"]
    for pair in merges:
        new = []
        for piece in pieces:
            if new and (new[-1], piece) == tuple(pair):
                new[-1] += piece
            else:
                new.append(piece)
        pieces = new
    pieces[-1] = pieces[-1][: -len("</w>")]
    if not pieces[-1]:
        pieces.pop()
    return [piece + "@@" for piece in pieces[:-1]] + pieces[-1:]
    ### END SOLUTION


# %% nbgrader={"grade_id": "bpe_segment_tests", "grade": true, "points": 2, "axes": null}
def check_bpe_segment():
    merges = [("e", "s"), ("es", "t"), ("est", "</w>"), ("l", "o"), ("lo", "w")]
    assert bpe_segment("lowest", merges) == ["low@@", "est"], (
        "the pieces of lowest are low@@ and est"
    )
    assert bpe_segment("low", merges) == ["low"], (
        "the end mark stands alone here, and vanishes; the last piece has no @@"
    )
    assert bpe_segment("ab", []) == ["a@@", "b"], "without merges: the letters"


check_bpe_segment()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_bpe_segment():
    assert bpe_segment("abc", [("b", "c"), ("a", "b")]) == ["a@@", "bc"], (
        "the merge that was learned first is applied first"
    )
    assert bpe_segment("abc", [("a", "b"), ("b", "c")]) == ["ab@@", "c"], (
        "the merge that was learned first is applied first"
    )
    assert bpe_segment("aaa", [("a", "a")]) == ["aa@@", "a"], (
        "from the left, without overlaps"
    )
    assert bpe_segment("aaaa", [("a", "a"), ("aa", "aa")]) == ["aaaa"], (
        "a merge joins pieces that were merged before"
    )
    assert bpe_segment("ab", [("b", "</w>"), ("a", "b")]) == ["a@@", "b"], (
        "with its end mark b is another piece: a and b are not merged"
    )
    assert bpe_segment("a", []) == ["a"], "one letter is the last piece"
    rng = np.random.default_rng(6)
    for _ in range(60):
        word = "".join(rng.choice(list("abc"), rng.integers(1, 9)))
        pool, merges = ["a", "b", "c", "</w>"], []
        for _ in range(int(rng.integers(0, 7))):
            left = str(rng.choice([p for p in pool if not p.endswith(">")]))
            right = str(rng.choice(pool))
            merges.append((left, right))
            pool.append(left + right)
        pieces = [*word, "</w>"]
        for left, right in merges:
            i = 0
            while i < len(pieces) - 1:
                if pieces[i] == left and pieces[i + 1] == right:
                    pieces[i : i + 2] = [left + right]
                i += 1
        whole = [piece.replace("</w>", "") for piece in pieces]
        whole = [piece for piece in whole if piece]
        expected = [piece + "@@" for piece in whole[:-1]] + [whole[-1]]
        found = bpe_segment(word, merges)
        assert found == expected, "all merges in order, then the marks"
        assert "".join(found).replace("@@", "") == word, "joined they are the word"


decide_bpe_segment()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 7: `bleu` (3 points)
#
# $$\mathrm{BLEU} = 100 \min\big(1, e^{1 - r/h}\big) \exp\Big(\tfrac14 \sum_{n=1}^4 \log p_n\Big)$$
#
# with $p_n$ the n-grams found in a reference over all n-grams, both summed over the corpus.
#
# **The variant.** A sentence has one or more references. An n-gram counts at most as often as in
# *that* reference which has it most often. To $r$ each sentence adds the length of the reference that
# is nearest in length to the answer, the shorter one of two that are equally near.

# %% [markdown] hints="bleu"
# 1. Is a mean of ratios the ratio of the sums? How often does *the* count in *the the the*?
# 2. What does a second reference change in the counts, and what in $r$? When is there no penalty?
# 3. For each n and each sentence: counts of the answer, cut at the largest count in any reference;
#    add matches and totals over sentences; then the geometric mean of four ratios times the penalty.
#    Without a match or without n-grams for some n the answer is 0.


# %% nbgrader={"grade_id": "bleu", "solution": true}
def bleu(hypotheses, references):
    """Corpus BLEU with several references.

    Args:
        hypotheses: list of sentences, each a list of words.
        references: list of as many lists of sentences.

    Returns:
        A number from 0 to 100; 0 where some n has no match.
    """
    ### BEGIN SOLUTION
    from collections import Counter

    matches, totals, h, r = [0] * 4, [0] * 4, 0, 0
    for words, rights in zip(hypotheses, references, strict=True):
        h += len(words)
        r += min((abs(len(right) - len(words)), len(right)) for right in rights)[1]
        for n in range(1, 5):

            def grams(sentence, n=n):
                spans = range(len(sentence) - n + 1)
                return Counter(tuple(sentence[i : i + n]) for i in spans)

            most = Counter()
            for right in rights:
                most |= grams(right)
            found = grams(words)
            matches[n - 1] += sum((found & most).values())
            totals[n - 1] += sum(found.values())
    if min(matches) == 0:
        return 0.0
    mean = np.mean([np.log(m / t) for m, t in zip(matches, totals, strict=True)])
    return float(100 * min(1.0, np.exp(1 - r / h)) * np.exp(mean))
    ### END SOLUTION


# %% nbgrader={"grade_id": "bleu_tests", "grade": true, "points": 3, "axes": 0}
def check_bleu():
    right = "the cat sat on the mat".split()
    assert np.isclose(bleu([right], [[right]]), 100), "the reference itself has 100"
    found = bleu(["the cat sat on mat".split()], [[right]])
    assert np.isclose(found, 57.893007), (
        "precisions 5/5, 3/4, 2/3, 1/2 and a penalty of exp(1 - 6/5)"
    )
    assert bleu([["dog"]], [[right]]) == 0, "no n-gram is right: 0"
    two = bleu([list("abcdef")], [[list("abcdxx"), list("yycdef")]])
    assert np.isclose(two, 100 * (2 / 3) ** 0.25), (
        "each n-gram may be found in either reference: only bcde is in none"
    )


check_bleu()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_bleu():
    h, r = [list("abcde"), list("fghij")], [[list("abcdx")], [list("fghij")]]
    assert np.isclose(bleu(h, r), 83.759224, atol=1e-6), (
        "matches and totals are summed over the corpus, then divided: no mean of "
        "sentences"
    )
    assert np.isclose(bleu([list("abcdef")], [[list("abcde")]]), 75.983569), (
        "a long answer has no penalty"
    )
    assert np.isclose(
        bleu([[*"abcde", "a", "a"]], [[[*"abcde", "x", "a"]]]),
        100 * (6 / 7 * 4 / 6 * 3 / 5 * 2 / 4) ** 0.25,
    ), "an n-gram counts at most as often as it stands in the reference"
    assert np.isclose(
        bleu([list("aabcd")], [[list("aabce"), list("xabcd")]]),
        100 * (5 / 5 * 4 / 4 * 3 / 3 * 2 / 2) ** 0.25,
    ), "an n-gram may be found in any reference"
    assert np.isclose(
        bleu([list("abcdaa")], [[list("abcdax"), list("yabcdz")]]),
        100 * (5 / 6 * 4 / 5 * 3 / 4 * 2 / 3) ** 0.25,
    ), "counts of two references are not added: a counts twice, not three times"
    long, short = list("abcdef"), list("abcd")
    assert np.isclose(bleu([list("abcde")], [[long, short]]), 100), (
        "of two references equally near in length the shorter one counts: no penalty"
    )
    near = bleu([list("abcd")], [[list("abcdef"), list("abcdefghij")]])
    assert np.isclose(near, 100 * np.exp(1 - 6 / 4)), (
        "the reference nearest in length counts for r"
    )
    assert bleu([list("abc")], [[list("abc")]]) == 0, (
        "an answer without n-grams of four words has none right: 0"
    )
    assert bleu([list("abcxabc")], [[list("abcyabc")]]) == 0, (
        "without a match for n = 4 it is 0: nothing is added to the counts"
    )
    rng = np.random.default_rng(7)
    for _ in range(25):
        hyps, refs = [], []
        for _ in range(int(rng.integers(1, 6))):
            base = rng.choice(list("abcd"), rng.integers(4, 10)).tolist()
            options = []
            for _ in range(int(rng.integers(1, 4))):
                other = [w if rng.random() < 0.85 else "e" for w in base]
                options.append(other[: int(rng.integers(3, len(other) + 1))])
            hyps.append(base[: int(rng.integers(1, len(base) + 1))])
            refs.append(options)
        product, r = 1.0, 0
        for n in range(1, 5):
            right = total = 0
            for words, options in zip(hyps, refs, strict=True):
                seen = [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]
                total += len(seen)
                for gram in set(seen):
                    most = max(
                        sum(tuple(o[i : i + n]) == gram for i in range(len(o)))
                        for o in options
                    )
                    right += min(seen.count(gram), most)
            product *= right / total if total else 0.0
        for words, options in zip(hyps, refs, strict=True):
            lengths = sorted(map(len, options))
            r += min(lengths, key=lambda k, words=words: abs(k - len(words)))
        h = sum(map(len, hyps))
        expected = 100 * min(1, np.exp(1 - r / h)) * product**0.25
        assert np.isclose(bleu(hyps, refs), expected), (
            "clipped counts summed over the corpus, a geometric mean over n = 1 to 4, "
            "and a penalty for the whole corpus"
        )


decide_bleu()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 8: what is shown? (3 points)
#
# 1. "Trained on Key, our model keeps 90 of 95 BLEU under Key. It is robust against noise." Which
#    columns does the table need before one may say so, and which row beside the model?
# 2. A model of the mean of letters has the same BLEU on clean and on scrambled text. Is that a result?
#    Which words would you put into the test set to find out what it costs?
# 3. "After training on scrambled words the variance of the filters along the word has halved: the
#    network has learned to ignore the order." Name one other thing that halves this variance, and a
#    number that it does not change. Which measurement shows what the network ignores?
#
# Six to twelve sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "shown", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. Noises that it was not trained on (Rand, Nat), and errors of the same kind that were not in the
#    training data. Beside it the model trained on clean sentences with as many updates, and a floor:
#    a constant answer is perfectly robust. *Half a point* without either rival.
# 2. No: the mean does not depend on the order, so it follows from the definition (a vector of zeros
#    has it too). Anagrams with the same gender and number, such as Lampe, Palme and Ampel: there the
#    model can only guess.
# 3. All weights becoming smaller, by decay or by a smaller scale of the features behind. The variance
#    divided by the mean square of the weights does not change then. What is ignored is shown by the
#    vectors of scrambled spellings: how far they lie apart, compared with how far words do (or by the
#    translations). A filter that is constant along the word still sees the order, through the largest
#    response.
# ### END SOLUTION
