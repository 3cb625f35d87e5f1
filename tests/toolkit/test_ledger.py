"""The ledger accepts what holds, refuses what does not, and prints the same text."""

import numpy as np
import pytest

from lessons.toolkit.ledger import Ledger


def test_what_holds_is_recorded_and_printed(capsys):
    claims = Ledger()
    claims.equal("half", 0.5 + 1e-9, 0.5, tolerance=1e-6)
    claims.equal("ones", np.ones((2, 3)), 1.0, tolerance=0.0)
    claims.below("small", [1.0, 2.0], 3.0, digits=2, theorem="order")
    claims.above("large", [4.0, 5.0], 3.0, digits=2, theorem="order")
    claims.true("all", [True, np.True_], theorem="logic")
    assert capsys.readouterr().out.splitlines() == [
        "✓ half: 0.5 (0.5 ± 1e-06)",
        "✓ ones: 6 numbers agree (each ± 0)",
        "✓ small: 2 (< 3, order)",
        "✓ large: 4 (> 3, order)",
        "✓ all: yes (holds, logic)",
    ]
    claims.table()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["claim", "computed", "required"]
    assert lines[2].split() == ["half", "0.5", "0.5", "±", "1e-06"]
    assert lines[-1] == "5 claims verified"


NAN = float("nan")
PROVED = {"theorem": "a theorem"}
NUMBER = {**PROVED, "digits": 2}


@pytest.mark.parametrize(
    ("method", "arguments", "options"),
    [
        ("equal", (1.1, 1.0), {"tolerance": 0.05}),
        ("equal", (NAN, 1.0), {"tolerance": 0.1}),
        ("equal", (NAN, NAN), {"tolerance": 0.1}),
        ("equal", ([1.0, NAN], 1.0), {"tolerance": 0.1}),
        ("equal", (float("inf"), float("inf")), {"tolerance": 0.1}),
        ("below", (3.0, 3.0), NUMBER),
        ("below", ([1.0, 4.0], 3.0), NUMBER),
        ("below", (NAN, 3.0), NUMBER),
        ("below", ([NAN, 1.0], 3.0), NUMBER),
        ("above", (3.0, 3.0), NUMBER),
        ("above", ([1.0, 4.0], 3.0), NUMBER),
        ("above", ([NAN, 4.0], 3.0), NUMBER),
        ("true", (False,), PROVED),
        ("true", ([True, False],), PROVED),
        ("true", ([],), PROVED),
    ],
)
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_what_does_not_hold_raises_and_is_not_recorded(
    method, arguments, options, capsys
):
    claims = Ledger()
    with pytest.raises(AssertionError, match="^the claim: computed .*, required "):
        getattr(claims, method)("the claim", *arguments, **options)
    assert claims.claims == []
    assert capsys.readouterr().out == ""


def test_a_number_within_tolerance_of_zero_is_printed_as_zero(capsys):
    Ledger().equal("zero", -3e-17, 0.0, tolerance=1e-12)
    assert capsys.readouterr().out == "✓ zero: 0 (0 ± 1e-12)\n"


def test_a_control_must_fail_the_same_check_and_is_printed(capsys):
    claims = Ledger()
    claims.above("modes", [7.9, 8.0], 6.5, digits=2, control=("a ring", 2.0))
    claims.below("error", 1e-9, 1e-6)
    claims.equal("half", 0.5, 0.5, tolerance=0.1, control=("the mistake", 0.75))
    claims.true("infinite", True, control=[("a", False), ("b", [True, False])])
    claims.above("ELBO", 1.0, 0.0, digits=1, theorem="Jensen")
    claims.table()
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["✓ modes: 7.9 (> 6.5)", "  ✗ control, a ring: 2"]
    assert "✓ error: agrees (< 1e-06)" in lines
    assert "  ✗ control, the mistake: 0.75" in lines
    assert "  ✗ control, a: no; b: no" in lines
    assert "✓ ELBO: 1 (> 0, Jensen)" in lines
    assert lines[-1] == "5 claims verified, 3 of them with a control that fails"
    assert any(line.split() == "modes 7.9 > 6.5 a ring: 2".split() for line in lines)


@pytest.mark.parametrize(
    ("method", "arguments", "options"),
    [
        ("equal", (1.0, 1.0), {"tolerance": 0.5, "control": ("c", 1.4)}),
        ("below", (1.0, 3.0), {"digits": 1, "control": ("c", [2.0, 2.9])}),
        ("above", (4.0, 3.0), {"digits": 1, "control": [("d", 2.0), ("c", 3.1)]}),
        ("true", (True,), {"control": ("c", [True, True])}),
    ],
)
def test_a_claim_whose_control_passes_is_refused(method, arguments, options):
    claims = Ledger()
    with pytest.raises(AssertionError, match="the control, c, passes the same check"):
        getattr(claims, method)("the claim", *arguments, **options)
    assert claims.claims == []


def test_a_control_that_was_not_computed_is_refused():
    with pytest.raises(ValueError, match="the control, c, must be a number"):
        Ledger().above("large", 4.0, 3.0, digits=1, control=("c", NAN))


@pytest.mark.parametrize(
    ("method", "arguments", "options", "expected"),
    [
        ("above", (4.0, 3.0), {"digits": 1}, "a control must be given"),
        ("below", (1.0, 3.0), {"digits": 1}, "a control must be given"),
        ("below", (-1.0, 0.0), {"digits": 1}, "a control must be given"),
        ("true", (True,), {}, "a control must be given"),
        ("above", (4.0, 3.0), {"theorem": "Jensen"}, "a number must be shown"),
        ("equal", (0.2, 0.18), {"tolerance": 0.15}, "is large against the quantity"),
        ("equal", (0.0, 0.0), {"tolerance": 0.02}, "is large against the quantity"),
    ],
)
def test_a_ledger_refuses_what_shows_nothing(method, arguments, options, expected):
    with pytest.raises(ValueError, match=expected):
        getattr(Ledger(), method)("the claim", *arguments, **options)


def test_recorded_runs_are_printed_and_must_pass_as_well(capsys):
    claims = Ledger()
    recorded = np.array([21.2, 21.9, 22.99])
    claims.below(
        "cost", 21.3, 24, recorded=recorded, control=("no BN", np.array([29.6, 47.8]))
    )
    assert capsys.readouterr().out.splitlines() == [
        "✓ cost: 22.0 (21.2 to 23.0, 3 seeds), here too (< 24)",
        "  ✗ control, no BN: 39 (30 to 48, 2 seeds)",
    ]
    with pytest.raises(AssertionError, match="2 of 3 recorded runs pass"):
        claims.below("cost", 21.3, 22.5, recorded=recorded, control=("no BN", 30.0))


def test_what_varies_is_printed_where_it_stands_and_not_in_the_table(capsys):
    claims = Ledger()
    claims.above("gain", 1.234567, 1, varies=True, control=("untrained", 0.5))
    claims.table()
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["✓ gain: 1.23 (> 1)", "  ✗ control, untrained: 0.5"]
    assert "gain   holds     > 1       untrained" in lines
