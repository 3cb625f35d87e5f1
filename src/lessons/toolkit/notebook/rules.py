"""What a program can check of a stored notebook.

Every rule is a function that takes a notebook and yields sentences, each naming the
cell (counted from 1) and what is expected. The idea behind the rules: a notebook
teaches with few, described figures; its claims are computed and asserted; what it
shows is what its source computes.
"""

import ast
import re

from lessons.toolkit.errors import UserError
from lessons.toolkit.notebook import markdown, overview, page, refresh, source
from lessons.toolkit.notebook import opening as first_screen

MOST_FUNCTION_LINES = 5
LEAST_ALT_CHARACTERS = 40
FEWEST_FIGURES, MOST_FIGURES = 4, 9  # a drawing and a figure that turns included
IGNORE = "nbval-ignore-output"
FORBIDDEN = {"nbval-skip", "raises-exception", "nbval-raises-exception"}

_MACHINERY = re.compile(r"^\s*#\s*(?:NBVAL_|isort:|ruff:|fmt:)", re.MULTILINE)
# The checks of `lessons.toolkit.ledger.Ledger`.
_LEDGER_CHECKS = {"equal", "below", "above", "true"}


def executed_in_order(notebook):
    """Every code cell has been executed, in order from 1."""
    for expected, (number, cell) in enumerate(_code(notebook), start=1):
        if cell.execution_count != expected:
            yield (
                f"cell {number}: its execution count is {cell.execution_count}, "
                f"expected {expected}: run `make notebooks`."
            )


def no_errors(notebook):
    """No cell failed or wrote to standard error."""
    for number, cell in _code(notebook):
        if source.outputs(cell, "error"):
            yield f"cell {number}: its output is an error."
        if refresh.standard_error(cell):
            yield f"cell {number}: it wrote to standard error."


def figures_described(notebook):
    """Every cell that draws has one figure, which says in words what it shows."""
    images = list(source.images(notebook))
    for number, cell in _code(notebook):
        drawn = [output for other, output, _ in images if other is cell]
        if len(drawn) > 1:
            yield (
                f"cell {number}: it shows {len(drawn)} pictures, expected one: the "
                "website gives all pictures of a cell the same alternative text."
            )
        for length in (len(source.alt_text(output)) for output in drawn):
            if length < LEAST_ALT_CHARACTERS:
                yield (
                    f"cell {number}: the alternative text of its figure has {length} "
                    f"characters, expected at least {LEAST_ALT_CHARACTERS}: show a "
                    "`lessons.toolkit.figures.Figure` whose `alt` is that long."
                )


def figure_count(notebook):
    """A notebook has a few figures, neither none nor an album."""
    count = len(list(source.images(notebook)))
    if not FEWEST_FIGURES <= count <= MOST_FIGURES:
        yield (
            f"the notebook has {count} figures, expected {FEWEST_FIGURES} to "
            f"{MOST_FIGURES}."
        )


def outputs_compared(notebook):
    """Most outputs are compared; a cell that is not stands beside an assertion.

    A cell tagged nbval-ignore-output verifies its claim itself, or is the start of a
    run of such cells (train, plot) that a cell which verifies follows directly.
    """
    cells = list(_code(notebook))
    ignored = [index for index, (_, cell) in enumerate(cells) if _ignored(cell)]
    if 2 * len(ignored) > len(cells):
        yield (
            f"{len(ignored)} of {len(cells)} code cells are tagged {IGNORE!r}, "
            "expected at most half."
        )
    for index in ignored:
        run = (cell for _, cell in cells[index:])
        ending = next((c for c in run if _verifies(c) or not _ignored(c)), None)
        if ending is None or not _verifies(ending):
            yield (
                f"cell {cells[index][0]}: it is tagged {IGNORE!r}, but neither "
                "it nor the code cell after it asserts a claim."
            )
    for number, cell in cells:
        if FORBIDDEN.intersection(source.tags(cell)):
            yield f"cell {number}: a stored notebook may not skip or expect errors."


