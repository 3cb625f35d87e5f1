"""The half of `codec` that turns bytes into values."""

import json
import math

import numpy as np

from lessons.grading.isolated import values


class Decoder:
    """Turns bytes into values.

    Args:
        resolve: function of (kind, name, number) for what stayed on the other side:
            kind is "function", "callable" (another object that can be called), "class",
            "error" (a class of errors; then names of its bases come last) or "object".
    """

    def __init__(self, resolve=None):
        self._resolve = resolve or _stand_in

    def message(self, data):
        """(head, values) of a message.

        Raises:
            values.CodecError: the bytes are no message; nothing else is ever raised.
        """
        try:
            return self._message(memoryview(data))
        except values.CodecError:
            raise
        except (ValueError, TypeError, KeyError, IndexError, OverflowError) as error:
            raise values.CodecError(f"not a message: {type(error).__name__}") from error
        except (RecursionError, MemoryError, AttributeError) as error:
            raise values.CodecError(f"not a message: {type(error).__name__}") from error

    def _message(self, data):
        length = int.from_bytes(data[:4], "little")
        if length > values.MOST_TEXT or length > len(data) - 4:
            raise values.CodecError("not a message: its text is too long")
        head, trees, sizes = json.loads(bytes(data[4 : 4 + length]))
        if not isinstance(head, dict):
            raise values.CodecError("not a message: no head")
        self._blocks, start = [], 4 + length
        for size in sizes:
            if type(size) is not int or not 0 <= size <= len(data) - start:
                raise values.CodecError("not a message: a block is too long")
            self._blocks.append(data[start : start + size])
            start += size
        self._nodes = self._numbers = 0
        return head, [self._value(tree, 0) for tree in trees]

    def _value(self, tree, depth):
        self._nodes += 1
        if depth > values.MOST_DEPTH or self._nodes > values.MOST_NODES:
            raise values.CodecError("the value has too many parts")
        name, *parts = tree
        return getattr(self, f"_make_{name}")(*parts, depth + 1)

    def _make_none(self, depth):
        return None

    def _make_dots(self, depth):
        return Ellipsis

    def _make_bool(self, value, depth):
        return value is True

    def _make_int(self, text, depth):
        if len(text) > values.MOST_DIGITS:
            raise values.CodecError("the whole number is too long")
        return int(text)

    def _make_float(self, text, depth):
        return float(text) if text in ("inf", "-inf", "nan") else float.fromhex(text)

    def _make_complex(self, parts, depth):
        real, imaginary = (self._make_float(text, depth) for _, text in parts)
        return complex(real, imaginary)

    def _make_str(self, block, depth):
        return bytes(self._blocks[block]).decode("utf-8", "replace")

    def _make_bytes(self, block, depth):
        return bytes(self._blocks[block])

    def _make_array(self, dtype, shape, block, depth):
        if not values.DTYPE.fullmatch(dtype) or not all(
            type(side) is int and 0 <= side < 2**40 for side in shape
        ):
            raise values.CodecError("not an array")
        flat = np.frombuffer(self._blocks[block], dtype)
        if math.prod(shape) != flat.size:
            raise values.CodecError("not an array")
        return flat.reshape(shape).copy()

    def _make_scalar(self, tree, depth):
        return self._make_array(*tree[1:], depth)[()]

    def _items(self, trees, depth):
        return [self._value(tree, depth) for tree in trees]

    def _make_list(self, trees, depth):
        return self._items(trees, depth)

    def _make_tuple(self, trees, depth):
        return tuple(self._items(trees, depth))

    def _make_numbers(self, name, code, block, depth):
        if code not in ("d", "q") or name not in ("list", "tuple", "set", "frozenset"):
            raise values.CodecError("not a list of numbers")
        flat = np.frombuffer(self._blocks[block], np.float64 if code == "d" else "<i8")
        self._numbers += flat.size
        if self._numbers > values.MOST_NUMBERS:
            raise values.CodecError("the value has too many parts")
        if name in ("list", "tuple"):
            return flat.tolist() if name == "list" else tuple(flat.tolist())
        made = self._slowly(flat.tolist())
        return made if name == "set" else frozenset(made)

    @staticmethod
    def _slowly(items):
        """A set; hostile items take long, and a deadline must be able to break in."""
        made = set()
        for item in items:
            made.add(item)
        return made

    def _make_objects(self, shape, trees, depth):
        sides = all(type(side) is int and 0 <= side < 2**40 for side in shape)
        if not sides or math.prod(shape) != len(trees):
            raise values.CodecError("not an array")
        made = np.empty(len(trees), object)
        for place, tree in enumerate(trees):
            made[place] = self._value(tree, depth)
        return made.reshape(shape)

    def _make_iterator(self, tree, depth):
        return iter(self._value(tree, depth))

    def _make_set(self, trees, depth):
        return self._slowly(self._items(trees, depth))

    def _make_frozenset(self, trees, depth):
        return frozenset(self._slowly(self._items(trees, depth)))

    def _make_dict(self, pairs, depth):
        made = {}
        for key, value in pairs:
            made[self._value(key, depth)] = self._value(value, depth)
        return made

    def _make_slice(self, ends, depth):
        return slice(*self._items(ends, depth))

    def _make_range(self, ends, depth):
        return range(*self._items(ends, depth))

    def _make_random(self, state, increment, has_half, half, depth):
        texts = state, increment, has_half, half
        if not all(type(text) is str and len(text) <= 40 for text in texts):
            raise values.CodecError("not a random generator")
        state, increment, has_half, half = map(int, texts)
        sound = 0 <= state < 2**128 and 0 <= increment < 2**128
        if not sound or has_half not in (0, 1) or not 0 <= half < 2**32:
            raise values.CodecError("not a random generator")
        generator = np.random.PCG64(0)
        generator.state = {
            "bit_generator": "PCG64",
            "state": {"state": state, "inc": increment},
            "has_uint32": has_half,
            "uinteger": half,
        }
        return np.random.Generator(generator)

    def _make_function(self, name, handle, depth):
        return self._resolve("function", str(name)[:80], int(handle))

    def _make_object(self, name, handle, depth):
        return self._resolve("object", str(name)[:80], int(handle))

    def _make_callable(self, name, handle, depth):
        return self._resolve("callable", str(name)[:80], int(handle))

    def _make_class(self, name, handle, depth):
        return self._resolve("class", str(name)[:80], int(handle))

    def _make_error(self, name, handle, bases, depth):
        names = [str(base)[:80] for base in list(bases)[:20]]
        return self._resolve("error", str(name)[:80], int(handle), names)


def _stand_in(kind, name, handle, bases=()):
    return values.Opaque(name, handle)
