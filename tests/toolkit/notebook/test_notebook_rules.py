"""Each rule lets the sample pass and catches a notebook that breaks exactly it."""

import nbformat
import pytest

from lessons.toolkit.notebook import check as notebook_check
from lessons.toolkit.notebook import rules, source

from .conftest import ALT, FIGURE


@pytest.fixture
def broken(sample, pretend_executed):
    """The names of the rules broken by the sample after a change of its text."""

    def check(old=None, new=None, change=None):
        if old is not None:
            sample.replaced(old, new)
        notebook = pretend_executed(sample.path)
        if change is not None:
            change(notebook)
        return {rule.__name__ for rule in rules.RULES if list(rule(notebook))}

    return check


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def stored(sample, pretend_executed):
    nbformat.write(pretend_executed(sample.path), sample.stored)


def test_a_good_notebook_breaks_no_rule(sample, pretend_executed):
    stored(sample, pretend_executed)
    assert notebook_check.problems(sample.path) == []


def test_a_missing_notebook_is_a_problem(sample):
    (problem,) = notebook_check.problems(sample.path)
    assert "sample.ipynb is missing" in problem


def test_a_damaged_notebook_is_a_problem(sample):
    sample.stored.write_text("{")
    (problem,) = notebook_check.problems(sample.path)
    assert "cannot be read" in problem


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("epoch == 2", "epoch == 1 + 1", "source"),
        ('tags=["summary"]', 'tags=["summary", "other"]', "metadata"),
        ("# %%\nassert", "# %% [markdown]\n# assert", "cell_type"),
    ],
)
def test_source_and_product_hold_the_same_cells(
    sample, pretend_executed, old, new, part
):
    stored(sample, pretend_executed)
    sample.replaced(old, new)
    (problem,) = notebook_check.problems(sample.path)
    assert f"its {part} differs" in problem


def test_a_cell_more_in_the_source_is_a_problem(sample, pretend_executed):
    stored(sample, pretend_executed)
    sample.write(sample.text + "\n# %% [markdown]\n# More.\n")
    (problem,) = notebook_check.problems(sample.path)
    assert "has 13 cells, the stored notebook 12" in problem


def test_a_cell_not_executed_is_caught(broken):
    def change(notebook):
        code_cells(notebook)[2].execution_count = None

    assert broken(change=change) == {"executed_in_order"}


def test_cells_executed_out_of_order_are_caught(broken):
    def change(notebook):
        first, second = code_cells(notebook)[:2]
        first.execution_count, second.execution_count = 2, 1

    assert broken(change=change) == {"executed_in_order"}


def test_standard_error_is_caught(broken):
    def change(notebook):
        output = nbformat.v4.new_output("stream", name="stderr", text="careful")
        code_cells(notebook)[1].outputs.append(output)

    assert broken(change=change) == {"no_errors"}


def test_an_error_output_is_caught(broken):
    def change(notebook):
        output = nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])
        code_cells(notebook)[1].outputs.append(output)

    assert broken(change=change) == {"no_errors"}


@pytest.mark.parametrize("text", [None, "", "A chart.", f"<Figure {'long ' * 10}>"])
def test_a_figure_that_does_not_say_what_it_shows_is_caught(broken, text):
    def change(notebook):
        cell = next(cell for cell in code_cells(notebook) if cell.source == "figure()")
        if text is None:
            del cell.outputs[0].data["text/plain"]
        else:
            cell.outputs[0].data["text/plain"] = text

    assert broken(change=change) == {"figures_described"}


def test_two_figures_in_a_cell_are_caught(broken):
    def change(notebook):
        cell = next(cell for cell in code_cells(notebook) if cell.source == "figure()")
        cell.outputs.append(cell.outputs[0])

    assert broken(change=change) == {"figures_described"}


def test_another_alt_text_for_the_website_is_a_problem(sample, pretend_executed):
    notebook = pretend_executed(sample.path)
    cell = next(cell for cell in code_cells(notebook) if cell.source == "figure()")
    cell.metadata["mystnb"]["image"]["alt"] = "Another text about the same figure."
    nbformat.write(notebook, sample.stored)
    (problem,) = notebook_check.problems(sample.path)
    assert "refresh --text" in problem


def test_an_alt_text_in_the_text_source_is_a_problem(sample, pretend_executed):
    written = f'# %% mystnb={{"image": {{"alt": "{ALT}"}}}}\nfigure()'
    sample.replaced("# %%\nfigure()", written)
    stored(sample, pretend_executed)
    problems = notebook_check.problems(sample.path)
    assert any("the text source describes its figure" in text for text in problems)


def test_three_figures_are_too_few(broken):
    assert broken("\nfigure()\n", "\nprint()\n") == {"figure_count"}


def test_ten_figures_are_too_many(broken):
    summary = '\n# %% tags=["summary"]'
    assert broken(summary, FIGURE * 6 + summary) == {"figure_count"}


def test_an_ignored_output_needs_an_assertion_after_it(broken):
    assert broken("assert epoch == 2", "print(epoch)") == {"outputs_compared"}


def test_an_ignored_output_may_be_verified_in_its_own_cell(broken):
    # The verifying cell becomes an ordinary one, so only the ledger call can satisfy
    # the rule.
    change = 'claims.true("three epochs", epoch == 2)\n\n# %%\nprint(epoch)'
    assert broken("\n# %%\nassert epoch == 2", change) == set()


