"""Wall-clock seconds of ways to compute the same."""

import time

import numpy as np


def seconds(ways, repeats=5):
    """Wall-clock seconds of several ways to compute, measured in turns.

    Args:
        ways: functions without arguments, by name.
        repeats: how often each is timed, after one call that compiles.

    Returns:
        Medians by name.
    """
    spent = {name: [] for name in ways}
    for turn in range(repeats + 1):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            if turn:
                spent[name].append(time.perf_counter() - start)
    return {name: float(np.median(times)) for name, times in spent.items()}
