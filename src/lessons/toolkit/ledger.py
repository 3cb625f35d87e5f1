"""The ledger of claims: what a notebook promised, computed and found true.

A notebook makes one `Ledger`, checks each claim of theory through it, and prints the
table in its last cell. A check that fails raises, so a notebook whose claims do not
hold cannot be executed.
"""

import dataclasses
import math

import numpy as np


@dataclasses.dataclass(frozen=True)
class Claim:
    """One verified claim: the sentence, what was computed, what it was held to."""

    statement: str
    computed: str
    required: str


class Ledger:
    """Collects verified claims and prints them as a table.

    Example:
        claims = Ledger()
        claims.equal("KL of a Gaussian to itself is 0", kl, 0.0, tolerance=1e-12)
        claims.table()
    """

    def __init__(self):
        self.claims = []

    def _record(self, statement, holds, computed, required):
        if not holds:
            raise AssertionError(
                f"{statement}: computed {computed}, required {required}"
            )
        self.claims.append(Claim(statement, computed, required))
        print(f"✓ {statement}: {computed} ({required})")

    def equal(self, statement, computed, expected, *, tolerance, digits=6):
        """Claim that numbers equal `expected` up to an absolute `tolerance`.

        Args:
            statement: the claim, a short sentence.
            computed, expected: numbers or arrays that broadcast together.
            tolerance: largest absolute difference allowed.
            digits: significant digits printed of a single number; for arrays the
                verdict is printed instead. They must not exceed what the
                tolerance guarantees, or the printed text may vary.
        """
        computed, expected = np.asarray(computed), np.asarray(expected)
        worst = float(np.max(np.abs(computed - expected)))
        if computed.ndim == 0:
            shown = f"{float(computed):.{digits}g}"
            if abs(float(computed)) < tolerance:
                shown = "0"
            required = f"{float(expected):.{digits}g} ± {tolerance:g}"
        else:
            shown = f"{computed.size} numbers agree"
            required = f"each ± {tolerance:g}"
        holds = math.isfinite(worst) and worst <= tolerance
        if not holds:
            shown = f"{computed} (off by {worst:g})"
        self._record(statement, holds, shown, required)

    def below(self, statement, computed, bound, *, digits=None):
        """Claim that every entry of `computed` is below `bound`.

        Args:
            statement: the claim, a short sentence.
            computed: number or array.
            bound: exclusive upper bound, a number.
            digits: significant digits to print of the largest entry; leave out for
                a number that varies from machine to machine.
        """
        worst = float(np.max(np.asarray(computed)))
        self._compare(statement, worst, worst < bound, f"< {bound:g}", digits)

    def above(self, statement, computed, bound, *, digits=None):
        """Claim that every entry of `computed` is above `bound` (see `below`)."""
        worst = float(np.min(np.asarray(computed)))
        self._compare(statement, worst, worst > bound, f"> {bound:g}", digits)

    def true(self, statement, holds, required="holds"):
        """Claim that a condition (or every entry of an array of them) holds.

        An empty array proves nothing and is refused.
        """
        holds = np.size(holds) > 0 and bool(np.all(holds))
        self._record(statement, holds, "yes" if holds else "no", required)

    def _compare(self, statement, worst, holds, required, digits):
        holds = holds and math.isfinite(worst)
        shown = f"{worst:.{digits}g}" if digits else "yes"
        if not holds:
            shown = f"{worst:g}"
        self._record(statement, holds, shown, required)

    def table(self):
        """Print the table of claims verified."""
        rows = [("claim", "computed", "required")]
        rows += [(c.statement, c.computed, c.required) for c in self.claims]
        widths = [max(len(row[i]) for row in rows) for i in range(3)]
        for index, row in enumerate(rows):
            print(
                "  ".join(
                    cell.ljust(width) for cell, width in zip(row, widths, strict=True)
                ).rstrip()
            )
            if index == 0:
                print("  ".join("-" * width for width in widths))
        print(f"\n{len(self.claims)} claims verified")
