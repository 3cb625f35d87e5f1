"""An answer beside the right one and beside known mistakes, on the tests' own inputs.

This runs in the process of the tests, where the answer is a function to call, whose
code runs behind the grader's wall. The right answer and the known mistakes are the
course's own and run here. The right answer is tested once to see what its tests call it
with; on each of these inputs the outputs of all are compared.
"""

import collections
import contextlib
import copy
import dataclasses
import json
import re
import time
import warnings

import numpy as np

from lessons.practice.values import size, text_of

MOST_CASES = 300
MOST_ALIKE = 50  # with arguments of the same shapes: a loop leaves room for later calls
MOST_NUMBERS = 1 << 20  # in the arguments of one case
SECONDS = 1.0  # for the learner's answer, and for all the known mistakes together
RELATIVE, ABSOLUTE = 1e-9, 1e-12
_LESSON = re.compile(r"^\s*(from|import) lessons\b", re.MULTILINE)
_LARGE = 1e6  # nobody would take such a number as an example


class Found(Exception):
    """Carries the result out of a cell of tests, as JSON."""


@dataclasses.dataclass(frozen=True)
class _Output:
    """What a call gave.

    Attributes:
        value: the result, None if there was an error.
        error: the kind of error, or None.
        text: of the error.
        changed: whether what was given was changed.
        warned: whether there was a warning, such as an overflow.
    """

    value: object = None
    error: str | None = None
    text: str = ""
    changed: bool = False
    warned: str = ""

    def __str__(self):
        if self.error:
            return f"{self.error}: {self.text}"
        more = ", and what was given is changed" if self.changed else ""
        return text_of(self.value) + more + (self.warned and f", with: {self.warned}")

    def like(self, other):
        """Whether another output is the same."""
        kinds = [(o.error, o.changed, bool(o.warned)) for o in (self, other)]
        return kinds[0] == kinds[1] and same(self.value, other.value)


def compare(request, space):
    """Compare the answer of a question; raises `Found` with the result.

    Args:
        request: the arguments of `Known` by name, but for the last.
        space: the names of the tests' process, among them the answer's.
    """
    known = Known(**request, space=space)
    raise Found(json.dumps(known.beside(space.get(request["name"]))))


class Known:
    """The right answer and the mistakes on the inputs of a question's tests.

    Args:
        name: the question.
        right: text of the right answer.
        tests: texts of cells of tests.
        wrong: texts of the known mistakes, by name; one that imports a lesson, which
            no answer can, is left out.
        space: the names that they use.
    """

    def __init__(self, name, right, tests, wrong, space):
        self._name = name
        self._wrong = {k: text for k, text in wrong.items() if not _LESSON.search(text)}
        self._space = {key: value for key, value in space.items() if key != name}
        self._right = self._function(right)
        cases = self._called_with(tests)
        first, again = ([_output(self._right, c) for c in cases] for _ in range(2))
        # Where the right answer gives something else the second time, nothing is said.
        kept = [n for n in range(len(cases)) if first[n].like(again[n])]
        self._cases, self._expected = [cases[n] for n in kept], [first[n] for n in kept]

    def beside(self, answer):
        """What an answer gives beside the right one.

        Args:
            answer: the function; anything that cannot be called gives nothing.

        Returns:
            {"cases": number, "different": number of cases on which it gives something
            else, "example": None or the smallest of these as {"arguments": [[name,
            text]], "expected": text, "found": text}, "like": names of the known
            mistakes that give what it gives on every case}.
        """
        found = _outputs(answer, self._cases) if callable(answer) else []
        pairs = zip(self._expected, found, strict=False)
        wrong = [
            number for number, pair in enumerate(pairs) if not pair[0].like(pair[1])
        ]
        example = None
        if wrong:
            first = wrong[0]
            example = {
                "arguments": _arguments(self._right, self._cases[first]),
                "expected": str(self._expected[first]),
                "found": str(found[first]),
            }
        return {
            "cases": len(found),
            "different": len(wrong),
            "example": example,
            "like": self._like(found),
        }

    @property
    def titles(self):
        """Names of the mistakes that an answer is compared with."""
        return set(self._wrong)

    def mistake(self, title):
        """The function of a known mistake."""
        return self._function(self._wrong[title])

    def _function(self, source):
        own = dict(self._space)
        exec(compile(source, f"<{self._name}>", "exec"), own)
        return own[self._name]

    def _called_with(self, tests):
        """What the tests call the right answer with; plain and small cases first."""
        cases, seen, alike = [], set(), collections.Counter()

        def recording(*args, **kwargs):
            case = args, kwargs
            shapes = _shapes(case)
            room = len(cases) < MOST_CASES and alike[shapes] < MOST_ALIKE
            if room and size(case) <= MOST_NUMBERS:
                key = _key(case)  # a loop that has converged repeats itself
                if key not in seen:
                    seen.add(key)
                    alike[shapes] += 1
                    with contextlib.suppress(Exception):  # something not to be copied
                        cases.append(copy.deepcopy(case))
            return self._right(*args, **kwargs)

        own = dict(self._space)
        for source in tests:
            own[self._name] = recording
            with contextlib.suppress(Exception):  # what was called until then is kept
                exec(compile(source, "<tests>", "exec"), own)
        return sorted(cases, key=lambda case: (_extreme(case), size(case)))

    def _like(self, found):
        """Names of the mistakes that give these outputs, and not the right ones."""
        alike, end = [], time.process_time() + SECONDS
        for title in self._wrong:
            if time.process_time() > end:
                break
            with contextlib.suppress(Exception):  # it needs what is not here
                if self._gives(self.mistake(title), found):
                    alike.append(title)
        return alike

    def _gives(self, function, found):
        differs = False
        pairs = zip(self._cases, self._expected, found, strict=False)
        for case, right, own in pairs:
            output = _output(function, case)
            if not output.like(own):
                return False
            differs = differs or not output.like(right)
        return differs


