"""A right answer in loops, close to the definitions."""

import math

import numpy as np


def gaussian_target(R, C, centre, sigma):
    values = []
    for row in range(R):
        for column in range(C):
            across = abs(column - centre[0])
            down = abs(row - centre[1])
            distance = math.hypot(min(across, C - across), min(down, R - down))
            values.append(math.exp(-((distance / sigma) ** 2) / 2))
    return np.array(values) / sum(values)


def activation_surface(h, W_out):
    lengths = []
    for row in W_out:
        mean = sum(row) / len(row)
        lengths.append(math.sqrt(sum((weight - mean) ** 2 for weight in row)))
    rows = []
    for example in h:
        values = [xi * value for xi, value in zip(lengths, example, strict=True)]
        total = sum(values)
        if total == 0:
            rows.append([1 / len(values)] * len(values))
        else:
            rows.append([value / total for value in values])
    return np.array(rows)


def kl_stimulus(T, a):
    values, slopes = [], []
    for target, inputs in zip(T, a, strict=True):
        logs = [min(x, 0) - math.log1p(math.exp(-abs(x))) for x in inputs]
        top = max(logs)
        total = top + math.log(sum(math.exp(x - top) for x in logs))
        value, slope = 0.0, []
        for t, log_h, x in zip(target, logs, inputs, strict=True):
            log_q = log_h - total
            if t > 0:
                value += t * (math.log(t) - log_q)
            # log(1 - h) = log h - a
            slope.append(math.exp(log_h - x) * (math.exp(log_q) - t))
        values.append(value)
        slopes.append(slope)
    return np.array(values), np.array(slopes)


def adjacency(h, R, C, ring):
    total = np.zeros(len(h))
    for row in range(R):
        for column in range(C):
            here = h[:, row * C + column]
            if row > 0:
                total += (here - h[:, (row - 1) * C + column]) ** 2
            if column > 0:
                total += (here - h[:, row * C + column - 1]) ** 2
            elif ring and C > 2:
                total += (here - h[:, row * C + C - 1]) ** 2
    return total


def damage(predict, labels, R, C, centres, count):
    K = len(centres)

    def hits(gains):
        found = [0] * K
        for guess, label in zip(predict(gains), labels, strict=True):
            found[label] += int(guess == label)
        return found

    before = hits(np.ones(R * C))
    result = np.zeros((K, K))
    for region in range(K):
        x, y = centres[region]
        units = list(range(R * C))
        units.sort(key=lambda i, x=x, y=y: (i % C - x) ** 2 + (i // C - y) ** 2)
        gains = np.ones(R * C)
        for unit in units[:count]:
            gains[unit] = 0
        after = hits(gains)
        for label in range(K):
            if before[label]:
                result[region, label] = 1 - after[label] / before[label]
    return result
