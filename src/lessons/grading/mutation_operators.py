"""Mistakes that a program can make in an answer: small changes of its text.

Each operator looks at one kind of node of the syntax tree and yields edits of the text,
so that comments and layout survive. They are the mistakes of people who write NumPy:
another axis, a sum for a mean, an operand left out, `<` for `<=`, one too few, swapped
arguments, an argument changed in place, a shift that guards an exponential dropped.
"""

import ast
import re

from lessons.grading.mutation_text import Edit

BINARY = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "%"),
    ast.Mod: ("%", "//"),
    ast.Pow: ("**", "*"),
    ast.MatMult: ("@", "*"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
}
_COMPARISONS = {
    ast.Lt: ("<", ("<=", ">")),
    ast.LtE: ("<=", ("<", ">=")),
    ast.Gt: (">", (">=", "<")),
    ast.GtE: (">=", (">", "<=")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: ("is not", ("is",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: ("not in", ("in",)),
}
_PAIRS = (
    ("sum", "mean"),
    ("max", "min"),
    ("amax", "amin"),
    ("maximum", "minimum"),
    ("argmax", "argmin"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("any", "all"),
    ("var", "std"),
    ("sin", "cos"),
    ("floor", "ceil"),
    ("erf", "erfc"),
    ("reduce_sum", "reduce_mean"),
    ("reduce_max", "reduce_min"),
)
_NAMES = {a: b for pair in _PAIRS for a, b in (pair, pair[::-1])} | {
    "exp": "expm1",
    "log": "log2",
    "log1p": "log",
    "log2": "log",
    "logsumexp": "logaddexp.reduce",
    "erfcx": "erfc",
}
_WHOLE_NAMES = {"logsumexp": "np.max", "logaddexp": "np.maximum", "hypot": "np.maximum"}
_UNWRAPPED = {"abs", "fabs", "sqrt", "square", "sorted", "reversed"}
_NO_MISTAKES = {None, "strict", "dtype"}  # keywords; the dtype is held by `watched`
_SYMMETRIC = {
    "max",
    "min",
    "maximum",
    "minimum",
    "hypot",
    "logaddexp",
    "swapaxes",
    "clip",
    "equal",
}


def edits(code, node):
    """All edits of one node.

    Args:
        code: the `Code` it belongs to.
        node: one node of its tree.

    Yields:
        `Edit`s, some of which may leave a text that is no Python.
    """
    for kind, operator in _OPERATORS:
        if isinstance(node, kind) and id(node) not in code.kept:
            yield from operator(code, node)


def _binary(code, node):
    if type(node.op) not in BINARY:
        return
    symbol, other = BINARY[type(node.op)]
    yield code.between(node.left, node.right, re.escape(symbol), other)
    even = isinstance(node.op, ast.Sub) and id(node) in code.even
    if isinstance(node.op, (ast.Sub, ast.Div, ast.Pow)) and not even:
        yield code.swap(node.left, node.right)
    sides = [node.left, node.right]
    if isinstance(node.op, (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.BitAnd)):
        one_sided = isinstance(node.op, (ast.Sub, ast.Div))
        for kept, dropped in zip(sides[: 2 - one_sided], sides[::-1], strict=False):
            if not isinstance(dropped, ast.Constant):  # its own mutants say the same
                yield code.put(node, code.closed(kept))


def _comparison(code, node):
    sides = [node.left, *node.comparators]
    for left, right, operator in zip(sides, sides[1:], node.ops, strict=False):
        symbol, others = _COMPARISONS[type(operator)]
        for other in others:
            yield code.between(left, right, re.escape(symbol), other)


def _boolean(code, node):
    other = "or" if isinstance(node.op, ast.And) else "and"
    for left, right in zip(node.values, node.values[1:], strict=False):
        yield code.between(left, right, r"\b(and|or)\b", other)
    for kept in node.values:
        yield code.put(node, code.closed(kept))


def _unary(code, node):
    value = getattr(node.operand, "value", None)
    if isinstance(node.op, ast.USub) and type(value) in (int, float):
        yield code.put(node, f"({-value - 1})")
        yield code.put(node, f"({-value + 1})")
    else:
        yield code.put(node, code.closed(node.operand))


def _constant(code, node):
    value = node.value
    if code.data[: code.start(node)].endswith(b"strict="):  # no computation
        return
    if isinstance(value, bool):
        yield code.put(node, str(not value))
    elif isinstance(value, int):
        yield code.put(node, str(value + 1))
        if value:
            yield code.put(node, str(value - 1))
    elif isinstance(value, float) and value.is_integer() and abs(value) < 100:
        yield code.put(node, repr(value + 1))
        if value:
            yield code.put(node, repr(value - 1))
    elif isinstance(value, float):
        yield code.put(node, repr(2 * value))


def _choice(code, node):
    yield code.put(node, f"({code.text(node.body)})")
    yield code.put(node, f"({code.text(node.orelse)})")


def _condition(code, node):
    yield code.put(node.test, "False")
    if isinstance(node, ast.If):
        yield code.put(node.test, "True")


def _comprehension(code, node):
    for test in node.ifs:
        yield code.put(test, "True")


def _attribute(code, node):
    if node.attr == "T":
        yield code.put(node, code.text(node.value))


def _call(code, node):
    function = node.func
    name = getattr(function, "attr", getattr(function, "id", None))
    end = code.end(function)
    for names, start in (
        (_NAMES, end - len(name or "")),
        (_WHOLE_NAMES, code.start(function)),
    ):
        if name in names:
            yield Edit(start, end, names[name])
    if name in _UNWRAPPED:
        inner = node.args[0] if node.args else function.value
        yield code.put(node, code.closed(inner))
    if name in ("var", "std") and not any(k.arg == "ddof" for k in node.keywords):
        yield Edit(code.end(node) - 1, code.end(node), ", ddof=1)")
    if name == "enumerate" and len(node.args) == 1:
        yield Edit(code.end(node) - 1, code.end(node), ", 1)")
    if name == "range":
        yield from _range(code, node)
    yield from _arguments(code, node, name in _SYMMETRIC)


def _range(code, node):
    first, last = node.args[0], node.args[1 if len(node.args) > 1 else 0]
    if not isinstance(last, ast.Constant):
        yield code.put(last, f"{code.closed(last)} - 1")
    if first is last:
        yield code.put(first, f"1, {code.text(first)}")


def _arguments(code, node, symmetric):
    for first, second in zip(node.args, node.args[1:], strict=False):
        starred = isinstance(first, ast.Starred) or isinstance(second, ast.Starred)
        if not (starred or symmetric) and code.text(first) != code.text(second):
            yield code.swap(first, second)
    everything = sorted([*node.args, *node.keywords], key=code.start)
    for place, keyword in enumerate(everything):
        if not isinstance(keyword, ast.keyword) or keyword.arg in _NO_MISTAKES:
            continue
        end = code.end(keyword)
        if place:
            comma = code.between(everything[place - 1], keyword, ",", "").start
            yield Edit(comma, end, "")
        elif len(everything) == 1:
            yield code.put(keyword, "")


def _subscript(code, node):
    index = node.slice
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    for part in parts:
        if isinstance(part, ast.Slice):
            for bound in (part.lower, part.upper, part.step):
                if bound is not None:
                    yield code.put(bound, "")
                if isinstance(bound, ast.Name):
                    yield code.put(bound, f"{bound.id} - 1")
                    yield code.put(bound, f"{bound.id} + 1")
        elif isinstance(part, ast.Name) and isinstance(node.ctx, ast.Load):
            yield code.put(part, f"{part.id} - 1")
    for first, second in zip(parts, parts[1:], strict=False):
        if code.text(first) != code.text(second):
            yield Edit(
                code.start(first),
                code.end(second),
                f"{code.text(second)}, {code.text(first)}",
            )


def _changed_assignment(code, node):
    if type(node.op) in BINARY:
        symbol, other = BINARY[type(node.op)]
        for text in (f"{other}=", "="):
            pattern = re.escape(symbol) + "="
            yield code.between(node.target, node.value, pattern, text)


_OPERATORS = (
    (ast.BinOp, _binary),
    (ast.Compare, _comparison),
    (ast.BoolOp, _boolean),
    (ast.UnaryOp, _unary),
    (ast.Constant, _constant),
    (ast.IfExp, _choice),
    ((ast.If, ast.While), _condition),
    (ast.comprehension, _comprehension),
    (ast.Attribute, _attribute),
    (ast.Call, _call),
    (ast.Subscript, _subscript),
    (ast.AugAssign, _changed_assignment),
)
