"""Seconds that ways to compute the same take."""

import time

import numpy as np


def seconds(ways, repeats=5, timer=time.perf_counter):
    """Seconds of several ways to compute, measured in turns.

    Args:
        ways: functions without arguments, by name.
        repeats: how often each is timed, after one call that compiles.
        timer: of wall-clock seconds, or `time.process_time` for the processor's, which
            compare on a busy machine too.

    Returns:
        Medians by name.
    """
    spent = {name: [] for name in ways}
    for turn in range(repeats + 1):
        for name, way in ways.items():
            start = timer()
            way()
            if turn:
                spent[name].append(timer() - start)
    return {name: float(np.median(times)) for name, times in spent.items()}
