"""The paper's sums in plain Python, cell by cell, and Python's own structures.

Nothing here knows `theory`: tests and the notebook compare the two. Structures grow by
a cell a step (two, for the deque, whose older cells move up by one), as in the paper.
"""

import collections


def popped(strengths, amount, end):
    """Strengths after a pop: sums written out.

    Args:
        strengths: list of floats, the bottom first.
        amount: what is taken.
        end: "top" or "bottom".
    """
    return [
        max(0.0, s - max(0.0, amount - sum(_nearer(strengths, i, end))))
        for i, s in enumerate(strengths)
    ]


def weights(strengths, end):
    """Weights of a read: sums written out; arguments as of `popped`."""
    return [
        min(s, max(0.0, 1.0 - sum(_nearer(strengths, i, end))))
        for i, s in enumerate(strengths)
    ]


def run(structure, signals):
    """Run a stack, a queue or a deque on one sequence.

    Args:
        structure: "stack", "queue" or "deque".
        signals: of each step, (d, u, v), or for the deque (d_top, d_bottom, u_top,
            u_bottom, v_top, v_bottom); v are arrays of shape (width,).

    Returns:
        (strengths, reads): of each step a list of strengths, bottom first, and a list
        of the vectors read: one, or those of top and bottom.
    """
    strengths, values, kept, reads = [], [], [], []
    for signal in signals:
        if structure == "deque":
            d_top, d_bottom, u_top, u_bottom, v_top, v_bottom = signal
            rest = popped(popped(strengths, u_top, "top"), u_bottom, "bottom")
            strengths = [d_bottom, *rest, d_top]
            values = [v_bottom, *values, v_top]
            ends = ("top", "bottom")
        else:
            d, u, v = signal
            ends = ("top",) if structure == "stack" else ("bottom",)
            strengths = [*popped(strengths, u, ends[0]), d]
            values = [*values, v]
        kept.append(strengths)
        reads.append(
            [sum(w * v for w, v in zip(weights(strengths, e), values)) for e in ends]  # noqa: B905
        )
    return kept, reads


def python_structure(structure, signals):
    """What Python's `list` and `collections.deque` do with signals of 0 and 1.

    Args:
        structure, signals: as of `run`; all d and u are 0 or 1.

    Returns:
        The reads, as `run` gives them. An empty structure gives zeros, and taking from
        it does nothing.
    """
    held, reads = collections.deque() if structure != "stack" else [], []
    for signal in signals:
        zero = 0.0 * signal[-1]
        if structure == "stack":
            d, u, v = signal
            if u and held:
                held.pop()
            held += [v] if d else []
            reads.append([held[-1] if held else zero])
        elif structure == "queue":
            d, u, v = signal
            if u and held:
                held.popleft()
            held.extend([v] if d else [])
            reads.append([held[0] if held else zero])
        else:
            d_top, d_bottom, u_top, u_bottom, v_top, v_bottom = signal
            if u_top and held:
                held.pop()
            if u_bottom and held:
                held.popleft()
            held.extendleft([v_bottom] if d_bottom else [])
            held.extend([v_top] if d_top else [])
            reads.append([held[-1], held[0]] if held else [zero, zero])
    return reads


def random_signals(rng, structure, num_steps, width=3, discrete=False):
    """Signals of every step as `run` takes them.

    Args:
        rng: a NumPy generator.
        structure: "stack", "queue" or "deque".
        num_steps: how many.
        width: of the values.
        discrete: whether d and u are 0 or 1, else anything between.
    """
    ends = 1 + (structure == "deque")

    def amounts():
        drawn = rng.random(2 * ends)
        return (drawn < 0.5).astype(float) if discrete else drawn

    return [(*amounts(), *rng.normal(size=(ends, width))) for _ in range(num_steps)]


def _nearer(strengths, i, end):
    """The strengths of the cells nearer to the end than cell i."""
    return strengths[i + 1 :] if end == "top" else strengths[:i]