def nothing_for_programs(notebook):
    """Learners see no comment that is for a program: it is a tag instead."""
    for number, cell in _code(notebook):
        found = _MACHINERY.search(cell.source)
        if found:
            yield (
                f"cell {number}: its line {found[0].strip()!r} is for a program: run "
                "`python -m lessons.toolkit.notebook refresh --text`."
            )


def short_definitions(notebook):
    """Notebooks compose the package; they define next to nothing."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for number, cell in _code(notebook):
        for node in ast.walk(source.tree(cell)):
            if not isinstance(node, kinds):
                continue
            lines = node.end_lineno - node.lineno + 1
            if lines > MOST_FUNCTION_LINES:
                yield (
                    f"cell {number}: {node.name!r} has {lines} lines, expected at most "
                    f"{MOST_FUNCTION_LINES}; longer code belongs into the package."
                )


def ends_with_summary(notebook):
    """The last code cell is tagged `summary` and prints text."""
    cells = list(_code(notebook))
    if not cells or "summary" not in source.tags(cells[-1][1]):
        yield "the last code cell does not carry the tag 'summary'."
    for number, cell in cells:
        if "summary" in source.tags(cell) and not source.printed(cell):
            yield f"cell {number}: it is tagged 'summary' but prints nothing."


def opening(notebook):
    """The first screen: title, promise, cover, box, objectives, folded symbols."""
    try:
        first_screen.read(notebook)
    except UserError as error:
        yield str(error)
        return
    if first_screen.COVER_FILE not in notebook.cells[0].get("attachments", {}):
        yield (
            "cell 1: it does not carry its cover: run "
            "`python -m lessons.toolkit.notebook refresh --text`."
        )


def equations_shown(notebook):
    """Every equation can be drawn without a network."""
    for number, cell in enumerate(notebook.cells, start=1):
        texts = [source.prose(cell)] if cell.cell_type == "markdown" else []
        for output in source.outputs(cell, "display_data", "execute_result"):
            texts += [output.data.get(f"text/{k}", "") for k in ("markdown", "latex")]
        for text in texts:
            renderer = markdown.WithoutEquations()
            renderer.render(text)
            for message in renderer.problems:
                yield f"cell {number}: {message}"


def nothing_from_outside(notebook):
    """No prose or output makes a browser fetch something."""
    for number, cell in enumerate(notebook.cells, start=1):
        texts = []
        if cell.cell_type == "markdown":
            texts.append(markdown.WithoutEquations().render(source.prose(cell)))
        for output in source.outputs(cell, "display_data", "execute_result"):
            texts.append(output.data.get("text/html", ""))
        for text in texts:
            for request in page.outside_requests(text):
                yield f"cell {number}: showing it would load {request}."


def one_cover(notebook):
    """One figure stands for the lesson on the website and in the tour."""
    covers = [n for n, cell in _code(notebook) if overview.COVER in source.tags(cell)]
    drawing = [id(cell) for cell, _, _ in source.images(notebook)]
    drawn = [n for n in covers if id(notebook.cells[n - 1]) in drawing]
    if len(covers) != 1 or drawn != covers:
        yield (
            f"{len(covers)} cells carry the tag 'cover', {len(drawn)} of them with a "
            "figure; expected one, with the picture that makes one want to start."
        )


RULES = (
    executed_in_order,
    no_errors,
    figures_described,
    figure_count,
    outputs_compared,
    nothing_for_programs,
    short_definitions,
    ends_with_summary,
    opening,
    equations_shown,
    nothing_from_outside,
    one_cover,
)

# The tour before all lessons has no symbols and few figures of its own.
TOUR_RULES = tuple(
    rule for rule in RULES if rule not in (figure_count, opening, one_cover)
)


def _code(notebook):
    """The code cells with their numbers, counted from 1 over all cells."""
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code":
            yield number, cell


def _ignored(cell):
    return IGNORE in source.tags(cell)


def _verifies(cell):
    """Whether a cell asserts, or checks a claim through the ledger."""
    for node in ast.walk(source.tree(cell)):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in _LEDGER_CHECKS:
                return True
    return False
