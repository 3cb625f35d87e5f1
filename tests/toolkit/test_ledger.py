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
