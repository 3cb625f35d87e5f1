"""A right answer in loops, with little NumPy."""

import math

import numpy as np


def mu_law(x, bits):
    h = 2 ** (bits - 1)
    base = math.log(2 * h)
    codes, decoded = [], []
    for value in x:
        q = math.log1p((2 * h - 1) * abs(value)) / base * h
        q = math.floor(-q if value < 0 else q)
        if q == h:
            q = h - 1
        y = (q + 0.5) / h
        size = math.expm1(abs(y) * base) / (2 * h - 1)
        codes.append(float(q))
        decoded.append(0.0 if q == 0 else math.copysign(size, y))
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
    history = []
    current = phase
    for _ in range(iterations + 1):
        size = max(num_samples + n_fft, n_fft + hop * (count - 1))
        total, squares = np.zeros(size), np.zeros(size)
        for t in range(count):
            part = slice(t * hop, t * hop + n_fft)
            frame = np.fft.irfft(magnitude[:, t] * np.exp(1j * current[:, t]), n_fft)
            total[part] += window * frame
            squares[part] += window * window
        x = np.zeros(num_samples)
        for n in range(num_samples):
            if squares[half + n] > 0:
                x[n] = total[half + n] / squares[half + n]
        padded = np.zeros(size)
        padded[half : half + num_samples] = x
        gap, norm = 0.0, 0.0
        current = np.zeros(phase.shape)
        for t in range(count):
            column = np.fft.rfft(padded[t * hop : t * hop + n_fft] * window)
            gap += np.sum((np.abs(column) - magnitude[:, t]) ** 2)
            norm += np.sum(magnitude[:, t] ** 2)
            current[:, t] = np.angle(column)
        history.append(math.sqrt(gap / norm))
    return x, np.array(history)
