"""Answers that are the same but for comments, spaces and names of variables.

A hint for a person to look, no proof: a short answer has few forms, and only longer
ones are compared. Nothing leaves the machine.
"""

import ast
import builtins
import collections

SHORTEST = 150  # characters, after everything that does not matter is gone
_WITH_DOCSTRING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)


def groups(rows):
    """Students who handed in the same answer.

    Args:
        rows: results of all submissions.

    Returns:
        List of (question, students), each with two or more students.
    """
    found = collections.defaultdict(list)
    for row in rows:
        for notebook in row["notebooks"].values():
            for name, source in notebook["written"].items():
                essence = normal_form(source)
                if essence and len(essence) >= SHORTEST:
                    found[name, essence].append(row["student"])
    return [(name, who) for (name, _), who in found.items() if len(who) > 1]


def normal_form(source):
    """A piece of code without comments, docstrings and its own choice of names.

    Returns:
        Text; the words themselves where the source is no Python.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return " ".join(source.split())
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, _WITH_DOCSTRING) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        if isinstance(node, ast.arg):
            node.arg = _renamed(names, node.arg)
        elif isinstance(node, ast.Name) and not hasattr(builtins, node.id):
            node.id = _renamed(names, node.id)
    try:
        return ast.unparse(tree)
    except (RecursionError, ValueError):
        return None


def _renamed(names, name):
    return names.setdefault(name, f"v{len(names)}")
