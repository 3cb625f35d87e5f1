"""The instructor's notebook takes in a student's answers, whatever was done to them."""

import json

import nbformat

from lessons.grading.trusted import intake, plan, syntax
from tests.grading import small_course
from tests.grading.small_course import answered, named


def skeleton(tmp_path):
    root = small_course.make_course(tmp_path)
    path = root / "source" / "sums" / "sums.ipynb"
    return nbformat.read(path, as_version=4)


def planned(tmp_path, notebook):
    handed_in = intake.parse(json.dumps(notebook).encode())
    return plan.build(skeleton(tmp_path), handed_in)


def sources(cells, *kinds):
    return [cell.source for cell in cells if cell.kind in kinds]


def test_tests_and_locked_cells_are_the_instructors(tmp_path):
    notebook = answered()
    for name in ("setup", "double_tests", "twice_tests"):
        named(notebook, name)["source"] = "mine"
    cells, notes = planned(tmp_path, notebook)
    assert [note.split()[0] for note in notes] == [
        "setup",
        "double_tests",
        "twice_tests",
    ]
    assert "mine" not in sources(cells, "locked", "tests")
    assert all("HIDDEN" in text for text in sources(cells, "tests"))


def test_answers_are_the_students(tmp_path):
    cells, _ = planned(tmp_path, answered(double="def double(x): return 7"))
    by_name = {cell.name: cell for cell in cells if cell.kind == "answer"}
    assert by_name["double"].source == "def double(x): return 7"
    assert by_name["twice"].defines == ("twice",)


def test_own_cells_stay_behind_the_cell_they_followed(tmp_path):
    notebook = answered()
    own = {"cell_type": "code", "metadata": {}, "source": "helper = 1"}
    place = notebook["cells"].index(named(notebook, "twice"))
    notebook["cells"].insert(place, own)
    cells, _ = planned(tmp_path, notebook)
    running = [cell for cell in cells if cell.kind in ("extra", "answer", "tests")]
    names = [cell.name for cell in running]
    assert names[:4] == ["double", "double_tests", None, "twice"]


def test_a_missing_answer_is_empty_and_noted(tmp_path):
    notebook = answered()
    notebook["cells"].remove(named(notebook, "total"))
    cells, notes = planned(tmp_path, notebook)
    (total,) = [cell for cell in cells if cell.name == "total"]
    assert total.missing and total.source == ""
    assert notes == [f"total: {plan.NO_ANSWER}"]


def test_imports_are_found_everywhere_but_the_projects_own(tmp_path):
    notebook = nbformat.v4.new_notebook()
    source = (
        "import numpy as np\nimport lessons.x\ndef f():\n    from scipy import stats"
    )
    notebook.cells = [
        nbformat.v4.new_code_cell(source),
        nbformat.v4.new_code_cell("%matplotlib inline\nimport json"),
        nbformat.v4.new_code_cell("not ( python"),
    ]
    assert plan.imports(notebook) == ["json", "numpy", "scipy", "scipy.stats"]


def test_names_defined_are_those_of_the_top_level():
    source = "a, (b, *c) = 1, (2, 3)\nd: int = 4\ndef f():\n    g = 1\nclass H: pass"
    assert syntax.defined(source) == ["a", "b", "c", "d", "f", "H"]
