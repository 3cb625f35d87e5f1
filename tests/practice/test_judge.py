"""An answer is told what it is: not attempted, not right yet and why, or passed."""

import pytest

from lessons.practice import judge


@pytest.fixture(scope="module")
def vae(material):
    with judge.Judge(material) as found:
        yield found


def test_a_right_answer_passes(vae, material, cell):
    found = vae.judge([cell(material.right("iwae_bound"))], "iwae_bound")
    assert found.state == judge.PASSED
    assert found.lines() == [
        "iwae_bound: passed. The visible and the hidden tests hold (3 points)."
    ]


@pytest.mark.parametrize("written", [False, True])
def test_a_stub_is_not_attempted(vae, material, cell, written):
    cells = [cell(material.stub("iwae_bound"), "iwae_bound")] if written else []
    found = vae.judge(cells, "iwae_bound")
    assert found.state == judge.OPEN
    assert "Write the answer" in found.lines()[0]


def test_a_mistake_that_only_hidden_tests_see_is_named(vae, material, cell):
    wrong = {each.name: each for each in material.wrong("iwae_bound")}
    found = vae.judge([cell(wrong["wrong_iwae_no_max"].source)], "iwae_bound")
    assert found.state == judge.WRONG and found.hidden
    assert found.like == wrong["wrong_iwae_no_max"].does
    lines = "\n".join(found.lines())
    assert "The visible tests hold, a hidden one does not" in lines
    assert "underflows or overflows" in lines
    assert "expected array([999.306853])" in lines
    assert "behaves like one that takes exp of the log weights as they are." in lines


def test_the_smallest_plain_input_is_shown(vae, cell):
    source = "def rescale(grads, threshold):\n    return dict(grads)"
    found = vae.judge([cell(source)], "rescale")
    example = dict(found.example["arguments"])
    assert float(example["threshold"]) < 100
    assert "e+200" not in example["grads"]
    assert found.like is None


def test_helpers_and_broken_cells_are_run_as_the_learner_did(vae, cell):
    cells = [
        cell("from math import nan"),
        cell("def helper():\n    return nan"),
        cell(
            "def rescale(grads, threshold):\n    print('called')\n    return helper()"
        ),
    ]
    found = vae.judge(cells, "rescale")
    assert found.state == judge.WRONG
    broken = vae.judge([cell("def rescale(grads, threshold)\n    pass")], "rescale")
    assert broken.state == judge.OPEN or "SyntaxError" in broken.problem


def test_an_endless_or_hungry_answer_is_stopped(material, cell, monkeypatch):
    monkeypatch.setattr(judge, "SECONDS", 2.0)
    with judge.Judge(material) as found:
        source = "def rescale(grads, threshold):\n    while True:\n        pass"
        verdict = found.judge([cell(source)], "rescale")
    assert verdict.state == judge.WRONG
    assert "longer than 2 seconds" in verdict.problem
