"""Comparisons of arrays as cells of tests mean them, in the grader and in `check`.

NumPy compares an empty array with everything and finds no difference. A student who
returns one would be right by that; a test that slices until nothing is left would test
nothing.
"""

import contextlib

import numpy as np


@contextlib.contextmanager
def strict_comparisons():
    """NumPy's comparisons, but nothing is close to an empty array but another one."""
    names = "allclose", "array_equal", "array_equiv"
    testing = "assert_allclose", "assert_array_equal", "assert_array_almost_equal"
    kept = {(np, n): getattr(np, n) for n in names}
    kept |= {(np.testing, n): getattr(np.testing, n) for n in testing}

    def strict(function, asserts):
        def compare(a, b, *args, **kwargs):
            if (np.size(a) == 0) != (np.size(b) == 0):
                if asserts:
                    raise AssertionError("an empty array is not equal to anything")
                return False
            return function(a, b, *args, **kwargs)

        return compare

    try:
        for (module, name), function in kept.items():
            setattr(module, name, strict(function, name.startswith("assert")))
        yield
    finally:
        for (module, name), function in kept.items():
            setattr(module, name, function)
