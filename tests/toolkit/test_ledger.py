"""The ledger accepts what holds, refuses what does not, and prints the same text."""

import numpy as np
import pytest

from lessons.toolkit.ledger import Ledger


def test_what_holds_is_recorded_and_printed(capsys):
    claims = Ledger()
    claims.equal("half", 0.5 + 1e-9, 0.5, tolerance=1e-6)
    claims.equal("ones", np.ones((2, 3)), 1.0, tolerance=0.0)
    claims.below("small", [1.0, 2.0], 3.0, digits=2)
    claims.above("large", [4.0, 5.0], 3.0)
    claims.true("all", [True, np.True_])
    assert capsys.readouterr().out.splitlines() == [
        "✓ half: 0.5 (0.5 ± 1e-06)",
        "✓ ones: 6 numbers agree (each ± 0)",
        "✓ small: 2 (< 3)",
        "✓ large: yes (> 3)",
        "✓ all: yes (holds)",
    ]
    claims.table()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["claim", "computed", "required"]
    assert lines[2].split() == ["half", "0.5", "0.5", "±", "1e-06"]
    assert lines[-1] == "5 claims verified"


NAN = float("nan")


@pytest.mark.parametrize(
    ("method", "arguments", "options"),
    [
        ("equal", (1.1, 1.0), {"tolerance": 0.05}),
        ("equal", (NAN, 1.0), {"tolerance": 1.0}),
        ("equal", (NAN, NAN), {"tolerance": 1.0}),
        ("equal", ([1.0, NAN], 1.0), {"tolerance": 1.0}),
        ("equal", (float("inf"), float("inf")), {"tolerance": 1.0}),
        ("below", (3.0, 3.0), {}),
        ("below", ([1.0, 4.0], 3.0), {}),
        ("below", (NAN, 3.0), {}),
        ("below", ([NAN, 1.0], 3.0), {}),
        ("above", (3.0, 3.0), {}),
        ("above", ([1.0, 4.0], 3.0), {}),
        ("above", ([NAN, 4.0], 3.0), {}),
        ("true", (False,), {}),
        ("true", ([True, False],), {}),
        ("true", ([],), {}),
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
    claims = Ledger(strict=True)
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
        Ledger().above("large", 4.0, 3.0, control=("c", NAN))


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
def test_a_strict_ledger_refuses_what_shows_nothing(
    method, arguments, options, expected
):
    with pytest.raises(ValueError, match=expected):
        getattr(Ledger(strict=True), method)("the claim", *arguments, **options)
    getattr(Ledger(), method)("the claim", *arguments, **options)


def test_recorded_runs_are_printed_and_must_pass_as_well(capsys):
    claims = Ledger(strict=True)
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
    claims = Ledger(strict=True)
    claims.above("gain", 1.234567, 1, varies=True, control=("untrained", 0.5))
    claims.table()
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["✓ gain: 1.23 (> 1)", "  ✗ control, untrained: 0.5"]
    assert "gain   holds     > 1       untrained" in lines
