"""Signals to put in place of those of a trained controller.

Each function takes a `Trace` of sequences of one length and gives pairs (pushes, pops),
arrays of shape (batch, time, ends), for a structure with one end.
"""

import numpy as np

SCALES = (0.8, 0.7, 0.5)  # of a balanced stack's amounts


def phases(config, length):
    """Which steps take symbols in, and which give the answer: two slices of time."""
    start = int(config.markers)
    return (
        slice(start, start + length),
        slice(start + length + 1, start + 2 * length + 1),
    )


def net_push_and_pop(trace, config, length):
    """Net push p of a step coming in and net pop q of a step of the answer, means.

    Args:
        trace: a `Trace` of sequences of one length, of a stack or a queue.
        config: a `Config`.
        length: symbols of the sequences.
    """
    net = np.asarray(trace.pushes - trace.pops)[..., 0]
    coming, going = phases(config, length)
    return float(net[:, coming].mean()), float(-net[:, going].mean())


def averaged(trace, config, length):
    """In each phase (coming in, separator, answer) everybody's mean: (pushes, pops).

    Args:
        trace, config, length: as of `net_push_and_pop`.
    """
    found = np.array(trace.pushes), np.array(trace.pops)
    coming, going = phases(config, length)
    for steps in (coming, slice(coming.stop, going.start), going):
        for array in found:
            array[:, steps] = array[:, steps].mean()
    return found


def other_signals(trace, config, length):
    """Pushes and pops that could stand in place of a controller's own.

    Args:
        trace, config, length: as of `net_push_and_pop`.

    Returns:
        Pairs (pushes, pops) by name: "rounded" to 0 and 1; "average" as `averaged`;
        "shifted", the pops of the answer moved by a constant that makes q equal p;
        "even", average and shifted.
    """
    own = np.array(trace.pushes), np.array(trace.pops)
    average = averaged(trace, config, length)
    _, going = phases(config, length)
    gap = np.subtract(*net_push_and_pop(trace, config, length))
    found = {"rounded": tuple(x.round() for x in own), "average": average}
    for name, (d, u) in (("shifted", own), ("even", average)):
        moved = u.copy()
        moved[:, going] = np.maximum(0, moved[:, going] + gap)
        found[name] = d, moved
    return found


def stack_signals(trace, config, length):
    """A stack's balance at other strengths; the step of the separator stays as it is.

    Args:
        trace, config, length: as of `net_push_and_pop`.

    Returns:
        Pairs (pushes, pops) by name: "even_SCALE", all amounts of "even" times each of
        `SCALES`; "even_lowered", averaged, and p made equal to q by lowering the
        pushes; "exact", 0 and 1 as in the program by hand.
    """
    coming, going = phases(config, length)
    even = other_signals(trace, config, length)["even"]
    found = {}
    for scale in SCALES:
        found[f"even_{scale:g}"] = pair = tuple(x.copy() for x in even)
        for array in pair:
            array[:, coming] *= scale
            array[:, going] *= scale
    gap = np.subtract(*net_push_and_pop(trace, config, length))
    pushes, pops = averaged(trace, config, length)
    pushes[:, coming] = np.maximum(0, pushes[:, coming] - gap)
    found["even_lowered"] = pushes, pops
    found["exact"] = pushes, pops = np.array(trace.pushes), np.array(trace.pops)
    pushes[:, coming], pops[:, coming] = 1, 0
    pushes[:, going], pops[:, going] = 0, 1
    return found


def queue_signals(trace, config, length):
    """A queue's balance: u of an answer equals d of a push, and u coming in is small.

    Pops coming in are lowered so that they take in all what they took at the greatest
    trained length: they are scaled by that length over `length`.

    Args:
        trace, config, length: as of `net_push_and_pop`.

    Returns:
        Pairs (pushes, pops) by name: "level_pop", averaged, and u of an answer made
        equal to d of a push; "level_fill", averaged, and pops coming in lowered;
        "even_queue", both of these; "own_fill", own, and pops coming in lowered.
    """
    coming, going = phases(config, length)
    less = min(1, max(config.train_lengths) / length)
    found = {}
    for name, level, lower in (
        ("level_pop", True, False),
        ("level_fill", False, True),
        ("even_queue", True, True),
        ("own_fill", False, True),
    ):
        pushes, pops = averaged(trace, config, length)
        if name == "own_fill":
            pushes, pops = np.array(trace.pushes), np.array(trace.pops)
        if level:
            pops[:, going] = pushes[:, coming].mean()
        if lower:
            pops[:, coming] *= less
        found[name] = pushes, pops
    return found


EXTRA = {"stack": stack_signals, "queue": queue_signals}
