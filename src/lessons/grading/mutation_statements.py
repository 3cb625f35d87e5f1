"""Mistakes in the statements of a function: left out, in place, returned otherwise."""

import ast

from lessons.grading.mutation_operators import BINARY, edits

_COPIES = {"array", "copy"}


def of_function(code, function, returns=True):
    """All edits of one function.

    Args:
        code: the `Code` it stands in.
        function: its node.
        returns: whether its results are those of a question.

    Yields:
        `Edit`s; see `edits`.
    """
    yield from _function(code, function)
    documented = ast.get_docstring(function) is not None
    for statement in function.body[documented:]:
        for node in ast.walk(statement):
            yield from edits(code, node)
    own = [*_own(function)] if returns else []
    for node in own:
        if isinstance(node, ast.Return) and node.value is not None:
            yield from _result(code, node)


def _own(node):
    """The statements of a function that stand in no other function."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.FunctionDef, ast.Lambda)):
            yield child
            yield from _own(child)


def _in_place(code, node, shared):
    """What changes an array of somebody else's: `x += y`, and no copy made before."""
    value = getattr(node, "value", None)
    if isinstance(node, ast.Assign) and isinstance(value, ast.BinOp):
        names = code.text(node.targets[0]), code.text(value.left)
        if names[0] == names[1] in shared and type(value.op) in BINARY:
            symbol = BINARY[type(value.op)][0]
            yield code.put(node, f"{names[0]} {symbol}= {code.text(value.right)}")
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", None))
        inner = node.args[0] if node.args else getattr(node.func, "value", None)
        if name in _COPIES and inner is not None and code.text(inner) in shared:
            yield code.put(node, code.text(inner))


def _function(code, node):
    """Statements left out, unless a name would be missing, and copies not made."""
    known = {name.arg for name in ast.walk(node.args) if isinstance(name, ast.arg)}
    bound_at = _bindings(node)
    given = frozenset(known)
    for statement in ast.walk(node):
        line = getattr(statement, "lineno", 0)
        shared = {n for n in given if line <= bound_at.get(n, line)}
        yield from _in_place(code, statement, shared)
        if isinstance(statement, (ast.AugAssign, ast.Continue, ast.Break, ast.Raise)):
            yield code.put(statement, "pass")
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            if statement.value.args or statement.value.keywords:
                yield code.put(statement, "pass")
        elif isinstance(statement, ast.Assign):
            targets = [n for n in ast.walk(statement) if isinstance(n, ast.Name)]
            bound = {n.id for n in targets if isinstance(n.ctx, ast.Store)}
            if bound <= known:  # also an element: it binds nothing
                yield code.put(statement, "pass")
            known |= bound


def _bindings(function):
    """The line from which on a name no longer stands for what was given."""
    lines = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            lines[node.id] = min(node.lineno, lines.get(node.id, node.lineno))
    return lines


def _result(code, node):
    """What a question's function returns: another dtype, one axis more, swapped."""
    parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
    for part in parts:
        if not isinstance(part, (ast.Dict, ast.DictComp)):
            yield code.put(part, f"np.asarray({code.text(part)}, np.float32)")
            yield code.put(part, f"np.asarray({code.text(part)})[None]")
    for first, second in zip(parts, parts[1:], strict=False):
        yield code.swap(first, second)
