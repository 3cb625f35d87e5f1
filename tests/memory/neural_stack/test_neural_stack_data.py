"""Tasks and grammars: right targets, right steps, sentences that a parser accepts."""

import numpy as np
import pytest

from lessons.memory.neural_stack import config, data, evaluation, grammars
from lessons.toolkit.errors import UserError

LAPTOP = config.PRESETS["laptop"]


def rng(seed=0):
    return np.random.default_rng(seed)


def read_back(settings, batch, row):
    """(source, target) of a row, as the inputs show and the mask asks for them."""
    shown = batch.inputs[row]
    end = int(np.flatnonzero(shown == data.symbols(settings) + 1)[0])
    start = int(settings.markers)
    asked = batch.mask[row] > 0
    assert np.all(batch.targets[row][~asked] == 0)
    first = end + (settings.feed == "blank")
    where = np.flatnonzero(asked)
    assert list(where) == list(range(first, first + len(where)))
    return shown[start:end].tolist(), (batch.targets[row][asked] + 1).tolist()


@pytest.mark.parametrize("feed", ["blank", "previous"])
@pytest.mark.parametrize("markers", [False, True])
@pytest.mark.parametrize("task", ["copy", "reversal", "flip"])
def test_simple_tasks_ask_for_the_right_symbols(task, markers, feed):
    settings = LAPTOP.replace(task=task, markers=markers, feed=feed, symbols=9)
    lengths = np.array([2, 6, 4, 8, 8])
    batch = data.draw(settings, rng(), lengths)
    assert batch.inputs.shape == (5, 17 + 2 * markers)
    for row, length in enumerate(lengths):
        source, target = read_back(settings, batch, row)
        assert len(source) == length and set(source) <= set(range(1, 10))
        swapped = [x for a, b in zip(source[::2], source[1::2], strict=True)
                   for x in (b, a)]  # fmt: skip
        expected = {"copy": source, "reversal": source[::-1], "flip": swapped}[task]
        assert target == expected + [12] * markers
        asked = np.flatnonzero(batch.mask[row])
        later = batch.inputs[row, asked[0] + 1 : asked[-1] + 1].tolist()
        after = target[:-1] if feed == "previous" else [0] * (len(target) - 1)
        assert later == after
        assert not batch.inputs[row, asked[-1] + 1 :].any()
        assert batch.inputs[row, 0] == 11 or not markers


def test_the_flip_of_an_odd_length_is_refused():
    with pytest.raises(UserError, match="even"):
        LAPTOP.replace(task="flip", train_lengths=(2, 3))
    settings = LAPTOP.replace(task="flip")
    with pytest.raises(UserError, match="got 5"):
        data.draw(settings, rng(), np.array([4, 5]))


def test_grammars_want_markers_and_one_length():
    with pytest.raises(UserError, match="markers"):
        LAPTOP.replace(task="gender", test_lengths=(1,))
    with pytest.raises(UserError, match="one length"):
        LAPTOP.replace(task="gender", markers=True)


class Parser:
    """Recursive descent over a sentence of the first grammar, which it translates."""

    def __init__(self, words):
        self.words, self.at, self.deepest = words, 0, 0

    def peek(self, kind):
        return self.at < len(self.words) and self.words[self.at].startswith(kind)

    def take(self, kind):
        assert self.peek(kind), (kind, self.at, self.words)
        self.at += 1
        return self.words[self.at - 1].replace(kind, kind[0] + "o", 1)

    def subject(self, depth):
        found = [self.take("si")]
        if self.peek("rpi"):
            self.at += 1
            found += ["rpo", *self.predicate(depth + 1)]
        return found

    def predicate(self, depth):
        self.deepest = max(self.deepest, depth)
        verb, objects = self.take("vi"), [self.take("oi")]
        while self.peek("oi"):
            objects.append(self.take("oi"))
        if self.peek("si"):
            objects += self.subject(depth + 1)
        return [*objects, verb]

    def sentence(self):
        found = self.subject(0) + self.predicate(0)
        assert self.at == len(self.words), "words are left over"
        return found


