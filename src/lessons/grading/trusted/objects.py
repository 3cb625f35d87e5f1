"""What tests see of the classes of an answer: the classes, and objects of them.

Only of the classes that the exercise asks for; see `isolated.standin`.
"""

from lessons.grading.isolated import standin
from lessons.grading.trusted.functions import Function

# Not of what comes of arithmetic with a plain value: of the difference from what is
# expected the answer would say that it is zero.
_NUMBERS = ("__bool__", "__int__", "__float__")


class Class(Function):
    """A class of the answer: called it makes objects, and it has attributes."""

    def __getattr__(self, name):
        return _attribute(self, name)

    def __instancecheck__(self, other):
        """Whether an object of the answer is one of this class."""
        if not isinstance(other, Object):
            return False
        return self._answer.use(self.handle, "isinstance", (other,), {}) is True

    def __subclasscheck__(self, other):
        """Whether another class of the answer is derived from this one."""
        if not isinstance(other, Class):
            return False
        return self._answer.use(self.handle, "issubclass", (other,), {}) is True


class Object:
    """An object of a class that the exercise asks for.

    Args:
        answer: the `proxies.Answer` it belongs to.
        name: of its class, for messages.
        handle: its number behind the wall.
    """

    is_stand_in = True  # for `codec`, which asks nothing else of it

    def __init__(self, answer, name, handle):
        own = {"_answer": answer, "_name": name, "handle": handle, "_mixed": False}
        for key, value in own.items():
            object.__setattr__(self, key, value)

    def __getattr__(self, name):
        return _attribute(self, name)

    def __setattr__(self, name, value):
        if not standin.allowed(name):
            raise AttributeError(name)
        self._answer.use(self.handle, standin.SET, (name, value), {})

    def __exit__(self, *_):
        """The end of a `with`; no error of a test's is ever held back."""
        self._answer.use(self.handle, "__exit__", (), {})
        return False

    def __deepcopy__(self, _):
        return self._answer.use(self.handle, "__deepcopy__", (), {})


def _attribute(thing, name):
    if not standin.allowed(name):
        raise AttributeError(name)
    return thing._answer.use(thing.handle, standin.GET, (name,), {})


def _forwarded(name):
    """The method of `Object` for one operation."""
    kind = standin.PLAIN.get(name, (None, object))[1]
    kind = bool if name in standin.BETWEEN else kind

    def method(self, *args, **kwargs):
        plain = bool(args) and not isinstance(args[0], Object)
        refusal = TypeError(f"an object of class {self._name} is no plain value")
        if (name in standin.BETWEEN and plain) or (name in _NUMBERS and self._mixed):
            raise refusal
        value = self._answer.use(self.handle, name, args, kwargs)
        if name in standin.ARITHMETIC and isinstance(value, Object):
            mixed = plain or self._mixed or any(a._mixed for a in args)
            object.__setattr__(value, "_mixed", mixed)
        elif name in standin.ARITHMETIC and plain:
            raise refusal
        if not isinstance(value, kind):
            raise TypeError(f"{name} of class {self._name} gives another kind of value")
        return iter(value) if name == "__iter__" else value

    method.__name__ = name
    return method


for _name in standin.OPERATIONS:
    if _name not in vars(Object) or _name == "__hash__":
        setattr(Object, _name, _forwarded(_name))
