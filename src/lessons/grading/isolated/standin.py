"""What may be done with an object of an answer's class, and what not.

Such an object stays behind the wall. Tests drive it by its methods, attributes and
operators; what comes back are plain values, or objects again. It is never compared with
a plain value by its own code: it would then decide by itself whether it is right.
"""

import copy
import itertools
import operator

from lessons.grading.isolated import values

# Between two objects of the answer only.
BETWEEN = {
    "__eq__": operator.eq,
    "__ne__": operator.ne,
    "__lt__": operator.lt,
    "__le__": operator.le,
    "__gt__": operator.gt,
    "__ge__": operator.ge,
}
# Also with a plain value, but only where the result is an object again.
ARITHMETIC = {
    "__add__": operator.add,
    "__sub__": operator.sub,
    "__mul__": operator.mul,
    "__truediv__": operator.truediv,
    "__floordiv__": operator.floordiv,
    "__mod__": operator.mod,
    "__pow__": operator.pow,
    "__matmul__": operator.matmul,
    "__and__": operator.and_,
    "__or__": operator.or_,
    "__xor__": operator.xor,
    "__iadd__": operator.iadd,
    "__isub__": operator.isub,
    "__imul__": operator.imul,
    "__radd__": lambda thing, other: other + thing,
    "__rsub__": lambda thing, other: other - thing,
    "__rmul__": lambda thing, other: other * thing,
    "__rtruediv__": lambda thing, other: other / thing,
    "__neg__": operator.neg,
    "__pos__": operator.pos,
    "__invert__": operator.invert,
    "__abs__": abs,
}
# What gives a plain value of a certain kind.
PLAIN = {
    "__len__": (len, int),
    "__bool__": (bool, bool),
    "__int__": (int, int),
    "__float__": (float, float),
    "__hash__": (hash, int),
    "__str__": (str, str),
    "__repr__": (repr, str),
    "__contains__": (operator.contains, bool),
    "__iter__": (lambda thing: list(_some(thing)), list),
}
_OTHERS = {
    "__getitem__": operator.getitem,
    "__setitem__": operator.setitem,
    "__delitem__": operator.delitem,
    "__call__": operator.call,
    "__enter__": lambda thing: type(thing).__enter__(thing),
    "__exit__": lambda thing: type(thing).__exit__(thing, None, None, None) and None,
    "__copy__": copy.copy,
    "__deepcopy__": copy.deepcopy,
}
_PLAIN = {name: action for name, (action, _) in PLAIN.items()}
OPERATIONS = BETWEEN | ARITHMETIC | _PLAIN | _OTHERS
GET, SET = "get", "set"
_ABOUT_CLASSES = {
    "isinstance": lambda kind, thing: isinstance(thing, kind),
    "issubclass": lambda kind, other: issubclass(other, kind),
}


def allowed(name):
    """Whether an attribute of this name may be asked for."""
    return not (name.startswith("__") and name.endswith("__"))


def use(thing, name, args, kwargs):
    """Do it; runs behind the wall.

    Args:
        thing: the object, or a class.
        name: one of `OPERATIONS`, or "get", "set", "isinstance" or "issubclass".
        args, kwargs: what is given to it.
    """
    if name == GET:
        return getattr(thing, args[0])
    if name == SET:
        return setattr(thing, args[0], args[1])
    action = OPERATIONS.get(name) or _ABOUT_CLASSES.get(name)
    if action is None:
        raise AttributeError(name)
    return action(thing, *args, **kwargs)


def _some(thing):
    return itertools.islice(iter(thing), values.MOST_NODES)
