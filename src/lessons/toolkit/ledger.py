"""The ledger of claims: what a notebook promised, computed and found true.

A notebook makes one `Ledger`, checks each claim through it, and prints the table in its
last cell. A check that fails raises, so a notebook whose claims do not hold cannot be
executed.

A check shows something only if it could have failed. Beside a claim stands therefore a
*control*: a plausible wrong world, such as untrained weights, a baseline or a formula
with the known mistake, for which the same check must fail. A claim whose control passes
is refused, and so is an effect without one. What is proved and merely confirmed names
its `theorem` instead, and an equation is held to a tolerance that is small against the
quantity itself.
"""

import dataclasses
import math

import numpy as np

from lessons.toolkit import diary, results

# A bound up to this is an error of computation: nothing else is that small.
SMALL_ERROR = 1e-3
# Greatest tolerance of an equation without a control, as a part of the quantity.
RELATIVE_TOLERANCE = 0.1
# Greatest tolerance without a control where zero is expected.
ZERO_TOLERANCE = 1e-2
_NO_NUMBER = "holds"


@dataclasses.dataclass(frozen=True)
class Claim:
    """One verified claim.

    Attributes:
        statement: the claim, a short sentence.
        computed: what was found, as text that every run prints alike.
        required: what it was held to.
        controls: what failed the same check, each as text.
    """

    statement: str
    computed: str
    required: str
    controls: tuple[str, ...] = ()


