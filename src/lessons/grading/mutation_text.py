"""A text with its syntax tree, and the edits that make mutants of it."""

import ast
import re
import typing

_CLEAR = (  # need no brackets wherever they stand
    ast.Name,
    ast.Attribute,
    ast.Subscript,
    ast.Call,
    ast.Constant,
    ast.Tuple,
    ast.List,
)
_EVEN = {"abs", "fabs", "square", "norm"}


class Edit(typing.NamedTuple):
    """Bytes from `start` to `end` become `text`."""

    start: int
    end: int
    text: str


class Code:
    """A text with its syntax tree, addressed in bytes as the tree's positions are.

    Args:
        text: Python source.
    """

    def __init__(self, text):
        self.tree, self.data = ast.parse(text), text.encode()
        self.even = set(map(id, _even(self.tree)))  # a - b where b - a is the same
        self.kept = set(map(id, _kept(self.tree)))  # nodes that no operator changes
        self._lines = [0]
        for line in self.data.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))

    def start(self, node):
        """Where a node begins."""
        return self._lines[node.lineno - 1] + node.col_offset

    def end(self, node):
        """Where it ends."""
        return self._lines[node.end_lineno - 1] + node.end_col_offset

    def text(self, node):
        """The node's text, without brackets around it."""
        return self.data[self.start(node) : self.end(node)].decode()

    def line(self, node):
        """The whole line in which a node begins."""
        return self.data.splitlines()[node.lineno - 1].decode()

    def closed(self, node):
        """A node's text, in brackets where it needs them."""
        text, clear = self.text(node), isinstance(node, _CLEAR)
        return text if clear else f"({text})"

    def put(self, node, text):
        """The edit that writes `text` in a node's place."""
        return Edit(self.start(node), self.end(node), text)

    def swap(self, first, second):
        """The edit that exchanges two nodes of which the first stands first."""
        between = self.data[self.end(first) : self.start(second)].decode()
        text = self.closed(second) + between + self.closed(first)
        return Edit(self.start(first), self.end(second), text)

    def between(self, left, right, pattern, text):
        """The edit that replaces the first match of a pattern between two nodes."""
        start = self.end(left)
        found = re.search(pattern, self.data[start : self.start(right)].decode())
        return Edit(start + found.start(), start + found.end(), text)


def _even(tree):
    """The nodes of which only the size matters: what abs and an even power hold."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            if getattr(node.func, "attr", getattr(node.func, "id", "")) in _EVEN:
                yield from _factors(node.args[0])
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
            power = getattr(node.right, "value", None)
            if isinstance(power, int) and power % 2 == 0:
                yield from _factors(node.left)


def _factors(node):
    yield node
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div)):
        yield from _factors(node.left)
        yield from _factors(node.right)


def _kept(tree):
    """Numbers below a minus, which are changed with it, and the -1 of a reshape."""
    for node in ast.walk(tree):
        if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
            yield node.operand
        elif isinstance(node, ast.Call):
            if getattr(node.func, "attr", "") == "reshape":
                for argument in node.args:
                    parts = ast.walk(argument)
                    yield from (n for n in parts if isinstance(n, ast.UnaryOp))
