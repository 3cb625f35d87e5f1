"""Show package code in a notebook, so that it is never copied there."""

import ast
import inspect
import textwrap

from lessons.toolkit.display import display


def source_text(thing, docstring=True):
    """The source of a function, class or module as text.

    Args:
        thing: what `inspect.getsource` accepts.
        docstring: whether to keep the docstring of `thing` itself.
    """
    text = textwrap.dedent(inspect.getsource(thing))
    if docstring:
        return text.rstrip()
    tree = ast.parse(text)
    node = tree if inspect.ismodule(thing) else tree.body[0]
    first = node.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    if not is_docstring or not isinstance(first.value.value, str) or len(node.body) < 2:
        return text.rstrip()
    lines = text.splitlines()
    del lines[first.lineno - 1 : first.end_lineno]
    return "\n".join(lines).rstrip()


def show_source(*things, docstring=False):
    """Display the source of functions or classes as highlighted code.

    Args:
        *things: functions, methods or classes of the package.
        docstring: whether to show their docstrings; the notebook's prose usually
            says the same.
    """
    text = "\n\n\n".join(source_text(thing, docstring) for thing in things)
    bundle = {"text/plain": text, "text/markdown": f"```python\n{text}\n```"}
    display(bundle)
