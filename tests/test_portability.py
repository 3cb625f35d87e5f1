"""The settings that `scripts/portability.py` runs a lesson in, and what it reports."""

import importlib
import itertools
import os
import pathlib
import sys

import nbformat
import pytest

from lessons import catalog

ROOT = pathlib.Path(__file__).resolve().parents[1]


@pytest.fixture
def portability(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    monkeypatch.delitem(sys.modules, "portability", raising=False)
    return importlib.import_module("portability")


def test_a_few_settings_show_every_value(portability):
    settings = portability.each_once(portability.FACTORS)
    assert len(settings) <= 6
    for name, values in portability.FACTORS.items():
        assert {setting[name] for setting in settings} == set(values)


def test_pairs_shows_every_two_values_together(portability):
    settings = portability.each_pair(portability.FACTORS)
    for one, other in itertools.combinations(portability.FACTORS, 2):
        met = {(setting[one], setting[other]) for setting in settings}
        together = itertools.product(
            portability.FACTORS[one], portability.FACTORS[other]
        )
        assert met == set(together)
    assert len(settings) < 25  # of 120


def test_a_setting_becomes_variables_and_leaves_the_others(portability):
    setting = {"blas": "Zen", "onednn": "off", "isa": "AVX2", "xla": "SSE4_2"}
    base = {"PATH": "/bin", "XLA_FLAGS": "--a=1", "ONEDNN_MAX_CPU_ISA": "SSE41"}
    found = portability.environment(setting | {"threads": "2"}, base)
    assert found["PATH"] == "/bin"
    assert found["OPENBLAS_CORETYPE"] == "Zen"
    assert found["TF_ENABLE_ONEDNN_OPTS"] == "0"
    assert found["ONEDNN_MAX_CPU_ISA"] == "AVX2"
    assert found["XLA_FLAGS"] == "--a=1 --xla_cpu_max_isa=SSE4_2"
    assert found["TF_NUM_INTRAOP_THREADS"] == found["OMP_NUM_THREADS"] == "2"
    best = setting | {"threads": "1", "isa": "best", "xla": "best"}
    found = portability.environment(best, base)
    assert "ONEDNN_MAX_CPU_ISA" not in found and found["XLA_FLAGS"] == "--a=1"


def test_core_types_that_the_processor_lacks_are_left_out(
    portability, monkeypatch, capsys
):
    assert portability.missing("SkylakeX", {"AVX512F", "AVX512BW"}) == [
        "AVX512DQ",
        "AVX512VL",
    ]
    ran = []
    monkeypatch.setattr(portability, "features", lambda: {"AVX", "SSE3"})
    monkeypatch.setattr(
        portability, "verdict", lambda words, env: (ran.append(env), (True, []))[1]
    )
    slug = catalog.ready()[0].slug
    assert portability.main([slug, "--only", "tests"]) == 0
    assert {env["OPENBLAS_CORETYPE"] for env in ran} == {"Sandybridge", "Prescott"}
    assert "Haswell is left out: this processor has no AVX2" in capsys.readouterr().out


def test_a_failure_is_named_and_makes_the_status_1(portability, monkeypatch, capsys):
    monkeypatch.setattr(portability, "verdict", lambda *_: (False, ["cell 5: wrong"]))
    slug = catalog.ready()[0].slug
    assert portability.main([slug, "--only", "notebook"]) == 1
    assert "    cell 5: wrong\n" in capsys.readouterr().out
    assert portability.main(["no_such_lesson"]) == 2


def test_a_cell_that_fails_says_why(portability, tmp_path):
    sources = "x = 1", "raise AssertionError('steps: computed 0.8, required 2')"
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    nbformat.write(notebook, tmp_path / "bad.ipynb")
    words = ["--nbval", "--nbval-current-env", str(tmp_path / "bad.ipynb")]
    passed, (line,) = portability.verdict(words, dict(os.environ))
    assert not passed
    assert "Cell 1" in line and "AssertionError: steps: computed 0.8" in line


def test_pytests_report_is_read(portability, tmp_path):
    path = tmp_path / "test_one.py"
    path.write_text("def test_a(): assert 1 == 2, 'odd'\ndef test_b(): pass\n")
    passed, lines = portability.verdict([str(path)], {"PATH": "/bin:/usr/bin"})
    assert not passed
    (line,) = lines
    assert "test_a" in line and "odd" in line
