"""What a piece of a student's code imports and defines, read from its text."""

import ast
import contextlib
import re

from lessons.grading import exercise

_MAGIC = re.compile(r"^([ \t]*)(?:[%!]|[\w.]+\?\??[ \t]*$|\?)")
_MAGIC_VALUE = re.compile(r"^([ \t]*[\w, \t]+=[ \t]*)[%!]")


def defined(source):
    """Names that a piece of code defines at its top level, in order."""
    names = []
    for node in tree(source).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.append(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                found = ast.walk(target)
                names += [leaf.id for leaf in found if isinstance(leaf, ast.Name)]
    return list(dict.fromkeys(names))


def imported(sources):
    """Names of modules that pieces of code may import, a set; see `imports`."""
    found = set()
    for source in sources:
        for node in ast.walk(tree(source)):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module)
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def classes(source):
    """Names of the classes that a piece of code defines at its top level."""
    body = tree(source).body
    return [node.name for node in body if isinstance(node, ast.ClassDef)]


def added_imports(source, locked):
    """Import lines of a text that bind names which the locked cell does not bind."""
    bound, lines = set(_bound(tree(locked))), []
    for node in tree(source).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            if not bound & set(_bound(ast.Module([node], []))):
                lines.append(ast.unparse(node))
    return "\n".join(lines)


def _bound(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name


def is_stub(source):
    """Whether all functions of a piece of code only say that they are not written."""
    body = tree(source).body
    functions = [node for node in body if isinstance(node, ast.FunctionDef)]
    others = [n for n in body if not isinstance(n, (ast.FunctionDef, ast.Expr))]
    return bool(functions) and not others and all(map(_is_open, functions))


def _is_open(function):
    *before, last = function.body
    named = isinstance(last, ast.Raise) and "NotImplementedError" in ast.dump(last)
    texts = [isinstance(getattr(n, "value", None), ast.Constant) for n in before]
    return named and all(texts)


def visible_assertions(source):
    """Assertions that students see in a cell of tests: their text by line."""
    visible, _, _ = source.partition(exercise.BEGIN_HIDDEN)
    try:
        nodes = list(ast.walk(ast.parse(visible)))
    except SyntaxError:  # the hidden part stands within a block of the visible one
        return {}
    found = [node for node in nodes if isinstance(node, ast.Assert)]
    return {
        line: f"assert {ast.unparse(node.test)}"
        for node in found
        for line in range(node.lineno, node.end_lineno + 1)
    }


def tree(source):
    """The syntax tree, without lines of IPython; empty where it is no Python."""
    with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.parse(source)
    lines = source.split("\n")
    for number, line in enumerate(lines):
        if line.startswith("%%"):
            lines[number] = ""
        elif found := _MAGIC.match(line):
            lines[number] = f"{found[1]}pass"
        elif found := _MAGIC_VALUE.match(line):
            lines[number] = f"{found[1]}None"
    with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.parse("\n".join(lines))
    return ast.Module(body=[], type_ignores=[])
