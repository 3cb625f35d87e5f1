"""Values pass the wall unchanged, and no bytes do any harm."""

import decimal
import fractions
import random

import numpy as np
import pytest

from lessons.grading.isolated.codec import CodecError, Decoder, Encoder, Opaque


def there_and_back(value):
    head, values = Decoder().message(Encoder(id).message({"x": 1}, [value]))
    assert head == {"x": 1}
    return values[0]


@pytest.mark.parametrize(
    "value",
    [
        None,
        Ellipsis,
        True,
        -(3**80),
        0.1,
        float("-inf"),
        -0.0,
        1.5 - 2j,
        "tö\ud800"[:2],
        b"\x00\xff",
        [1, (2, {"a": {3}}), []],
        {(1, 2): frozenset({4})},
        slice(1, None, 2),
        range(3, 9, 2),
    ],
    ids=repr,
)
def test_plain_values_come_back_the_same(value):
    found = there_and_back(value)
    assert type(found) is type(value)
    assert repr(found) == repr(value)


def test_nan_comes_back():
    assert np.isnan(there_and_back(float("nan")))


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3).T,
        np.zeros((0, 4), np.int8),
        np.array(2.5, np.float32),
        np.array(["a", "bc"]),
        np.array([1 + 2j], np.complex64),
        np.arange(4, dtype=">i4"),
        np.array([True, False]),
    ],
    ids=lambda array: f"{array.dtype}{array.shape}",
)
def test_arrays_keep_dtype_shape_and_values(array):
    found = there_and_back(array)
    assert type(found) is np.ndarray
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    assert np.array_equal(found, array)
    assert found.flags.writeable


def test_numpy_numbers_keep_their_type():
    found = there_and_back(np.float32(0.1))
    assert type(found) is np.float32
    assert found == np.float32(0.1)


def test_subclasses_become_their_base():
    class Number(float):
        def __eq__(self, other):
            return True

        __hash__ = float.__hash__

    class Words(list):
        def __iter__(self):
            return iter([9, 9])

    assert type(there_and_back(Number(2))) is float
    assert there_and_back(Words([1])) == [1]
    masked = there_and_back(np.ma.masked_equal([1, 2], 2))
    assert type(masked) is np.ndarray
    assert masked.tolist() == [1, 2]


def test_random_generators_go_on_where_they_were():
    generator = np.random.default_rng(7)
    generator.normal(size=5)
    found = there_and_back(generator)
    assert found.normal() == generator.normal()
    found.integers(7), generator.integers(7)
    assert there_and_back(found).integers(9, size=3).tolist() == (
        generator.integers(9, size=3).tolist()
    )


def test_generators_of_other_kinds_are_refused():
    """Their states are arrays, and an impossible position ends the process."""
    for kind in (np.random.MT19937, np.random.Philox, np.random.SFC64):
        with pytest.raises(CodecError):
            Encoder(id).message({}, [np.random.Generator(kind(3))])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (fractions.Fraction(1, 4), 0.25),
        (decimal.Decimal("0.5"), 0.5),
        ({1: 2}.values(), [2]),
        ({1: 2}.keys(), [1]),
        ({1: 2}.items(), [(1, 2)]),
        ([0.5] * 500_000, [0.5] * 500_000),
        (tuple(range(300_000)), tuple(range(300_000))),
        (set(range(100)), set(range(100))),
        ([2**70] * 100, [2**70] * 100),
        ([1.0, 2] * 50, [1.0, 2] * 50),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_stands_for_a_number_or_a_sequence_is_one(value, expected):
    found = there_and_back(value)
    assert type(found) is type(expected)
    assert found == expected


def test_generators_of_values_are_iterators_once_more():
    found = there_and_back(value**2 for value in range(3))
    assert [*found, *found] == [0, 1, 4]


def test_arrays_of_objects_and_array_likes_become_arrays():
    class Like:
        def __array__(self, dtype=None, copy=None):
            return np.arange(3.0)

    assert there_and_back(Like()).tolist() == [0, 1, 2]
    found = there_and_back(np.array([[1, "a"], [None, (2,)]], dtype=object))
    assert found.dtype == object and found.tolist() == [[1, "a"], [None, (2,)]]


def test_an_object_becomes_a_stand_in_that_says_nothing():
    found = there_and_back(object())
    assert isinstance(found, Opaque)
    for use in (bool, len, float, np.asarray, list, lambda x: x == 1, hash):
        with pytest.raises(TypeError):
            use(found)


def test_without_numbers_for_them_objects_are_refused():
    for value in (object(), len, np.array([object()])):
        with pytest.raises(CodecError):
            Encoder().message({}, [value])


def test_what_is_too_large_is_refused():
    deep = []
    for _ in range(1000):
        deep = [deep]
    for value in (deep, 10**100_000, np.zeros(2**24), [None] * 300_000):
        with pytest.raises(CodecError):
            Encoder().message({}, [value])


def test_broken_messages_raise_nothing_else():
    generator = random.Random(0)
    value = [1, 0.5, "text", {"a": (1, 2)}, np.arange(5.0), np.random.default_rng(0)]
    good = Encoder(id).message({"head": 1}, [value])
    broken = 0
    for _ in range(20_000):
        data = bytearray(good)
        for _ in range(generator.randint(1, 6)):
            data[generator.randrange(len(data))] = generator.randrange(256)
        if generator.random() < 0.2:
            data = data[: generator.randrange(len(data))]
        try:
            Decoder().message(bytes(data))
        except CodecError:
            broken += 1
    assert broken > 5000


@pytest.mark.parametrize(
    "tree",
    [
        ["array", "<f8", [2**39], 0],
        ["array", "|O", [1], 0],
        ["array", "<f8", [-1], 0],
        ["message"],
        ["value", []],
        ["__init__"],
        ["random", "default_rng", "{}"],
        ["random", str(2**128), "1", "0", "0"],
        ["random", "1", "1", "2", "0"],
        ["random", "1", "1", "0", [1]],
        ["numbers", "dict", "d", 0],
        ["numbers", "list", "U9", 0],
        ["objects", [2], [["none"]]],
        ["objects", [2**39], []],
        ["int", "9" * 5000],
        ["dict", [[["list", []], ["none"]]]],
    ],
    ids=str,
)
def test_crafted_trees_are_refused(tree):
    import json

    text = json.dumps([{}, [tree], [8]]).encode()
    data = len(text).to_bytes(4, "little") + text + bytes(8)
    with pytest.raises(CodecError):
        Decoder().message(data)
