"""What a program can check of a stored notebook.

Every rule is a function that takes a notebook and yields sentences, each naming the
cell (counted from 1) and what is expected. The idea behind the rules: a notebook
teaches with few, described figures; its claims are computed and asserted; what it
shows is what its source computes.
"""

import ast
import re

from lessons.toolkit.notebook import markdown, overview, page, refresh, source

MOST_FUNCTION_LINES = 5
LEAST_ALT_CHARACTERS = 40
FEWEST_FIGURES, MOST_FIGURES = 4, 9  # a drawing and a figure that turns included
OPENING_SECTIONS = ("objectives", "prerequisites", "time", "symbols")

_IGNORE = re.compile(r"^\s*#\s*NBVAL_IGNORE_OUTPUT\b", re.MULTILINE)
_FORBIDDEN = re.compile(
    r"^\s*#\s*(NBVAL_SKIP|NBVAL_RAISES_EXCEPTION)\b|^(nbval-skip|raises-exception"
    r"|nbval-raises-exception)$",
    re.MULTILINE,
)
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

    A cell marked NBVAL_IGNORE_OUTPUT verifies its claim itself, or is the start of a
    run of such cells (train, plot) that a cell which verifies follows directly.
    """
    cells = list(_code(notebook))
    ignored = [index for index, (_, cell) in enumerate(cells) if _ignored(cell)]
    if 2 * len(ignored) > len(cells):
        yield (
            f"{len(ignored)} of {len(cells)} code cells carry NBVAL_IGNORE_OUTPUT, "
            "expected at most half."
        )
    for index in ignored:
        run = (cell for _, cell in cells[index:])
        ending = next((c for c in run if _verifies(c) or not _ignored(c)), None)
        if ending is None or not _verifies(ending):
            yield (
                f"cell {cells[index][0]}: it carries NBVAL_IGNORE_OUTPUT, but neither "
                "it nor the code cell after it asserts a claim."
            )
    for number, cell in cells:
        marks = "\n".join([cell.source, *source.tags(cell)])
        if _FORBIDDEN.search(marks):
            yield f"cell {number}: a stored notebook may not skip or expect errors."


def short_definitions(notebook):
    """Notebooks compose the package; they define next to nothing."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for number, cell in _code(notebook):
        for node in ast.walk(_tree(cell)):
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
    """Before the first code: title, objectives, prerequisites, time, symbols."""
    cells = notebook.cells
    end = next((i for i, c in enumerate(cells) if c.cell_type == "code"), len(cells))
    text = "\n\n".join(cell.source for cell in cells[:end])
    if not re.match(r"# \S", text):
        yield "cell 1: it does not begin with a title, a line '# ...'."
    heads = [
        line.lower() for line in text.splitlines() if line.startswith(("## ", "**"))
    ]
    for section in OPENING_SECTIONS:
        if not any(re.search(rf"\b{section}\b", line) for line in heads):
            yield f"the cells before the first code have no section {section!r}."
    if not re.search(r"^\|.+\|\s*\n\|[\s:|-]+\|\s*$", text, re.MULTILINE):
        yield "the cells before the first code have no table of symbols."


def equations_shown(notebook):
    """Every equation can be drawn without a network."""
    for number, cell in enumerate(notebook.cells, start=1):
        texts = [cell.source] if cell.cell_type == "markdown" else []
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
            texts.append(markdown.WithoutEquations().render(cell.source))
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
    marked = _IGNORE.search(cell.source)
    return bool(marked) or "nbval-ignore-output" in source.tags(cell)


def _verifies(cell):
    """Whether a cell asserts, or checks a claim through the ledger."""
    for node in ast.walk(_tree(cell)):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in _LEDGER_CHECKS:
                return True
    return False


def _tree(cell):
    """The syntax tree of a cell; magics become ordinary calls."""
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        return ast.parse(TransformerManager().transform_cell(cell.source))
    except SyntaxError:  # the cell cannot have been executed: another rule tells
        return ast.Module(body=[], type_ignores=[])
