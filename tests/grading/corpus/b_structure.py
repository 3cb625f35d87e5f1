"""Class B: the notebook's structure and metadata."""

import json
import os

from tests.grading.corpus.cases import ALL, LOST_DOUBLE, NONE, edited
from tests.grading.small_course import named, released


def _without(name):
    def edit(notebook):
        notebook["cells"].remove(named(notebook, name))

    return edit


def _tests_pass(notebook):
    for name in ("double", "twice", "total"):
        named(notebook, name)["source"] = "pass"
        named(notebook, f"{name}_tests")["source"] = "4"


def _skipped(notebook):
    stub = released()
    for cell in stub["cells"]:
        cell["metadata"]["tags"] = ["skip-execution", "raises-exception"]
    return stub


def _forged(notebook):
    stub = released()
    for cell in stub["cells"]:
        meta = cell["metadata"].get("nbgrader")
        if meta and meta["grade"]:
            meta |= {"points": 1000, "checksum": "0" * 32, "locked": False}
            data = {"text/plain": "4"}
            cell["outputs"] = [
                {
                    "output_type": "execute_result",
                    "data": data,
                    "metadata": {},
                    "execution_count": 1,
                }
            ]
    return stub


def _twice_there(notebook):
    copy = json.loads(json.dumps(named(notebook, "double")))
    copy["source"] = "def double(x): return 0"
    notebook["cells"].append(copy)


def _without_names(notebook):
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        cell["id"] = os.urandom(4).hex()


def _swapped(notebook):
    one, other = named(notebook, "double"), named(notebook, "twice")
    one["metadata"], other["metadata"] = other["metadata"], one["metadata"]


def _strange(notebook):
    for cell, meta in zip(
        notebook["cells"], [[], "x", None, 7, {"nbgrader": []}], strict=False
    ):
        cell["metadata"] = meta
    named_cell = notebook["cells"][6]
    named_cell["metadata"] = {"nbgrader": {"grade_id": ["double"]}}


def _helper(notebook):
    own = {"cell_type": "code", "metadata": {}, "source": "def two(): return 2"}
    place = notebook["cells"].index(named(notebook, "double"))
    notebook["cells"].insert(place, own)
    named(notebook, "double")["source"] = "def double(x): return two() * np.array(x)"


def _as_text(notebook):
    named(notebook, "double")["cell_type"] = "markdown"


def _locked(notebook):
    named(notebook, "setup")["source"] = "import math as np\nraise SystemExit"


def _tests_copied(notebook):
    copy = json.loads(json.dumps(named(notebook, "double_tests")))
    copy["source"] = "2"
    notebook["cells"].append(copy)
    named(notebook, "double")["source"] = "def double(x): return 0"


edited("b_tests_deleted", ALL, _without("double_tests"))
edited("b_tests_edited", NONE, _tests_pass, says="double_tests was edited")
edited("b_tests_copied", LOST_DOUBLE, _tests_copied)
edited("b_execution_skipped", NONE, _skipped)
edited("b_points_and_outputs_forged", NONE, _forged)
edited("b_order_reversed", ALL, lambda n: n["cells"].reverse())
edited("b_answer_twice", LOST_DOUBLE, _twice_there, says="twice")
edited("b_names_lost", ALL, _without_names, says="lost its name")
edited("b_names_swapped", LOST_DOUBLE, _swapped)
edited("b_strange_metadata", ALL, _strange)
edited("b_locked_cell_edited", ALL, _locked, says="setup was edited")


def _split(notebook, first, second):
    copy = json.loads(json.dumps(named(notebook, "double")))
    named(notebook, "double")["source"], copy["source"] = first, second
    place = notebook["cells"].index(named(notebook, "double"))
    notebook["cells"].insert(place + 1, copy)


def _helper_half(notebook):
    function = "def double(x): return two() * np.array(x)"
    _split(notebook, "def two(): return 2", function)


def _call_half(notebook):
    function = "def double(x): return two() * np.array(x)"
    _split(notebook, function, "def two(): return 2\ndouble(np.zeros(3))")


def _copied_stub(notebook):
    stub = named(released(), "double")["source"]
    _split(notebook, named(notebook, "double")["source"], stub)


def _copied_above(notebook):
    function = "def double(x): return two() * np.array(x)"
    _split(notebook, "def two(): return 2\nprint(two())", function)


def _imports_in_setup(notebook):
    cell = named(notebook, "setup")
    cell["source"] += "\nfrom math import fsum"
    named(notebook, "total")["source"] = "def total(x): return fsum(x)"


def _needed_at_once(notebook):
    """The second half uses the first while it is run, not only when it is called."""
    function = "FACTOR = two()\ndef double(x): return FACTOR * np.array(x)"
    _split(notebook, "def two(): return 2", function)


edited("b_split_and_needed_at_once", ALL, _needed_at_once)
edited("b_split_helper_first", ALL, _helper_half)
edited("b_split_function_first", ALL, _call_half)
edited("b_stub_below_the_answer", ALL, _copied_stub)
edited("b_copy_made_a_helper", ALL, _copied_above)
edited("b_imports_added_to_setup", ALL, _imports_in_setup, says="setup was edited")
edited("b_answer_deleted", LOST_DOUBLE, _without("double"), says="no answer")
edited("b_answer_as_text", ALL, _as_text)
edited("b_helper_between", ALL, _helper)
edited(
    "b_another_kernel",
    ALL,
    lambda n: n.update(
        metadata={
            "kernelspec": {"name": "bash", "display_name": "sh", "language": "sh"}
        }
    ),
)
