"""What tests cost is measured with all their processes, and told by lesson."""

import importlib
import json
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[1]
SLUGS = {"vae", "wasserstein_autoencoder", "lstm"}
# Work in the test itself, in a child that is waited for, in one that still runs when
# the test ends, and in a fixture; half a second of processor time each.
SUITE = """
import subprocess, sys, time
import pytest

BUSY = "import time\\nwhile time.process_time() < 0.5: pass\\n"

def busy():
    end = time.process_time() + 0.5
    while time.process_time() < end: pass

def test_idle(): time.sleep(0.5)

def test_itself(): busy()

def test_child(): subprocess.run([sys.executable, "-c", BUSY], check=True)

@pytest.fixture(scope="session")
def server():
    code = f"input()\\n{BUSY}print('done', flush=True)\\ninput()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", code], **pipes) as process:
        yield process
        process.communicate("\\n")

def test_a_server_is_started(server): pass

def test_what_the_server_does(server):
    print(file=server.stdin, flush=True)
    assert server.stdout.readline() == "done\\n"

def test_the_server_is_not_counted_twice(server): pass

@pytest.fixture
def prepared(): busy()

def test_fixture(prepared): assert False, "what fails is measured too"
"""


@pytest.fixture
def costs(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    monkeypatch.delitem(sys.modules, "costs", raising=False)
    return importlib.import_module("costs")


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """CPU seconds of the tests of SUITE by name, run by two processes."""
    folder = tmp_path_factory.mktemp("suite")
    (folder / "test_suite.py").write_text(SUITE)
    options = "-q -p xdist.plugin -p costs -p no:cacheprovider -n 2".split()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "--dist", "loadfile"],
        env={
            "PYTHONPATH": str(ROOT / "scripts"),
            "LESSONS_COSTS": "costs.jsonl",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # they take seconds
        },
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 failed, 6 passed" in done.stdout, done.stdout + done.stderr
    lines = (folder / "costs.jsonl").read_text().splitlines()
    return {node.rpartition("::")[2]: spent for node, spent in map(json.loads, lines)}


def test_every_test_and_the_start_are_measured(measured):
    names = set(re.findall(r"def (test_\w+)", SUITE))
    assert set(measured) == names | {"start"}
    assert measured["start"] > 0.05  # importing pytest takes longer


@pytest.mark.skipif(sys.platform != "linux", reason="processes that run need /proc")
@pytest.mark.parametrize("name", ["itself", "child", "what_the_server_does", "fixture"])
def test_work_is_counted_wherever_it_is_done(measured, name):
    assert 0.45 < measured[f"test_{name}"] < 1.0


@pytest.mark.parametrize("name", ["idle", "the_server_is_not_counted_twice"])
def test_waiting_costs_nothing(measured, name):
    assert measured[f"test_{name}"] < 0.2


@pytest.mark.parametrize(
    ("node", "owner", "part"),
    [
        ("notebooks/autoencoders/vae.ipynb::Cell 3", "vae", "notebook"),
        ("notebooks/start_here.ipynb::Cell 0", "", "notebook"),
        ("tests/autoencoders/vae/test_vae_model.py::test_x[lstm]", "vae", "tests"),
        ("tests/contract/test_lessons.py::test_x[3-lstm-a]", "lstm", "tests"),
        (
            "tests/course/test_exercises.py::test_x[wasserstein_autoencoder]",
            "wasserstein_autoencoder",
            "exercise",
        ),
        ("tests/course/test_exercises.py::test_x[vae_like]", "", "exercise"),
        ("tests/grading/test_grade.py::test_x[vae]", "", "tests"),
        ("start", "", "tests"),
    ],
)
def test_a_test_belongs_to_its_lesson_and_part(costs, node, owner, part):
    assert (costs.lesson_of(node, SLUGS), costs.part_of(node)) == (owner, part)


def test_the_table_is_sorted_and_marks_what_exceeds_a_budget(costs, tmp_path):
    path = tmp_path / "costs.jsonl"
    own = "tests/autoencoders/vae/test_vae.py::test_x"
    rows = [
        ("notebooks/autoencoders/vae.ipynb::Cell 1", 40.0),  # just its budget
        (own, 30.0),
        (own, 20.4),  # with the line above it more than fifty
        ("notebooks/foundations/lstm.ipynb::Cell 1", 99.0),
        ("tests/grading/test_grade.py::test_x", 600.0),
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert costs.table(costs.read(path, SLUGS)) == [
        "CPU seconds              all  notebook   exercise      tests",
        "grader, site, tools      600         0          0        600",
        "lstm                      99        99*         0          0",
        "vae                       90        40          0         50*",
        "total                    789       139          0        650",
        "* more than a lesson's budget: notebook 40, exercise 25, tests 50",
    ]


def test_a_missing_file_is_no_cost(costs, tmp_path):
    assert not costs.read(tmp_path / "none", SLUGS)
