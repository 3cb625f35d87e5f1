"""A practice notebook, run as a learner runs it, and the same from the command line."""

import nbclient
import nbformat
import pytest

from lessons import cli
from lessons.grading import exercise
from lessons.practice import session
from lessons.practice.material import Material, course_directory, shown
from lessons.toolkit.errors import UserError

SLUGS = exercise.slugs(course_directory())


@pytest.mark.parametrize("slug", SLUGS)
def test_a_practice_notebook_gives_nothing_away(slug, tmp_path):
    material = Material(slug)
    exercise.write(material.for_practice(), tmp_path / f"{slug}.ipynb")
    assert exercise.leaks(material.notebook, tmp_path) == []
    text = (tmp_path / f"{slug}.ipynb").read_text(encoding="utf-8")
    assert "Marking guide" not in text
    assert not [h for hints in material.hints.values() for h in hints if h in text]
    assert text.count("check(") >= len(material.questions) - 1


def test_a_learner_is_told_the_mistake_and_passes(tmp_path, material):
    """One kernel: nothing, a typical mistake, the right answer, its solution."""
    made = material.for_practice()
    begin = next(cell for cell in made.cells if cell.id == "begin")
    setup = next(cell for cell in made.cells if cell.id == "setup")
    wrong = {each.name: each.source for each in material.wrong("iwae_bound")}
    sources = [
        begin.source,
        setup.source,
        "solution('iwae_bound')",
        wrong["wrong_iwae_mean_of_logs"],
        "check('iwae_bound')",
        material.right("iwae_bound"),
        "check('iwae_bound')",
        "solution('iwae_bound')",
        "check('collapse')",
        "solution('collapse')",
    ]
    notebook = nbformat.v4.new_notebook(metadata=made.metadata)
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in sources]
    client = nbclient.NotebookClient(
        notebook,
        timeout=120,
        allow_errors=True,
        resources={"metadata": {"path": tmp_path}},
    )
    client.execute()
    told = ["".join(map(_text, cell.outputs)) for cell in notebook.cells]
    assert "once you have checked an answer of your own" in told[2]
    assert "behaves like one that averages the log weights" in told[4]
    assert "passed" in told[6]
    assert "def iwae_bound" in told[7]
    assert "answered in words" in told[8]
    assert "Marking guide" in told[9]


def _text(output):
    data = output.get("data", {})
    found = output.get("text") or data.get("text/markdown") or data.get("text/plain")
    return found or output.get("evalue", "")


def test_of_what_was_run_the_last_definitions_count(material):
    setup = next(cell for cell in material.notebook.cells if cell.id == "setup")
    session_tests = shown(material.cell("rescale_tests").source)
    history = [
        setup.source,
        material.stub("rescale"),
        session_tests,
        "import math",
        "def rescale(grads, threshold):\n    return 1",
        "def helper():\n    return 1",
        "1 + 1",
        "def rescale(grads, threshold):\n    return helper()",
        "check('rescale')",
        "%matplotlib inline",
    ]
    assert session.last(history, material) == [history[3], history[5], history[7]]
    assert session.last(history[:3], material) == []


def test_hints_come_one_by_one(material, capsys, monkeypatch):
    monkeypatch.setitem(material.hints, "rescale", ("first", "last"))
    own = session.Session(material, cells=lambda: [])
    for expected in ("Hint 1 of 2.** first", "Hint 2 of 2.** last", "Hint 2 of 2"):
        own.hint("rescale")
        assert expected in capsys.readouterr().out
    with pytest.raises(UserError, match="unknown question 'rescal'"):
        own.hint("rescal")


def test_the_command_line_writes_checks_and_keeps(
    tmp_path, material, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["practice", "vae"]) == 0
    path = tmp_path / "practice" / "vae.ipynb"
    assert cli.main(["practice", "vae"]) == 2
    assert "is there already" in capsys.readouterr().err
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.id == "rescale":
            cell.source = material.right("rescale")
    nbformat.write(notebook, path)
    assert cli.main(["check", str(path), "--question", "rescale"]) == 0
    assert "rescale: passed" in capsys.readouterr().out
    assert cli.main(["progress"]) == 0
    assert "rescale" in capsys.readouterr().out
    assert cli.main(["check", str(path), "--question", "rescale", "--solution"]) == 0
    assert "def rescale" in capsys.readouterr().out
    assert cli.main(["practice", "vae", "--reset"]) == 0
    assert len(list(path.parent.glob("vae-*.ipynb"))) == 1
    (tmp_path / "other.ipynb").write_text("{}", encoding="utf-8")
    assert cli.main(["check", "other.ipynb"]) == 2
    assert "is no practice notebook" in capsys.readouterr().err
