"""Mutants of right answers: which are made, which survive, what is said of them."""

import ast
import json

import pytest

from lessons.grading import check, course, mutation, mutation_report
from lessons.grading.mutation_make import mutants
from lessons.toolkit.errors import UserError
from tests.grading.doubling import RIGHT, SOURCE

HEAD = "def f(a, b, axis=0):\n    "


def made(body):
    """What the mutants of a function's body say in its place."""
    return {m.after for m in mutants("right_1", HEAD + body + "\n", ["f"])}


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("return a + b", ["return a - b", "return a", "return b"]),
        ("return (a - b) / b", ["return (b - a) / b", "return (b) / (a - b)"]),
        ("return a ** 2", ["return a ** 3", "return a ** 1", "return a * 2"]),
        ("return -a", ["return a"]),
        ("return a < b", ["return a <= b", "return a > b"]),
        ("return a == 0 and b", ["return a != 0 and b", "return a == 0 or b"]),
        ("return a.sum(axis=1)", ["return a.mean(axis=1)", "return a.sum()"]),
        ("return a.sum(axis=1)", ["return a.sum(axis=2)", "return a.sum(axis=0)"]),
        (
            "return a.sum(axis=-1)",
            ["return a.sum(axis=(-2))", "return a.sum(axis=(0))"],
        ),
        ("return a.sum(1, keepdims=True)", ["return a.sum(1, keepdims=False)"]),
        ("return np.var(a, 1)", ["return np.var(a, 1, ddof=1)", "return np.std(a, 1)"]),
        ("return np.var(a, ddof=1)", ["return np.var(a)", "return np.var(a, ddof=2)"]),
        (
            "return np.exp(a - a.max())",
            ["return np.exp(a)", "return np.exp(a - a.min())"],
        ),
        ("return a[1:b]", ["return a[2:b]", "return a[:b]", "return a[1:b - 1]"]),
        ("return a[:, None]", ["return a[None, :]"]),
        ("return np.outer(a, b)", ["return np.outer(b, a)"]),
        ("return a.copy()", ["return a"]),
        ("a = a + b\n    return a", ["a += b", "a = a - b"]),
        ("a += b\n    return a", ["pass", "a -= b", "a = b"]),
        ("return [b for i in range(a)]", ["return [b for i in range(a - 1)]"]),
        ("if a:\n        return b\n    return 0.5", ["if True:", "if False:"]),
        (
            "return a",
            ["return np.asarray(a, np.float32)", "return np.asarray(a)[None]"],
        ),
        ("return a, b", ["return b, a"]),
        ("return np.logaddexp(a, b)", ["return np.maximum(a, b)"]),
        ("return np.log(a)  # nats", ["return np.log2(a) # nats"]),
        ("return np.where(a, b, 0.0)", ["return np.where(b, a, 0.0)"]),
    ],
)
def test_a_mistake_is_made(body, wanted):
    assert set(wanted) <= made(body), made(body)


@pytest.mark.parametrize(
    ("body", "never"),
    [
        ("return abs(a - b)", "return abs(b - a)"),  # the same
        ("return (a - b) ** 2", "return (b - a) ** 2"),
        ("return np.maximum(a, 0)", "return np.maximum(0, a)"),
        ("return zip(a, b, strict=True)", "return zip(a, b, strict=False)"),
        ("c = a\n    return c", "pass"),  # a name would be missing
        ("c = a + b\n    c = c + b\n    return c", "c += b"),  # nobody else's array
    ],
)
def test_what_is_no_mistake_is_not_made(body, never):
    assert never not in made(body)


def test_mutants_are_programs_that_differ_in_one_place_and_keep_the_layout():
    text = (
        '"""Right."""\n\nimport numpy as np\n\n\n'
        'def helper(x):\n    return 2 * x  # twice é\n\n\n'
        'def f(x):\n    """Sum."""\n'
        '    return helper(\n        x + 1,  # one more\n    )\n'
        '\n\ndef unused(x):\n    return x + 5\n'
    )  # fmt: skip
    found = mutants("right_1", text, ["f"])
    assert len({ast.dump(ast.parse(m.text)) for m in found}) == len(found)
    assert all("# twice é" in m.text and '"""Sum."""' in m.text for m in found)
    assert {m.function for m in found} == {"helper", "f"}
    assert all(m.questions == ("f",) for m in found)
    (more,) = (m for m in found if m.after == "x + 2, # one more")
    assert (more.line, more.before) == (13, "x + 1, # one more")
    assert more.text == text.replace("x + 1,", "x + 2,")


