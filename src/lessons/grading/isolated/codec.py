"""Plain values as bytes, and back: all that passes between answers and tests.

A value is one JSON text and a list of blocks of raw bytes. Only exact built-in types
and NumPy arrays of numbers and text pass. What is a subclass becomes its base (a masked
array loses its mask); tensors become arrays; everything else becomes an `Opaque`
stand-in that can be handed on but not compared, converted or tested. Nothing is ever
unpickled, and every size is limited, since the other side may be hostile.
"""

import json
import math
import re

import numpy as np

MOST_BYTES = 64 * 2**20  # in all blocks of one message
MOST_TEXT = 8 * 2**20  # of JSON
MOST_DEPTH = 40
MOST_NODES = 200_000
MOST_DIGITS = 4000  # of a whole number
_DTYPE = re.compile(r"[<>|=]?(b1|[iu][1248]|f[248]|c(8|16)|[SU]\d{1,4})")


class CodecError(ValueError):
    """A value that cannot pass, or bytes that are no value."""


class Opaque:
    """Stands for an object that stays on the other side.

    Attributes:
        kind: name of its type there.
        handle: its number there.
    """

    def __init__(self, kind, handle):
        self.kind, self.handle = kind, handle

    def _refuse(self, *_, **__):
        raise TypeError(f"an object of type {self.kind} cannot be looked into")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __bool__ = __len__ = __iter__ = __getitem__ = __contains__ = _refuse
    __float__ = __int__ = __complex__ = __index__ = __array__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refuse
    __hash__ = None

    def __repr__(self):
        return f"<{self.kind} of the answer>"


class Encoder:
    """Turns values into a tree of lists and a list of blocks.

    Args:
        refer: function that gives the number of an object that must stay here, such
            as a function; None refuses such objects.
    """

    def __init__(self, refer=None):
        self._refer = refer
        self._blocks, self._size, self._nodes = [], 0, 0

    def message(self, head, values=()):
        """A whole message: a JSON object `head` and values.

        Returns:
            Bytes; `decode` reads them.
        """
        trees = [self._tree(value, 0) for value in values]
        sizes = [len(block) for block in self._blocks]
        text = json.dumps([head, trees, sizes]).encode()
        if len(text) > MOST_TEXT:
            raise CodecError("the value is too large")
        return len(text).to_bytes(4, "little") + text + b"".join(self._blocks)

    def _block(self, data):
        self._size += len(data)
        if self._size > MOST_BYTES:
            raise CodecError("the value is too large")
        self._blocks.append(data)
        return len(self._blocks) - 1

    def _tree(self, value, depth):
        self._nodes += 1
        if depth > MOST_DEPTH or self._nodes > MOST_NODES:
            raise CodecError("the value has too many parts")
        for kind, encode in _ENCODERS:
            if isinstance(value, kind):
                return encode(self, value, depth + 1)
        if value is None or value is Ellipsis or value is NotImplemented:
            return ["none" if value is None else "dots"]
        if hasattr(value, "__array__") and hasattr(value, "dtype"):  # a tensor
            return self._array(np.asarray(value), depth)
        if self._refer is None:
            raise CodecError(f"a value of type {type(value).__name__} cannot pass")
        kind = "function" if callable(value) else "object"
        return [kind, type(value).__name__[:80], self._refer(value)]

    def _array(self, value, depth):
        array = np.ascontiguousarray(np.asarray(value)).reshape(np.shape(value))
        if array.dtype.kind not in "biufcSU" or not _DTYPE.fullmatch(array.dtype.str):
            array = self._as_numbers(array)
        block = self._block(array.tobytes())
        return ["array", array.dtype.str, list(array.shape), block]

    @staticmethod
    def _as_numbers(array):
        """An array of another dtype, such as bfloat16, as float64."""
        if array.dtype.kind == "O":
            raise CodecError("an array of objects cannot pass")
        try:
            return array.astype(np.float64)
        except (TypeError, ValueError) as error:
            text = f"an array of dtype {array.dtype} cannot pass"
            raise CodecError(text) from error

    def _scalar(self, value, depth):
        return ["scalar", self._array(np.asarray(value), depth)]

    def _int(self, value, depth):
        value = int.__int__(value)
        if value.bit_length() > 3.3 * MOST_DIGITS:
            raise CodecError("the whole number is too long")
        return ["int", str(value)]

    def _float(self, value, depth):
        value = float.__float__(value)
        return ["float", value.hex() if math.isfinite(value) else repr(value)]

    def _items(self, name, items, depth):
        return [name, [self._tree(item, depth) for item in items]]

    def _complex(self, value, depth):
        return [
            "complex",
            [self._float(part, depth) for part in (value.real, value.imag)],
        ]

    def _str(self, value, depth):
        return ["str", self._block(str.encode(value, "utf-8", "surrogatepass"))]

    def _bytes(self, value, depth):
        return ["bytes", self._block(bytes(value))]

    def _bool(self, value, depth):
        return ["bool", value]

    def _tuple(self, value, depth):
        return self._items("tuple", tuple.__iter__(value), depth)

    def _list(self, value, depth):
        return self._items("list", list.__iter__(value), depth)

    def _set(self, value, depth):
        return self._items("set", set.__iter__(value), depth)

    def _frozenset(self, value, depth):
        return self._items("frozenset", frozenset.__iter__(value), depth)

    def _dict(self, value, depth):
        pairs = dict.items(value)
        return [
            "dict",
            [[self._tree(k, depth), self._tree(v, depth)] for k, v in pairs],
        ]

    def _range(self, value, depth):
        name = "slice" if isinstance(value, slice) else "range"
        ends = value.start, value.stop, value.step
        return [name, [self._tree(end, depth) for end in ends]]

    def _random(self, value, depth):
        state = json.dumps(value.bit_generator.state, default=_plain)
        return ["random", type(value.bit_generator).__name__, state]