def test_verbs_go_behind_all_that_depends_on_them():
    draw, depths = rng(1), []
    for _ in range(300):
        source, target = grammars.svo_sov(draw)
        parser = Parser(source)
        assert parser.sentence() == target
        depths.append(parser.deepest)
    assert max(depths) > 1 and np.mean(np.array(depths) == 0) > 0.2
    assert not Parser("si1 vi2 oi3".split()).sentence() == "so1 vo2 oo3".split()


def test_articles_have_the_gender_of_the_noun_after_them():
    draw, seen = rng(2), set()
    table = {("the", "m"): "der", ("the", "f"): "die", ("the", "n"): "das",
             ("a", "m"): "ein", ("a", "f"): "eine", ("a", "n"): "ein"}  # fmt: skip
    for _ in range(200):
        source, target = grammars.gender(draw)
        assert len(source) == len(target) <= grammars.longest("gender")
        assert source[0].startswith("we") and target[0] == source[0].replace("e", "g")
        for k in range(1, len(source), 3):
            article, noun = source[k : k + 2]
            assert target[k] == table[article, noun[0]]
            assert target[k + 1] == noun[0] + "g" + noun[2:]
            seen.add((article, noun[0]))
        links = [(source[k], target[k]) for k in range(3, len(source), 3)]
        assert all(b == a.replace("and", "und") for a, b in links)
    assert seen == set(table)


@pytest.mark.parametrize("task", grammars.GRAMMARS)
def test_sentences_become_sequences_and_back(task):
    settings = LAPTOP.replace(task=task, markers=True, test_lengths=(1,), words=4)
    batch = data.draw(settings, rng(3), np.ones(40))
    words = grammars.vocabulary(task, 4)
    assert len(set(words)) == len(words) == data.symbols(settings)
    for row in range(40):
        source, target = read_back(settings, batch, row)
        assert target.pop() == len(words) + 3  # the end
        source, target = ([words[k - 1] for k in side] for side in (source, target))
        assert len(source) <= grammars.longest(task)
        if task == "svo_sov":
            assert Parser(source).sentence() == target
        else:
            assert [w[:1] for w in target[2::3]] == [w[:1] for w in source[2::3]]


def test_an_unknown_task_is_refused():
    with pytest.raises(UserError, match="task"):
        LAPTOP.replace(task="sort")


@pytest.mark.parametrize(
    ("told", "coarse", "fine"),
    [("abcd", 1, 1), ("abxd", 0, 0.5), ("xbcd", 0, 0), ("abcx", 0, 0.75)],
)
def test_fine_accuracy_ends_at_the_first_error(told, coarse, fine):
    target, mask = np.array([[9, *b"abcd", 7]]), np.array([[0, 1, 1, 1, 1, 0]])
    answers = np.array([[1, *told.encode(), 2]])  # what is not asked for does not count
    assert evaluation.coarse_fine(answers, target, mask) == (coarse, fine)


def test_fine_accuracy_is_a_mean_over_sequences():
    targets, mask = np.array([[1, 2, 3, 4], [1, 2, 0, 0]]), np.ones((2, 4))
    mask[1, 2:] = 0
    told = np.array([[1, 2, 9, 4], [1, 2, 9, 9]])
    assert evaluation.coarse_fine(told, targets, mask) == (0.5, 0.75)


@pytest.mark.parametrize("known", [0, 2, 6, 9])
def test_accuracy_of_who_knows_a_part_is_counted_out(known):
    draw, length = rng(4), 6
    targets = draw.integers(0, 3, (200_000, length))
    told = draw.integers(0, 3, targets.shape)
    told[:, :known] = targets[:, :known]
    found = evaluation.coarse_fine(told, targets, np.ones(targets.shape))
    settings = LAPTOP.replace(symbols=3)
    expected = evaluation.remembers(settings, length, known)
    np.testing.assert_allclose(found, expected, atol=4 * 0.5 / np.sqrt(200_000))
