"""The environment notebooks are executed in, stated once."""

import os

from lessons.toolkit import progress

# Floating-point sums depend on how work is split over threads, so the number is fixed
# for every notebook, by hand or in tests.
_THREADS = {
    "OMP_NUM_THREADS": "2",
    "OPENBLAS_NUM_THREADS": "2",
    "TF_NUM_INTRAOP_THREADS": "2",
    "TF_NUM_INTEROP_THREADS": "2",
}

# The variables under which stored outputs are computed and compared again. Whoever
# runs nbval sets the same ones; `python -m lessons.toolkit.notebook environment`
# prints them for a Makefile.
STORED = {
    **_THREADS,
    "LESSONS_PROGRESS": progress.OFF,
    "PYTHONHASHSEED": "0",
    # A stored notebook shows what a machine without an accelerator computes.
    "CUDA_VISIBLE_DEVICES": "-1",
    # With this variable set, as it is under pytest, ipykernel leaves file descriptor
    # 2 alone; without it, messages of C++ libraries would land in the outputs.
    "PYTEST_CURRENT_TEST": "notebook",
}


def stored():
    """The environment of a kernel whose outputs are stored or compared."""
    return _base() | STORED


def interactive(progress_file):
    """The environment of a kernel that a person watches.

    Args:
        progress_file: path to which `lessons.toolkit.progress` appends its reports.

    Returns:
        As `stored()`, but long loops report, and an accelerator may be used.
    """
    variables = _base() | STORED | {"LESSONS_PROGRESS": str(progress_file)}
    del variables["CUDA_VISIBLE_DEVICES"]
    if "CUDA_VISIBLE_DEVICES" in os.environ:
        variables["CUDA_VISIBLE_DEVICES"] = os.environ["CUDA_VISIBLE_DEVICES"]
    return variables


def _base():
    """This process's variables without the one that would hide every figure."""
    return {k: v for k, v in os.environ.items() if k != "MPLBACKEND"}
