"""Run the code cells of one notebook in this process; started by `check`.

    python -m lessons.grading.run_cells CELLS.json RESULT.json

A cell that raises does not stop the next one, as in nbgrader. The result gives, for
each cell that has a name, null or the error in words.
"""

import ast
import json
import pathlib
import sys


class PartialCreditError(Exception):
    """A cell of tests leaves a value, which nbgrader would read as points."""


def run(cells):
    """Execute cells in one namespace.

    Args:
        cells: a list of {"name": grade id or None, "source": text, "graded": bool}.

    Returns:
        A dictionary from names to None or "ErrorType: message".
    """
    namespace = {"__name__": "__main__"}
    results = {}
    for cell in cells:
        error = _run_one(cell, namespace)
        if cell["name"]:
            results[cell["name"]] = error
    return results


def _run_one(cell, namespace):
    try:
        tree = ast.parse(cell["source"])
        last = tree.body[-1] if tree.body else None
        value = None
        if isinstance(last, ast.Expr):
            tree.body.pop()
        exec(compile(tree, f"<{cell['name']}>", "exec"), namespace)
        if isinstance(last, ast.Expr):
            expression = ast.Expression(last.value)
            value = eval(compile(expression, f"<{cell['name']}>", "eval"), namespace)
        if cell["graded"] and value is not None:
            raise PartialCreditError(f"the cell's value is {value!r}")
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def main(argv):
    """Read cells from the first path, write results to the second."""
    cells, result = map(pathlib.Path, argv)
    outcome = run(json.loads(cells.read_text(encoding="utf-8")))
    result.write_text(json.dumps(outcome), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