class Ledger:
    """Collects verified claims and prints them as a table.

    Example:
        claims = Ledger()
        claims.equal("KL of a Gaussian to itself is 0", kl, 0.0, tolerance=1e-12)
        claims.above("modes found", modes, 6.5, digits=2, control=("a ring", ring))
        claims.below("the bound stays below log p(x)", bounds, log_p, theorem="Jensen",
            digits=5)
        claims.table()

    Arguments that several checks share:

    * `control`: `(name, value)` or a list of such pairs. The value takes the place of
      `computed` in the same check, which must fail.
    * `theorem`: what proves the claim, where the computation only confirms it.
    * `digits`: significant digits to print of the entry nearest to the bound, no more
      than every processor gives alike.
    * `recorded`: the same quantity in the recorded runs, one number per seed, which
      must pass the check as well; their mean and range are printed, since this run's
      number is not the same everywhere.
    * `varies`: print this run's number where it stands, in a cell whose output is not
      compared, and only the verdict in the table.
    """

    def __init__(self):
        self.claims = []

    def equal(
        self, statement, computed, expected, *, tolerance, digits=6, control=None
    ):
        """Claim that numbers equal `expected` up to an absolute `tolerance`.

        Args:
            statement: the claim, a short sentence.
            computed, expected: numbers or arrays that broadcast together.
            tolerance: largest absolute difference allowed.
            digits: significant digits printed of a single number; for arrays the
                verdict is printed instead. They must not exceed what the
                tolerance guarantees, or the printed text may vary.
            control: see the class.

        Raises:
            AssertionError: the numbers differ, or a control's do not.
            ValueError: the tolerance is large against the quantity and there is no
                control.
        """
        computed, expected = np.asarray(computed), np.asarray(expected)
        controls = _pairs(control)
        if not controls:
            self._refuse_tolerance(statement, expected, tolerance)

        def check(value):
            return _distance(value, expected) <= tolerance

        def show(value):
            return f"{float(value):.{digits}g}" if np.ndim(value) == 0 else "differs"

        if computed.ndim == 0:
            shown = "0" if abs(float(computed)) < tolerance else show(computed)
            required = f"{float(expected):.{digits}g} ± {tolerance:g}"
        else:
            shown = f"{computed.size} numbers agree"
            required = f"each ± {tolerance:g}"
        if not check(computed):
            shown = f"{computed} (off by {_distance(computed, expected):g})"
        self._record(statement, computed, check, (shown, shown), required)
        self._control(controls, check, show)

    def below(self, statement, computed, bound, **options):
        """Claim that every entry of `computed` is below `bound`.

        Args:
            statement: the claim, a short sentence.
            computed: number or array.
            bound: exclusive upper bound, a number.
            **options: `digits`, `recorded`, `varies`, `control`, `theorem`, see the
                class.

        Raises:
            AssertionError: an entry is not below the bound, or a control's all are.
            ValueError: no control and no theorem is given for a bound that is no
                error of computation, or no number would be printed.
        """
        self._compare(statement, computed, bound, np.less, np.max, "<", **options)

    def above(self, statement, computed, bound, **options):
        """Claim that every entry of `computed` is above `bound` (see `below`)."""
        self._compare(statement, computed, bound, np.greater, np.min, ">", **options)

    def true(self, statement, holds, required="holds", *, control=None, theorem=None):
        """Claim that a condition (or every entry of an array of them) holds.

        An empty array proves nothing and is refused.

        Args:
            statement: the claim, a short sentence.
            holds: condition or array of conditions.
            required: what is required, in words.
            control, theorem: see the class; the control's value is a condition too.

        Raises:
            AssertionError: the condition does not hold, or a control's does.
            ValueError: neither control nor theorem is given.
        """
        controls = _pairs(control)
        self._require_control(statement, controls, theorem)

        def check(value):
            return np.size(value) > 0 and bool(np.all(value))

        shown = "yes" if check(holds) else "no"
        self._record(statement, holds, check, (shown, shown), _with(required, theorem))
        self._control(controls, check, lambda value: "no")

    def table(self):
        """Print the table of verified claims, with the controls that failed."""
        rows = [("claim", "computed", "required", "control (fails)")]
        rows += [
            (c.statement, c.computed, c.required, "; ".join(c.controls))
            for c in self.claims
        ]
        if not any(row[3] for row in rows[1:]):
            rows = [row[:3] for row in rows]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for index, row in enumerate(rows):
            print(_line(row, widths))
            if index == 0:
                print(_line(["-" * width for width in widths], widths))
        count = sum(bool(claim.controls) for claim in self.claims)
        ending = f", {count} of them with a control that fails" if count else ""
        print(f"\n{len(self.claims)} claims verified{ending}")
        diary.reached_the_end()

    def _compare(
        self,
        statement,
        computed,
        bound,
        compare,
        nearest,
        sign,
        *,
        digits=None,
        recorded=None,
        varies=False,
        control=None,
        theorem=None,
    ):
        controls = _pairs(control)
        is_error = sign == "<" and 0 < bound <= SMALL_ERROR
        if not is_error:
            self._require_control(statement, controls, theorem)
        if not (digits or varies or recorded is not None or is_error):
            raise ValueError(
                f"{statement}: a number must be shown. Allowed: digits=3 for what "
                "every processor computes alike, recorded=runs[...] for what was "
                "recorded over seeds, varies=True in a cell that is not compared."
            )

        def check(value):
            value = np.asarray(value, float)
            return value.size > 0 and bool(
                np.all(np.isfinite(value)) and np.all(compare(value, bound))
            )

        def show(value):
            if recorded is not None and np.size(value) > 1:
                return results.in_words(value)
            value = float(nearest(np.asarray(value, float)))
            if digits or not math.isfinite(value):
                return f"{value:.{digits or 3}g}"
            return f"{value:.3g}" if varies else None

        if not check(computed):
            here = tabled = f"{float(nearest(np.asarray(computed, float))):g}"
        elif recorded is not None:
            self._require_recorded(statement, recorded, check, f"{sign} {bound:g}")
            here = tabled = f"{results.in_words(recorded)}, here too"
        elif digits:
            here = tabled = show(computed)
        elif varies:
            here, tabled = show(computed), _NO_NUMBER
        else:
            here = tabled = "agrees"
        required = _with(f"{sign} {bound:g}", theorem)
        self._record(statement, computed, check, (here, tabled), required)
        self._control(controls, check, show, here_only=varies and not digits)

    def _record(self, statement, computed, check, shown, required):
        here, tabled = shown
        if not check(computed):
            raise AssertionError(f"{statement}: computed {here}, required {required}")
        self.claims.append(Claim(statement, tabled, required))
        print(f"✓ {statement}: {here} ({required})")

    def _control(self, controls, check, show, here_only=False):
        """Require that the last claim's check fails for each control."""
        if not controls:
            return
        claim = self.claims.pop()
        texts, tabled = [], []
        for name, value in controls:
            if np.any(np.isnan(np.asarray(value, float))):
                raise ValueError(
                    f"{claim.statement}: the control, {name}, must be a number, got "
                    f"{value}: what is not computed fails every check."
                )
            if check(value):
                raise AssertionError(
                    f"{claim.statement}: the control, {name}, passes the same check "
                    f"({claim.required}) with {value}: the claim shows nothing"
                )
            number = show(value)
            texts.append(f"{name}: {number}" if number else name)
            tabled.append(name if here_only else texts[-1])
        self.claims.append(dataclasses.replace(claim, controls=tuple(tabled)))
        print(f"  ✗ control, {'; '.join(texts)}")

    def _require_recorded(self, statement, recorded, check, required):
        held = [check(number) for number in np.ravel(recorded)]
        if not held or not all(held):
            raise AssertionError(
                f"{statement}: {sum(held)} of {len(held)} recorded runs pass the check "
                f"({required}): {results.in_words(recorded)}"
            )

    def _require_control(self, statement, controls, theorem):
        if not controls and not theorem:
            raise ValueError(
                f"{statement}: a control must be given for which the same check fails, "
                "control=(name, value), or what proves the claim, theorem=source."
            )

    def _refuse_tolerance(self, statement, expected, tolerance):
        scale = float(np.max(np.abs(np.asarray(expected, float))))
        greatest = RELATIVE_TOLERANCE * scale if scale else ZERO_TOLERANCE
        if tolerance > greatest:
            raise ValueError(
                f"{statement}: the tolerance {tolerance:g} is large against the "
                f"quantity {scale:g}. Allowed: at most {greatest:g}, or a control that "
                "fails."
            )


def _pairs(control):
    """Controls as a list of pairs of name and value."""
    if control is None:
        return []
    return [control] if isinstance(control[0], str) else list(control)


def _distance(computed, expected):
    """Largest absolute difference; infinite where one is not finite."""
    worst = float(np.max(np.abs(np.asarray(computed) - expected)))
    return worst if math.isfinite(worst) else math.inf


def _with(required, theorem):
    return f"{required}, {theorem}" if theorem else required


def _line(cells, widths):
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()
