"""Hostile, broken and honest submissions: a module for each class adds its cases.

What a case does to its surroundings is checked once for all of them, in
test_hostile.py.
"""

from tests.grading.corpus import (  # noqa: F401, each adds its cases
    a_checks,
    b_structure,
    c_files,
    d_memory,
    d_processes,
    e_pages,
    f_broken,
    g_judging,
    h_honest,
)
from tests.grading.corpus.cases import CASES

__all__ = ["CASES"]
