"""Objects of a student's class stay behind the wall; tests drive them as their own."""

import pytest

from lessons.grading.trusted.supervisor import Slot

CLASSES = """class Base:
    kind = "base"
    def __init__(self, start=0): self.value = start
    @classmethod
    def of(cls, values): 
        made = cls(); made.value = sum(values); return made
    @staticmethod
    def twice(x): return 2 * x
    @property
    def square(self): return self.value ** 2
    def __iter__(self): return iter(range(self.value))
    def __contains__(self, x): return x < self.value
    def __enter__(self): self.value += 1; return self
    def __exit__(self, *a): self.value -= 1; return False
    def __bool__(self): return self.value > 0
    def __float__(self): return float(self.value)
    def __hash__(self): return self.value
    def __eq__(self, other):
        return isinstance(other, Base) and other.value == self.value
    def __call__(self, x): return x + self.value
    def __repr__(self): return f"Base({self.value})"
    def __radd__(self, other): return Base(self.value + other)
    def __add__(self, other): return Base(self.value + int(float(other)))
    def __mul__(self, k): return Base(self.value * k)
    def __rmul__(self, k): return Base(self.value * k)
    def __getitem__(self, i): return list(range(self.value))[i]
    def __len__(self): return self.value
    def __lt__(self, o): return self.value < o.value
    def __delitem__(self, i): self.value -= 1
    def __abs__(self): return Base(abs(self.value))
    def __iadd__(self, k): self.value += k; return self
class Child(Base):
    kind = "child"
class EmptyError(IndexError): pass
def fail(): raise EmptyError("empty")
def make(n): return [Base(i) for i in range(n)]
"""
LIARS = """class Liar:
    def __eq__(self, other): return True
    def __sub__(self, other): return self
    def __add__(self, other): return self
    def __abs__(self): return self
    def __lt__(self, other): return True
    def __float__(self): return 0.0
    def __bool__(self): return False
    def __len__(self): return 2
    def __getitem__(self, i): return Liar()
    def __enter__(self): return self
    def __exit__(self, *a): return True
class Pretender(AssertionError): pass
def liar(): return Liar()
def pretend(): raise Pretender("held")
"""
HONEST = {
    "classmethod": "assert Base.of([1,2]).value == 3",
    "static": "assert Base.twice(3) == 6",
    "property": "assert Base(3).square == 9",
    "class attribute": "assert Base.kind == 'base' and Child.kind == 'child'",
    "iter": "assert list(Base(3)) == [0,1,2]",
    "contains": "assert 2 in Base(3) and 5 not in Base(3)",
    "with": ("with Base(1) as b:\n    assert b.value == 2"),
    "bool": "assert Base(1) and not Base(0)",
    "len bool": "assert len(Base(2)) == 2",
    "float": "assert float(Base(2)) == 2.0",
    "eq": "assert Base(2) == Base(2) and Base(2) != Base(3)",
    "hash": "assert len({Base(1), Base(1), Base(2)}) == 2",
    "call": "assert Base(2)(3) == 5",
    "repr": "assert repr(Base(2)) == 'Base(2)' and str(Base(2)) == 'Base(2)'",
    "mul": "assert (Base(2) * 3).value == 6",
    "rmul": "assert (3 * Base(2)).value == 6",
    "sum": "assert (Base(1) + Base(2)).value == 3 and (5 + Base(2)).value == 7",
    "slice": "assert Base(4)[1:3] == [1,2] and Base(4)[-1] == 3",
    "sorted": "assert [b.value for b in sorted([Base(3), Base(1)])] == [1,3]",
    "isinstance of a child": (
        "assert isinstance(Child(1), Base) and not isinstance(Base(1), Child)"
    ),
    "issubclass": "assert issubclass(Child, Base)",
    "list of objects": "assert [b.value for b in make(3)] == [0,1,2]",
    "custom exception": (
        "try:\n"
        "    fail()\n"
        "    raise SystemError\n"
        "except EmptyError as e:\n"
        "    assert 'empty' in str(e)"
    ),
    "custom exception generic": (
        "try:\n"
        "    fail()\n"
        "    raise SystemError('none')\n"
        "except Exception as e:\n"
        "    assert not isinstance(e, SystemError)"
    ),
    "del": ("b = Base(3)\ndel b[0]\nassert b.value == 2"),
    "iadd": ("b = Base(3)\nb += 2\nassert b.value == 5"),
    "abs": "assert abs(Base(-2)).value == 2",
    "type name": "assert Base.__name__ == 'Base'",
    "doc": "assert hasattr(Base(1), 'value') and not hasattr(Base(1), 'nothing')",
    "setattr": ("b = Base(1)\nb.value = 7\nassert b.square == 49"),
    "is": ("b = Base(1)\nassert b is b and b == b"),
    "getattr default": "assert getattr(Base(1), 'nothing', 5) == 5",
    "raises TypeError": (
        "try:\n    Base(1, 2, 3)\n    raise SystemError\nexcept TypeError: pass"
    ),
    "next": ("it = iter(Base(2))\nassert next(it) == 0"),
    "unpack": ("a, b = Base(2)\nassert (a, b) == (0, 1)"),
    "method passed": ("f = Base(3).__call__\nassert f(1) == 4"),
    "bound method": ("f = Base(3).twice\nassert f(2) == 4"),
    "numpy of list": (
        "import numpy as np\nassert np.array([b.value for b in make(2)]).sum() == 1"
    ),
    "copy": ("import copy\nb = copy.copy(Base(2))\nassert b.value == 2"),
    "errors are caught as what they derive from": (
        "try:\n"
        "    fail()\n"
        "    raise SystemError\n"
        "except LookupError as e:\n"
        "    assert 'empty' in str(e)"
    ),
}
LIES = {
    "a plain value is compared by the test": "assert liar() == 3",
    "and the other way round": "assert 3 == liar()",
    "a difference that says that it is zero": "assert abs(float(liar() - 3)) < 1e-6",
    "or no difference": "assert not (liar() - 3)",
    "also after another step": "assert not ((liar() - 3) + liar())",
    "an array of liars": ("import numpy as np\nassert np.allclose(liar(), [3.0, 4.0])"),
    "errors held back": ("with liar():\n    assert False"),
    "one that holds back assertions": (
        "try:\n    pretend()\nexcept AssertionError:\n    pass"
    ),
}


def outcomes(source, names, tests):
    """The results of cells of tests, by name, of one answer."""
    answer = {"kind": "answer", "source": source, "name": "a", "points": 0}
    steps = [answer | {"defines": names}]
    for name, test in tests.items():
        step = {"kind": "tests", "name": name, "source": test, "points": 1}
        steps.append(step | {"defines": []})
    limits = {"cell": 60, "test": 60, "start": 60}
    classes = [name for name in names if name[0].isupper()]
    with Slot(["numpy"]) as slot:
        job = {"steps": steps, "limits": limits, "classes": classes}
        found = slot.grade(job, 300)["steps"][1:]
    return dict(zip(tests, found, strict=True))


@pytest.fixture(scope="module")
def honest(isolating):
    return outcomes(CLASSES, ["Base", "Child", "EmptyError", "fail", "make"], HONEST)


@pytest.fixture(scope="module")
def lying(isolating):
    return outcomes(LIARS, ["Liar", "Pretender", "liar", "pretend"], LIES)


@pytest.mark.parametrize("what", HONEST)
def test_what_works_in_one_process_works_here(honest, what):
    assert honest[what]["score"] == 1, honest[what]["error"]


@pytest.mark.parametrize("what", LIES)
def test_an_object_decides_nothing(lying, what):
    assert lying[what]["score"] == 0
