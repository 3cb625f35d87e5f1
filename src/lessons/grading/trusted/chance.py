"""Can the outcome of a piece of code hang on chance? Read from its text.

Code that only computes gives the same each time and is run once. All other code is run
twice, and the lower score counts. So the question is not what looks like a coin, which
can be hidden, but what is known to be none: a short list of modules, and no name that
reaches beyond them.
"""

import ast
import re

_MODULES = {
    *("numpy", "scipy", "math", "cmath", "tensorflow", "keras", "functools", "typing"),
    *("itertools", "collections", "fractions", "decimal", "dataclasses", "numbers"),
    *("enum", "abc", "re", "copy", "warnings"),
    *("matplotlib", "matplotlib.pyplot", "__future__", "heapq", "bisect"),
}
# Whatever gives a number that nobody has written down, or a way to it.
_NAMES = {
    *("eval", "exec", "compile", "open", "getattr", "setattr", "delattr", "vars"),
    *("globals", "locals", "id", "hash", "dir", "input", "breakpoint", "memoryview"),
    *(
        "get_type_hints",
        "ForwardRef",
        "help",
        "exit",
        "quit",
        "get_ipython",
        "object",
        "repr",
        "type",
        "super",
    ),
}
_ATTRIBUTES = {
    *("random", "rand", "randn", "randint", "urandom", "default_rng", "shuffle"),
    *("empty", "empty_like", "ndarray", "ctypes", "ctypeslib", "data", "tobytes"),
    *(
        "fromfile",
        "memmap",
        "load",
        "loadtxt",
        "genfromtxt",
        "timestamp",
        "py_function",
    ),
    *("numpy_function", "io", "os", "sys", "compat", "raw_ops", "seed", "rvs", "stats"),
    *(
        "optimize",
        "sparse",
        "cluster",
        "sampling",
        "qmc",
        "datasets",
        "testing",
        "f2py",
        "lib",
        "initializers",
    ),
    *("layers", "Model", "Sequential", "optimizers", "utils", "dropout", "parallel"),
}


# Lines of IPython that set up drawing and nothing else.
_SETTINGS = re.compile(r"^%(?:matplotlib|config InlineBackend)\b[^\n]*$", re.MULTILINE)


def possible(sources):
    """Whether one of some pieces of code may give another result the next time.

    Args:
        sources: texts; what is no plain Python may do anything.
    """
    return not all(map(_is_plain, sources))


def _is_plain(source):
    source = _SETTINGS.sub("", source)
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return not any(mark in source for mark in "%!?@")
    return all(map(_is_known, ast.walk(tree)))


def _is_known(node):
    if isinstance(node, ast.Import):
        return all(_may_import(alias.name) for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        names = {alias.name for alias in node.names}
        known = node.module and not node.level and _may_import(node.module)
        return known and not names & (_NAMES | _ATTRIBUTES | {"*"})
    if isinstance(node, ast.Name):
        return node.id not in _NAMES and not _is_dunder(node.id)
    if isinstance(node, ast.Attribute):
        return node.attr not in _ATTRIBUTES and not _is_dunder(node.attr)
    return not isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith))


def _may_import(name):
    parts = name.split(".")
    return parts[0] in _MODULES and not set(parts) & _ATTRIBUTES


def _is_dunder(name):
    return name.startswith("__") and name not in ("__init__", "__name__", "__main__")