def run(root, **changes):
    subject = mutation.Exercise(root, "doubling")
    with check.Runner() as runner:
        return subject, mutation.run(subject, subject.mutants, runner, **changes)


def test_survivors_are_listed_until_they_have_a_reason_or_a_test(small):
    told = []
    subject, outcome = run(small, progress=lambda *counts: told.append(counts))
    assert told[-1] == (len(subject.mutants), len(subject.mutants))
    assert outcome.clean and outcome.killed == outcome.mutants > 8
    path = small / "answers" / "doubling" / "right_1.py"
    path.write_text(RIGHT.format("abs(2 * x)"))  # no test has a negative number
    subject, outcome = run(small)
    (left,) = outcome.survivors
    assert not outcome.clean and outcome.killed == outcome.mutants - 1
    printed = mutation_report.table(subject, outcome)
    assert "answers/doubling/right_1.py:5 (double)" in printed
    assert "    - return abs(2 * x)\n    + return (2 * x)" in printed
    listed = small / "answers" / "doubling" / "equivalent.toml"
    entry = (
        '[[equivalent]]\nquestion = "double"\nreason = "two is enough"\nchanges = {}\n'
    )
    listed.write_text(entry.format(json.dumps([left.key])))
    _, outcome = run(small)
    assert outcome.clean and outcome.equivalent == 1
    listed.write_text(entry.format(json.dumps([left.key, ("right_1", "a", "b")])))
    subject, outcome = run(small)
    assert not outcome.clean and outcome.stale == (("right_1", "a", "b"),)
    assert "but killed or not made: right_1" in mutation_report.table(subject, outcome)
    listed.write_text(entry.format("[]").replace("reason", "because"))
    with pytest.raises(UserError, match="Allowed: question, reason, changes"):
        run(small)


def test_a_mutant_that_never_ends_is_stopped_and_counts_as_killed(small):
    loop = "    while x < 1:\n        x += 1\n    return 2 * x\n"
    path = small / "answers" / "doubling" / "right_1.py"
    path.write_text('"""Right."""\n\n\ndef double(x):\n' + loop)
    _, outcome = run(small)
    assert outcome.late == 1  # x > 1, and 21 grows for ever
    assert "while x > 1:" not in [mutant.after for mutant in outcome.survivors]


def test_the_command_records_a_clean_run_and_says_when_tests_change(small, capsys):
    arguments = ["--course", str(small), "mutate", "doubling"]
    assert course.main([*arguments, "--sample", "3", "--seed", "1"]) == 0
    assert "doubling: 3 mutants, 3 killed" in capsys.readouterr().out
    assert mutation_report.recorded(small) == {}
    assert course.main(arguments) == 0
    subject = mutation.Exercise(small, "doubling")
    (row,) = mutation_report.recorded(small).values()
    assert row["mutants"] == row["killed"] == len(subject.mutants)
    assert row["digest"] == subject.digest()
    path = small / "exercises" / "doubling.py"
    path.write_text(SOURCE.replace("# # Doubling", "# # Doubling numbers"))
    assert mutation.Exercise(small, "doubling").digest() == row["digest"]
    path.write_text(SOURCE.replace("double(21) == 42", "double(22) == 44"))
    assert mutation.Exercise(small, "doubling").digest() != row["digest"]
    assert course.main([*arguments, "--question", "tripel"]) == 2
    assert "Allowed: double" in capsys.readouterr().err


def test_a_right_answer_that_is_not_accepted_is_no_ground_for_mutants(small):
    path = small / "answers" / "doubling" / "right_1.py"
    path.write_text(RIGHT.format("3 * x"))
    with pytest.raises(UserError, match="right_1 is not accepted as it is"):
        run(small)
