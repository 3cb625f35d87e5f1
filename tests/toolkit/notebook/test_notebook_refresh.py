"""`refresh` stores the same bytes every time, and refuses what should not be stored."""

import json

import nbformat
import pytest

from lessons.toolkit.notebook import check, environment, rules, runner, source
from lessons.toolkit.notebook.__main__ import main

from .conftest import ALT


def test_refresh_is_idempotent_and_its_product_breaks_no_rule(sample, capsys):
    assert main(["refresh"]) == 0
    first = sample.stored.read_bytes()
    assert main(["refresh", "sample"]) == 0
    assert sample.stored.read_bytes() == first
    assert check.problems(sample.path) == []
    assert main(["check"]) == 0
    assert "sample: ok" in capsys.readouterr().out


def test_the_product_holds_nothing_of_the_machine_or_the_moment(sample):
    volatile = (
        "assert epoch == 2\n\n"
        "# %%\nimport ipywidgets\nipywidgets.IntSlider()\n\n"
        "# %%\nhandle = display('shown', display_id=True)\nprint(1)\nprint(2)"
    )
    sample.replaced("assert epoch == 2", volatile)
    assert main(["refresh"]) == 0
    text = sample.stored.read_text()
    assert "IntSlider(value=0)" in text and "shown" in text
    for word in ("model_id", "transient", 'display_id"', "iopub", "codemirror"):
        assert word not in text
    notebook = json.loads(text)
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}
    assert "version" not in notebook["metadata"]["language_info"]
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"


def test_long_loops_are_silent_in_the_stored_notebook(sample):
    assert main(["refresh"]) == 0
    cells = json.loads(sample.stored.read_text())["cells"]
    (loop,) = [c for c in cells if c["metadata"].get("tags") == [rules.IGNORE]]
    assert loop["outputs"] == []


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import sys; print('careful', file=sys.stderr)", "standard error: 'careful"),
        ("import warnings; warnings.warn('old way')", "old way"),
        ("1 / 0", "cell 6: ZeroDivisionError: division by zero"),
    ],
)
def test_errors_and_standard_error_are_refused(sample, capsys, code, reason):
    sample.stored.write_text("the stored notebook")
    sample.replaced("assert epoch == 2", code)
    assert main(["refresh"]) == 2
    message = capsys.readouterr().err
    assert reason in message and "sample.ipynb is unchanged" in message
    assert sample.stored.read_text() == "the stored notebook"


def test_a_broken_rule_is_reported_with_status_1(sample, capsys):
    sample.replaced("You will be able to", "Aims")
    assert main(["refresh"]) == 1
    assert "no list of objectives" in capsys.readouterr().out


def test_comments_for_programs_become_tags(sample):
    sample.replaced(
        "import display\nfrom",
        "import display  # NBVAL is explained\n\n# isort: split\nfrom",
    )
    code = [c for c in source.build(sample.path).cells if c.cell_type == "code"]
    assert code[0].source.startswith(
        "from IPython.display import display  # NBVAL is explained\n\nfrom"
    )
    assert source.tags(code[0]) == []
    assert code[1].source.startswith("with reporting")
    assert source.tags(code[1]) == ["nbval-ignore-output"]


def test_messages_of_c_libraries_do_not_reach_the_outputs(sample):
    sample.replaced("assert epoch == 2", "import os; n = os.write(2, b'from C')")
    notebook = source.build(sample.path)
    runner.run(notebook, sample.path.parent, environment.stored())
    assert notebook.cells[5].outputs == []


def test_cell_ids_depend_on_content_not_on_position(sample):
    before = [cell.id for cell in source.build(sample.path).cells]
    assert len(set(before)) == len(before)  # the four equal figures too
    sample.replaced(
        "# %% [markdown]\n# ## Training", "# %%\n1\n\n# %% [markdown]\n# ## Training"
    )
    after = [cell.id for cell in source.build(sample.path).cells]
    assert [one for one in after if one in before] == before


def test_the_environment_command_prints_what_stored_kernels_get(capsys):
    assert main(["environment"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert dict(line.split("=", 1) for line in lines) == environment.STORED
    assert environment.stored().items() >= environment.STORED.items()
    assert not any(" " in line for line in lines)  # a Makefile splits at spaces


def test_a_watched_kernel_reports_and_may_use_the_accelerator(monkeypatch):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setenv("MPLBACKEND", "agg")
    variables = environment.interactive("reports.jsonl")
    assert variables["LESSONS_PROGRESS"] == "reports.jsonl"
    assert not {"CUDA_VISIBLE_DEVICES", "MPLBACKEND"} & set(variables)


def test_changed_prose_is_stored_without_executing(sample, pretend_executed, capsys):
    nbformat.write(pretend_executed(sample.path), sample.stored)
    before = nbformat.read(sample.stored, as_version=4)
    sample.replaced("## Training", "## A better heading")
    assert main(["refresh", "--text", "sample"]) == 0
    after = nbformat.read(sample.stored, as_version=4)
    assert check.problems(sample.path) == []
    assert [c.get("outputs") for c in after.cells] == [
        c.get("outputs") for c in before.cells
    ]


@pytest.mark.parametrize("again", [["refresh"], ["refresh", "--text"]])
def test_the_alt_text_of_a_figure_goes_where_the_website_reads_it(sample, again):
    assert main(["refresh"]) == 0
    first = nbformat.read(sample.stored, as_version=4)
    drawn = [cell for cell, _, _ in source.images(first)]
    assert [c.metadata["mystnb"]["image"]["alt"] for c in drawn] == [ALT] * 4
    drawn[0].metadata["mystnb"]["image"]["alt"] = "Out of date."
    before = sample.stored.read_bytes()
    nbformat.write(first, sample.stored)
    assert main([*again, "sample"]) == 0
    assert sample.stored.read_bytes() == before


def test_changed_code_is_never_given_old_outputs(sample, pretend_executed, capsys):
    nbformat.write(pretend_executed(sample.path), sample.stored)
    before = sample.stored.read_bytes()
    sample.replaced("assert epoch == 2", "assert epoch == 3")
    assert main(["refresh", "--text", "sample"]) == 2
    assert "without --text" in capsys.readouterr().err
    assert sample.stored.read_bytes() == before
