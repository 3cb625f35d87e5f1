"""What may be done with an object of an answer's class, and what not.

Such an object stays behind the wall. Tests drive it by its methods and attributes; what
comes back are plain values, or objects again. It is never compared with a plain value,
nor made into one by its own code: it would then decide by itself whether it is right.
"""

# Operations between two objects of the answer; `*` and `/` also with a number, but only
# where the result is an object again.
BETWEEN = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__")
ARITHMETIC = ("__add__", "__sub__", "__mul__", "__truediv__", "__matmul__", "__neg__")
ACCESS = ("__len__", "__getitem__", "__setitem__", "__contains__", "__iter__")
SPECIAL = (*BETWEEN, *ARITHMETIC, *ACCESS, "__call__", "__str__", "__repr__")
GET, SET, IS = "get", "set", "isinstance"


def allowed(name):
    """Whether an attribute of this name may be asked for."""
    return not (name.startswith("__") and name.endswith("__"))


def use(thing, name, args, kwargs):
    """Do it; runs behind the wall.

    Args:
        thing: the object.
        name: one of `SPECIAL`, or "get", "set" or "isinstance".
        args, kwargs: what is given to it.
    """
    if name == GET:
        return getattr(thing, args[0])
    if name == SET:
        return setattr(thing, args[0], args[1])
    if name == IS:
        return isinstance(args[0], thing)
    if name not in SPECIAL:
        raise AttributeError(name)
    result = getattr(type(thing), name)(thing, *args, **kwargs)
    return list(result) if name == "__iter__" else result