def _plain(value):
    if isinstance(value, np.ndarray):
        return {"array": value.tolist(), "dtype": value.dtype.str}
    return value.item()


_ENCODERS = (  # the first that fits: NumPy's numbers are also Python's
    (bool, Encoder._bool),
    (np.generic, Encoder._scalar),
    (np.ndarray, Encoder._array),
    (int, Encoder._int),
    (float, Encoder._float),
    (complex, Encoder._complex),
    (str, Encoder._str),
    ((bytes, bytearray), Encoder._bytes),
    (tuple, Encoder._tuple),
    (list, Encoder._list),
    (frozenset, Encoder._frozenset),
    (set, Encoder._set),
    (dict, Encoder._dict),
    ((slice, range), Encoder._range),
    (np.random.Generator, Encoder._random),
)


class Decoder:
    """Turns bytes into values.

    Args:
        resolve: function of (kind, type name, number) for what stayed on the other
            side: kind is "function" or "object".
    """

    def __init__(self, resolve=None):
        self._resolve = resolve or (lambda kind, name, handle: Opaque(name, handle))

    def message(self, data):
        """(head, values) of a message.

        Raises:
            CodecError: the bytes are no message; nothing else is ever raised.
        """
        try:
            return self._message(memoryview(data))
        except CodecError:
            raise
        except (ValueError, TypeError, KeyError, IndexError, OverflowError) as error:
            raise CodecError(f"not a message: {type(error).__name__}") from error
        except (RecursionError, MemoryError, AttributeError) as error:
            raise CodecError(f"not a message: {type(error).__name__}") from error

    def _message(self, data):
        length = int.from_bytes(data[:4], "little")
        if length > MOST_TEXT or length > len(data) - 4:
            raise CodecError("not a message: its text is too long")
        head, trees, sizes = json.loads(bytes(data[4 : 4 + length]))
        if not isinstance(head, dict):
            raise CodecError("not a message: no head")
        self._blocks, start = [], 4 + length
        for size in sizes:
            if type(size) is not int or not 0 <= size <= len(data) - start:
                raise CodecError("not a message: a block is too long")
            self._blocks.append(data[start : start + size])
            start += size
        self._nodes = 0
        return head, [self._value(tree, 0) for tree in trees]

    def _value(self, tree, depth):
        self._nodes += 1
        if depth > MOST_DEPTH or self._nodes > MOST_NODES:
            raise CodecError("the value has too many parts")
        name, *parts = tree
        return getattr(self, f"_make_{name}")(*parts, depth + 1)

    def _make_none(self, depth):
        return None

    def _make_dots(self, depth):
        return Ellipsis

    def _make_bool(self, value, depth):
        return value is True

    def _make_int(self, text, depth):
        if len(text) > MOST_DIGITS:
            raise CodecError("the whole number is too long")
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
        if not _DTYPE.fullmatch(dtype) or not all(
            type(side) is int and 0 <= side < 2**40 for side in shape
        ):
            raise CodecError("not an array")
        flat = np.frombuffer(self._blocks[block], dtype)
        if math.prod(shape) != flat.size:
            raise CodecError("not an array")
        return flat.reshape(shape).copy()

    def _make_scalar(self, tree, depth):
        return self._make_array(*tree[1:], depth)[()]

    def _items(self, trees, depth):
        return [self._value(tree, depth) for tree in trees]

    def _make_list(self, trees, depth):
        return self._items(trees, depth)

    def _make_tuple(self, trees, depth):
        return tuple(self._items(trees, depth))

    def _make_set(self, trees, depth):
        return set(self._items(trees, depth))

    def _make_frozenset(self, trees, depth):
        return frozenset(self._items(trees, depth))

    def _make_dict(self, pairs, depth):
        return {
            self._value(key, depth): self._value(value, depth) for key, value in pairs
        }

    def _make_slice(self, ends, depth):
        return slice(*self._items(ends, depth))

    def _make_range(self, ends, depth):
        return range(*self._items(ends, depth))

    def _make_random(self, name, text, depth):
        if name not in ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"):
            raise CodecError("not a random generator")
        generator = getattr(np.random, name)(0)
        generator.state = json.loads(text, object_hook=_from_plain)
        return np.random.Generator(generator)

    def _make_function(self, name, handle, depth):
        return self._resolve("function", str(name)[:80], int(handle))

    def _make_object(self, name, handle, depth):
        return self._resolve("object", str(name)[:80], int(handle))


def _from_plain(value):
    if value.keys() == {"array", "dtype"}:
        return np.array(value["array"], dtype=value["dtype"])
    return value