def test_train_then_plot_then_assert_is_one_verified_run(broken):
    change = "# %%\n# NBVAL_IGNORE_OUTPUT\nprint(epoch)\n\n# %%\nassert epoch == 2"
    assert broken("# %%\nassert epoch == 2", change) == set()


def test_an_ignored_last_cell_is_caught(broken):
    change = 'print("2 claims verified")\n# NBVAL_IGNORE_OUTPUT'
    assert broken('print("2 claims verified")', change) == {"outputs_compared"}


def test_the_ignore_marker_may_be_a_tag(broken):
    change = '# %% tags=["summary", "nbval-ignore-output"]'
    assert broken('# %% tags=["summary"]', change) == {"outputs_compared"}


def test_more_than_half_of_the_outputs_ignored_is_caught(broken):
    def change(notebook):
        for cell in code_cells(notebook)[:-1]:
            if cell.source == "figure()":
                cell.source += "\nassert True"
                cell.metadata["tags"] = [*source.tags(cell), rules.IGNORE]

    # 5 of 8 code cells, and each of them asserts.
    assert broken(change=change) == {"outputs_compared"}


def test_skipping_a_cell_is_caught(broken):
    change = "# NBVAL_SKIP\nassert epoch == 2"
    assert broken("assert epoch == 2", change) == {"outputs_compared"}


def test_a_function_of_six_lines_is_caught(broken):
    body = "\n".join(f"    x = {i}" for i in range(5))
    change = f"%config InlineBackend\ndef long():\n{body}\nassert epoch == 2"
    assert broken("assert epoch == 2", change) == {"short_definitions"}


def test_a_function_of_five_lines_passes(broken):
    body = "\n".join(f"    x = {i}" for i in range(4))
    change = f"def short():\n{body}\nassert epoch == 2"
    assert broken("assert epoch == 2", change) == set()


def test_a_missing_summary_is_caught(broken):
    assert broken(' tags=["summary"]', "") == {"ends_with_summary"}


def test_a_silent_summary_is_caught(broken):
    def change(notebook):
        code_cells(notebook)[-1].outputs = []

    assert broken(change=change) == {"ends_with_summary"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# # A sample lesson", "# A sample lesson"),
        ("# know a bound.**", "# know a bound."),
        ("![The picture", "[The picture"),
        ("**Time.**", "**Duration.**"),
        ("> **Prerequisites.**", "**Prerequisites.**"),
        ("**Source.** Nobody.", "**Source.**"),
        ("**You will be able to**", "**Objectives**"),
        ("<details><summary>Symbols</summary>", "## Symbols"),
        ("# |---|---|---|\n", ""),
    ],
)
def test_each_part_of_the_opening_is_required(broken, old, new):
    assert broken(old, new) == {"opening"}


def test_symbols_after_the_first_code_do_not_count(broken):
    cell = "# %% [markdown]\n# <details>"
    assert broken(cell, f"# %%\nx = 1\n\n{cell}") == {"opening"}


def test_a_first_screen_without_its_picture_is_caught(broken):
    def change(notebook):
        del notebook.cells[0]["attachments"]

    assert broken(change=change) == {"opening"}


@pytest.mark.parametrize("line", ["# NBVAL_SKIP", "# isort: split", "# fmt: off"])
def test_a_comment_for_a_program_is_caught(broken, line):
    def change(notebook):
        code_cells(notebook)[1].source += f"\n{line}\nassert True"

    assert broken(change=change) == {"nothing_for_programs"}


def test_an_equation_that_cannot_be_shown_is_caught(broken):
    assert broken(r"\lVert", r"\unheardof") == {"equations_shown"}


@pytest.mark.parametrize(
    "text", ["![x](https://example.org/x.png)", '<img src="http://example.org/x.png">']
)
def test_prose_that_loads_from_outside_is_caught(broken, text):
    assert broken("# None.", f"# {text}") == {"nothing_from_outside"}


def test_an_output_that_loads_from_outside_is_caught(broken):
    def change(notebook):
        data = {"text/html": '<script src="//example.org/x.js"></script>'}
        output = nbformat.v4.new_output("display_data", data=data)
        code_cells(notebook)[1].outputs = [output]

    assert broken(change=change) == {"nothing_from_outside"}


def test_a_lesson_without_a_cover_is_caught(broken):
    assert broken('tags=["cover"]', "") == {"one_cover", "opening"}


def test_two_covers_are_caught(broken):
    def change(notebook):
        first = next(c for c in notebook.cells if c.source == "figure()")
        first.metadata.tags = ["cover"]

    assert broken(change=change) == {"one_cover"}


def test_a_cover_without_a_figure_is_caught(broken):
    def change(notebook):
        (cover,) = [c for c in notebook.cells if "cover" in c.metadata.get("tags", [])]
        cover.metadata.tags, code_cells(notebook)[0].metadata.tags = [], ["cover"]

    assert broken(change=change) == {"one_cover"}


def test_the_tour_needs_no_symbols_and_no_cover(sample, pretend_executed, tmp_path):
    tour = sample.path.with_name("start_here.py")
    text = sample.text.replace("<summary>Symbols", "<summary>Signs").replace(
        'tags=["cover"]', ""
    )
    tour.write_text(text, encoding="utf-8")
    nbformat.write(pretend_executed(tour), tour.with_suffix(".ipynb"))
    assert notebook_check.problems(tour) == []