def same(one, other):
    """Whether two outputs are the same: structure, shapes, and numbers nearly."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if one is None or other is None or isinstance(one, str) or isinstance(other, str):
        return type(one) is type(other) and one == other
    if callable(one) or callable(other):
        return callable(one) and callable(other)
    try:
        one, other = np.asarray(one), np.asarray(other)
        if one.shape != other.shape:
            return False
        return np.allclose(one, other, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True)
    except (TypeError, ValueError):
        return False


def _output(function, case):
    args, kwargs = copy.deepcopy(case)
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn"):
        warnings.simplefilter("always")
        try:
            value = function(*args, **kwargs)
        except Exception as error:
            return _Output(None, type(error).__name__, str(error))
    said = next((str(each.message) for each in caught), "")
    return _Output(value, changed=not _unchanged((args, kwargs), case), warned=said)


def _outputs(function, cases):
    """Outputs on the first cases, as many as there is time for."""
    end, found = time.monotonic() + SECONDS, []
    for case in cases:
        found.append(_output(function, case))
        if time.monotonic() > end:
            break
    return found


def _unchanged(one, other):
    """Whether all arrays in two nested values are the same, bit by bit."""
    if isinstance(one, np.ndarray):
        return one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(
            _unchanged(one[key], other[key]) for key in one
        )
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(_unchanged, one, other))
    return True


def _key(value):
    """A text that is the same for nested values whose numbers are nearly the same."""
    if isinstance(value, dict):
        return str([(key, _key(part)) for key, part in value.items()])
    if isinstance(value, (list, tuple)):
        return str([_key(part) for part in value])
    if isinstance(value, np.ndarray) and value.dtype.kind in "fc":
        with np.errstate(all="ignore"):
            rounded = np.array([f"{number:.6g}" for number in value.ravel()[:500]])
        return f"{value.shape} {rounded.tobytes()!r}"
    if isinstance(value, np.random.Generator):
        return str(value.bit_generator.state)
    return repr(value)


def _shapes(value):
    """The shapes of the arrays in a nested value, as a text; the rest by its kind."""
    if isinstance(value, dict):
        return str([(key, _shapes(part)) for key, part in value.items()])
    if isinstance(value, (list, tuple)):
        return str([_shapes(part) for part in value])
    return str(getattr(value, "shape", type(value).__name__))


def _extreme(value):
    """Whether a nested value holds very large or very small numbers, or no numbers."""
    if isinstance(value, dict):
        return any(map(_extreme, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(_extreme, value))
    if not isinstance(value, (int, float, np.ndarray)):
        return False
    numbers = np.asarray(value)
    if numbers.dtype.kind not in "iufc":
        return False
    numbers = np.abs(numbers.astype(complex))
    least = np.min(numbers, initial=np.inf, where=numbers > 0)
    return not np.all(numbers < _LARGE) or bool(least < 1 / _LARGE)


def _arguments(function, case):
    args, kwargs = case
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    pairs = [*zip(names, args, strict=False), *kwargs.items()]
    return [[name, text_of(value)] for name, value in pairs]
