"""A right answer in plain loops."""

import numpy as np


def pop_strengths(s, u, kind):
    left, taken = np.array(s), np.zeros(len(s))
    for row in range(len(s)):
        debt = u[row]
        order = list(range(s.shape[1]))
        if kind == "stack":
            order.reverse()
        for i in order:
            paid = min(left[row, i], debt)
            left[row, i] -= paid
            debt -= paid
            taken[row] += paid
    return left, taken


def read_weights(s, kind, mass):
    weights = np.zeros(s.shape)
    for row in range(len(s)):
        room = mass
        order = list(range(s.shape[1]))
        if kind == "stack":
            order.reverse()
        for i in order:
            weights[row, i] = min(s[row, i], room)
            room -= weights[row, i]
    return weights


def stack_step(V, s, v, d, u):
    values, strengths, reads = [], [], []
    for row in range(len(s)):
        debt, kept = u[row], []
        for strength in reversed(s[row]):
            paid = min(strength, debt)
            kept.insert(0, strength - paid)
            debt -= paid
        kept.append(d[row])
        cells = [*V[row], v[row]]
        room, read = 1.0, np.zeros(v.shape[1])
        for strength, cell in zip(reversed(kept), reversed(cells), strict=True):
            part = min(strength, room)
            read = read + part * cell
            room -= part
        values.append(cells)
        strengths.append(kept)
        reads.append(read)
    return np.array(values), np.array(strengths), np.array(reads)


def deque_step(V, s, v_top, v_bot, d_top, d_bot, u_top, u_bot):
    def pay(cells, debt):
        kept = []
        for strength in cells:
            paid = min(strength, debt)
            kept.append(strength - paid)
            debt -= paid
        return kept

    def read(strengths, cells):
        room, total = 1.0, 0.0
        for strength, cell in zip(strengths, cells, strict=True):
            part = min(strength, room)
            total = total + part * cell
            room -= part
        return total

    rows = []
    for row in range(len(s)):
        kept = pay(s[row][::-1], u_top[row])[::-1]
        kept = [d_bot[row], *pay(kept, u_bot[row]), d_top[row]]
        cells = [v_bot[row], *V[row], v_top[row]]
        top = read(kept[::-1], cells[::-1])
        rows.append((cells, kept, top, read(kept, cells)))
    return tuple(np.array(part) for part in zip(*rows, strict=True))


def coarse_fine(pred, target, lengths):
    whole, shares = 0, 0.0
    for row, n in enumerate(lengths):
        k = 0
        while k < n and pred[row, k] == target[row, k]:
            k += 1
        whole += k == n
        shares += k / n if n else 1.0
    return whole / len(lengths), shares / len(lengths)
