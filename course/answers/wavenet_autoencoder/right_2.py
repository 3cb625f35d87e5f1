"""A right answer in loops, with little NumPy."""

import math

import numpy as np


def mu_law(x, bits):
    h = 2 ** (bits - 1)
    base = math.log(2 * h)
    codes, decoded = [], []
    for value in x:
        q = math.log1p((2 * h - 1) * abs(value)) / base * h
        q = math.floor(math.copysign(q, value))
        if q == h:
            q = h - 1
        y = (q + 0.5) / h
        size = math.expm1(abs(y) * base) / (2 * h - 1)
        codes.append(float(q))
        decoded.append(0.0 if q == 0 else size * (1 if y > 0 else -1))
    return np.array(codes), np.array(decoded)


def receptive_field(sizes, rates):
    reach = 1.0
    for k, d in zip(sizes, rates, strict=True):
        for _ in range(int(k) - 1):
            reach += float(d)
    return reach


def causal_conv(x, w, b, d, past):
    batch, length = x.shape[:2]
    before = past.shape[1]
    heard = np.concatenate([past, x], axis=1)
    y = np.zeros((batch, length, w.shape[2]))
    for t in range(length):
        for j in range(len(w)):
            y[:, t] += heard[:, before + t - (len(w) - 1 - j) * d] @ w[j]
        y[:, t] += b
    return y


def condition(h, z, hop, offset):
    y = np.array(h)
    for t in range(h.shape[1]):
        y[:, t] += z[:, (t + offset) // hop]
    return y


def griffin_lim(magnitude, phase, n_fft, hop, num_samples, iterations):
    half, count = n_fft // 2, magnitude.shape[1]
    window = np.sin(np.pi * np.arange(n_fft) / n_fft) ** 2
    mirrored = np.concatenate([magnitude, magnitude[half - 1 : 0 : -1]])
    history = []
    current = phase
    for _ in range(iterations + 1):
        size = num_samples + n_fft
        total, squares = np.zeros(size), np.zeros(size)
        for t in range(count):
            part = slice(t * hop, t * hop + n_fft)
            frame = np.fft.irfft(magnitude[:, t] * np.exp(1j * current[:, t]), n_fft)
            total[part] += window * frame
            squares[part] += window * window
        x = np.array([total[half + n] / squares[half + n] for n in range(num_samples)])
        padded = np.zeros(size)
        padded[half : half + num_samples] = x
        gap = 0.0
        angles = []
        for t in range(count):
            column = np.fft.fft(padded[t * hop : t * hop + n_fft] * window)
            gap += np.sum((np.abs(column) - mirrored[:, t]) ** 2)
            angles.append(np.angle(column[: half + 1]))
        current = np.stack(angles, axis=1)
        history.append(math.sqrt(gap / np.sum(mirrored**2)))
    return x, np.array(history)
