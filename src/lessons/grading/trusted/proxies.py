"""What tests see of an answer: functions to call, which run behind the wall."""

import builtins
import contextlib
import warnings

import numpy as np

from lessons.grading.isolated import codec
from lessons.grading.trusted.functions import Function
from lessons.grading.trusted.objects import Class, Object

# Errors that would pretend: a test's own verdict, or the end of a test's own loop.
_PRETENDERS = (AssertionError, StopIteration, StopAsyncIteration, GeneratorExit)


class AnswerError(RuntimeError):
    """The answer raised an error that is no built-in one."""


class Answer:
    """The worker's end of the wall, as the tests use it.

    Args:
        connect: function that gives the current `Channel`, made with `encoder` and
            `decoder` of this object.
        deadline: function that gives the moment until which the worker may take.
        classes: names of the classes that the exercise asks for.
    """

    def __init__(self, connect, deadline, classes=()):
        self._connect, self._deadline = connect, deadline
        self._classes, self._errors = frozenset(classes), {}
        self._ours = []

    def encoder(self):
        """A `codec.Encoder` that refers to functions by numbers."""
        return codec.Encoder(self._refer)

    def decoder(self):
        """A `codec.Decoder` that makes functions of numbers."""
        return codec.Decoder(self._resolve)

    def _refer(self, value):
        if isinstance(value, (Function, Object, codec.Opaque)):
            return value.handle
        if callable(value):
            self._ours.append(value)
            return -len(self._ours)
        raise codec.CodecError(f"a test gives the answer a {type(value).__name__}")

    def _resolve(self, kind, name, handle, bases=()):
        """What a test gets for something that stays behind the wall."""
        asked = name in self._classes
        if handle < 0:
            return codec.Opaque(name, handle)
        if kind == "error" and asked:
            return self._error(name, bases)
        if kind in ("class", "error"):
            return (Class if asked else Function)(self, name, handle)
        if kind in ("callable", "object") and asked:
            return Object(self, name, handle)
        if kind in ("function", "callable"):
            return Function(self, name, handle)
        return codec.Opaque(name, handle)

    def _error(self, name, bases):
        """A class of errors that the exercise asks for, to be caught by tests."""
        if name not in self._errors:
            nearest = type(exception([bases, ""]))
            self._errors[name] = type(name, (nearest,), {})
        return self._errors[name]

    def raised(self, described):
        """The error that the worker described: one of the exercise's, or built in."""
        with contextlib.suppress(TypeError, ValueError):
            names, text = described
            for name in names if isinstance(names, list) else ():
                if isinstance(name, str) and name in self._errors:
                    return self._errors[name](str(text))
        return exception(described)

    def ask(self, what, *values, **head):
        """Send a request and wait for what it gives."""
        channel = self._connect()
        channel.send({"do": what, **head}, *values, deadline=self._deadline())
        while True:
            head, values = channel.receive(self._deadline())
            if "callback" not in head:
                return head, values
            self._call_back(channel, head, values)

    def known(self, names):
        """Those of the names that the student's code has defined."""
        head, _ = self.ask("known", *names)
        flags = head.get("known")
        if not isinstance(flags, list) or len(flags) != len(names):
            return []
        return [name for name, flag in zip(names, flags, strict=True) if flag is True]

    def get(self, name):
        """The value of a name, or a `Function`."""
        return self._value(*self.ask("get", name))

    def call(self, handle, args, kwargs):
        """Call a function; arguments it changed in place are changed here, too."""
        request = {"errstate": np.geterr()}
        head, values = self.ask("call", handle, args, kwargs, **request)
        if "error" in head and len(values) == 2:  # it changed things until it failed
            self._change(args, kwargs, values[1])
        value, changed = self._value(head, values, count=2)
        self._change(args, kwargs, changed)
        for described in head.get("warnings") or ():
            _warn(described)
        return value

    def use(self, handle, name, args, kwargs):
        """Do something with an object of the answer; see `standin.use`."""
        return self._value(*self.ask("method", handle, name, args, kwargs))

    @staticmethod
    def _change(args, kwargs, changed):
        for place, new in changed if isinstance(changed, list) else []:
            _update(args[place] if isinstance(place, int) else kwargs[place], new)

    def _value(self, head, values, count=1):
        if "error" in head:
            raise self.raised(head["error"])
        if len(values) != count:
            raise AnswerError("the answer gave no value")
        return values if count > 1 else values[0]

    def _call_back(self, channel, head, values):
        """Call a test's function for the answer."""
        try:
            function = self._ours[-head["callback"] - 1]
            result = function(*values[0], **values[1])
            channel.send({"value": True}, result, deadline=self._deadline())
        except Exception as error:
            name = type(error).__name__
            described = {"raised": [name, "the function given to you failed"]}
            channel.send(described, deadline=self._deadline())


def exception(described):
    """The error a worker described, as the nearest built-in one.

    Args:
        described: [names of its classes, text].
    """
    try:
        names, text = described
        names = [names] if isinstance(names, str) else list(names)
        text = str(text)
    except (TypeError, ValueError):
        return AnswerError("an error that could not be described")
    for name in names:
        if name == "LinAlgError":
            return np.linalg.LinAlgError(text)
        kind = getattr(builtins, str(name), None)
        if isinstance(kind, type) and issubclass(kind, Exception):
            if issubclass(kind, _PRETENDERS) or kind is Exception:
                break
            with_text = kind in (UnicodeDecodeError, UnicodeEncodeError)
            return ValueError(text) if with_text else kind(text)
    return AnswerError(f"{names[0] if names else 'error'}: {text}")


def _warn(described):
    """Issue a warning of the answer here, where a test may count it as an error."""
    try:
        names, text = described
        kinds = [getattr(builtins, str(name), None) for name in names]
    except (TypeError, ValueError):
        return
    known = (k for k in kinds if isinstance(k, type) and issubclass(k, Warning))
    warnings.warn(str(text), next(known, UserWarning), stacklevel=4)


def _update(old, new):
    """Give `old` the contents of `new`, as far as that is possible in place."""
    if isinstance(old, np.ndarray) and isinstance(new, np.ndarray):
        if old.shape == new.shape and old.flags.writeable:
            old[...] = new
    elif isinstance(old, np.random.Generator):
        if isinstance(new, np.random.Generator):
            old.bit_generator.state = new.bit_generator.state
    elif isinstance(old, list) and isinstance(new, list):
        if len(old) == len(new):
            for one, other in zip(old, new, strict=True):
                _update(one, other)
            kept = (np.ndarray, list, dict, set)
            old[:] = [
                a if isinstance(a, kept) else b for a, b in zip(old, new, strict=True)
            ]
        else:
            old[:] = new
    elif isinstance(old, tuple) and isinstance(new, tuple):
        for one, other in zip(old, new, strict=False):
            _update(one, other)
    elif isinstance(old, dict) and isinstance(new, dict):
        old.clear()
        old.update(new)
    elif isinstance(old, set) and isinstance(new, set):
        old.clear()
        old.update(new)
