"""A right answer in plain loops and the mathematics of single numbers."""

import heapq
import math

import numpy as np


def to_rows(strokes, n_max):
    rows = [[0.0, 0.0, 1.0, 0.0, 0.0]]
    cut = False
    for x, y, q in strokes:
        if x == 0 and y == 0 and q == 0:
            continue
        if len(rows) == n_max + 1:
            cut = True
            break
        rows.append([x, y, 0.0, 1.0, 0.0] if q else [x, y, 1.0, 0.0, 0.0])
    if cut:
        rows[-1][2:] = [0.0, 1.0, 0.0]
    while len(rows) < n_max + 1:
        rows.append([0.0, 0.0, 0.0, 0.0, 1.0])
    return np.array(rows)


def _log_add(values):
    top = max(values)
    return top + math.log(sum(math.exp(v - top) for v in values))


def reconstruction(numbers, rows, M, mask_pen):
    found = []
    for drawing, states in zip(numbers.tolist(), rows.tolist(), strict=True):
        total = 0.0
        for y, row in zip(drawing, states, strict=True):
            finished = row[4] == 1
            if not (finished and mask_pen):
                chosen = row[2:].index(1)
                total += _log_add(y[:3]) - y[chosen]
            if finished:
                continue
            weights = y[3 : 3 + M]
            parts = []
            for j in range(M):
                x_mean, y_mean, x_log, y_log, raw = y[3 + M + j :: M][:5]
                rho = 0.95 * math.tanh(raw)
                a = (row[0] - x_mean) * math.exp(-x_log)
                b = (row[1] - y_mean) * math.exp(-y_log)
                form = (a * a - 2 * rho * a * b + b * b) / (1 - rho * rho)
                norm = math.log(2 * math.pi) + x_log + y_log
                norm += 0.5 * math.log(1 - rho * rho)
                parts.append(weights[j] - 0.5 * form - norm)
            total += _log_add(weights) - _log_add(parts)
        found.append(total / len(states))
    return np.array(found)


def kl_term(mean, log_var, weight, floor):
    total = 0.0
    for means, logs in zip(mean, log_var, strict=True):
        each = 0.0
        for m, s in zip(means, logs, strict=True):
            each += m * m + math.expm1(s) - s
        total += max(floor, each / (2 * len(means)))
    return weight * total / len(mean)


def at_temperature(pen_logits, weight_logits, scales, tau_pen, tau, squared):
    laws = []
    for logits, t in ((pen_logits, tau_pen), (weight_logits, tau)):
        top = max(logits)
        if t == 0:
            p = [0.0] * len(logits)
            p[list(logits).index(top)] = 1.0
        else:
            p = [math.exp((v - top) / t) for v in logits]
        laws.append(np.array(p) / sum(p))
    factor = tau if squared else math.sqrt(tau)
    return laws[0], laws[1], factor * scales


def _farthest(points, first, last):
    best, place = 0.0, None
    (ax, ay), (bx, by) = points[first], points[last]
    square = (bx - ax) ** 2 + (by - ay) ** 2
    for i in range(first + 1, last):
        x, y = points[i]
        t = 0.0
        if square > 0:
            t = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / square
            t = min(1.0, max(0.0, t))
        gap = math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay))
        if place is None or gap > best:
            best, place = gap, i
    return best, place


def simplify(points, eps, most):
    points = points.tolist()
    kept = {0, len(points) - 1}
    spans = []

    def enter(first, last):
        gap, place = _farthest(points, first, last)
        if place is not None and gap > eps:
            heapq.heappush(spans, (-gap, first, place, last))

    enter(0, len(points) - 1)
    while spans and len(kept) < most:
        _, first, place, last = heapq.heappop(spans)
        kept.add(place)
        enter(first, place)
        enter(place, last)
    return np.array(sorted(kept))
