"""What tests see of an answer: functions to call, which run behind the wall."""

import builtins
import warnings

import numpy as np

from lessons.grading.isolated import codec, standin

# Errors that would pretend: a test's own verdict, or the end of a test's own loop.
_PRETENDERS = (AssertionError, StopIteration, StopAsyncIteration, GeneratorExit)


class AnswerError(RuntimeError):
    """The answer raised an error that is no built-in one."""


class Function:
    """A function of the answer.

    Args:
        answer: the `Answer` it belongs to.
        name: of its type, for messages.
        handle: its number behind the wall.
    """

    def __init__(self, answer, name, handle):
        self._answer, self._name, self.handle = answer, name, handle
        self.__name__ = self.__qualname__ = name

    def __call__(self, *args, **kwargs):
        """Call it behind the wall."""
        return self._answer.call(self.handle, args, kwargs)

    def __instancecheck__(self, other):
        """Whether an object of the answer is one of this class of the answer."""
        if not isinstance(other, Object):
            return False
        return self._answer.use(self.handle, standin.IS, (other,), {}) is True

    def __repr__(self):
        return f"<{self._name} of the answer>"


class Object:
    """An object of a class that the exercise asks for; see `isolated.standin`.

    Args:
        answer: the `Answer` it belongs to.
        name: of its class, for messages.
        handle: its number behind the wall.
    """

    __hash__ = None
    is_stand_in = True  # for `codec`, which asks nothing else of it

    def __init__(self, answer, name, handle):
        for key, value in (("_answer", answer), ("_name", name), ("handle", handle)):
            object.__setattr__(self, key, value)

    def __getattr__(self, name):
        if not standin.allowed(name):
            raise AttributeError(name)
        return self._answer.use(self.handle, standin.GET, (name,), {})

    def __setattr__(self, name, value):
        if not standin.allowed(name):
            raise AttributeError(name)
        self._answer.use(self.handle, standin.SET, (name, value), {})

    def __bool__(self):
        raise TypeError(f"an object of class {self._name} is neither true nor false")


def _forwarded(name):
    """The method of `Object` for one operation."""

    def method(self, *args, **kwargs):
        plain = bool(args) and not isinstance(args[0], Object)
        if name in standin.BETWEEN and plain:
            raise TypeError(f"an object of class {self._name} is no plain value")
        value = self._answer.use(self.handle, name, args, kwargs)
        if name in standin.ARITHMETIC and plain and not isinstance(value, Object):
            raise TypeError(f"an object of class {self._name} is no plain value")
        kinds = {"__len__": int, "__contains__": bool, "__str__": str, "__repr__": str}
        kinds |= dict.fromkeys(standin.BETWEEN, bool)
        if not isinstance(value, kinds.get(name, object)):
            raise TypeError(f"{name} of class {self._name} gives another kind of value")
        return iter(value) if name == "__iter__" else value

    method.__name__ = name
    return method


for _name in standin.SPECIAL:
    setattr(Object, _name, _forwarded(_name))


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
        self._classes = frozenset(classes)
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

    def _resolve(self, kind, name, handle):
        if kind == "function" and handle >= 0:
            return Function(self, name, handle)
        if name in self._classes and handle >= 0:
            return Object(self, name, handle)
        return codec.Opaque(name, handle)

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
            raise exception(head["error"])
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
