"""A right answer in NumPy, as short as it gets."""

import numpy as np

WRITTEN = r"""
1. The probe on an untrained encoder's code, and on the frames' energy: if these reach 1.0 as
   well, training did nothing for it. Shuffled labels show what chance gives.
2. The gain over a network without code says how much the code holds that the decoder's past
   lacks; it shrinks when the decoder reaches further. Exchanged codes show that the decoder
   relies on what it is told. The exchange is the stronger one for use.
3. The causal convolution reads the present sample, so without the shift the network copies
   its target; the loss falls below the entropy of the noise, to nearly 0. That is a floor only for
   the network without a code and the one with the causal code.
"""


def mu_law(x, bits):
    h = 2.0 ** (bits - 1)
    mu = 2 * h - 1
    q = np.floor(np.copysign(h * np.log1p(mu * np.abs(x)) / np.log(2 * h), x))
    q = np.clip(q, -h, h - 1)
    y = np.abs(q + 0.5) / h
    size = np.expm1(y * np.log(2 * h)) / mu
    return q, np.where(q > 0, size, np.where(q < 0, -size, 0.0))


def receptive_field(sizes, rates):
    return sizes @ rates - rates.sum() + 1.0


def causal_conv(x, w, b, d, past):
    k, length = len(w), x.shape[1]
    joined = np.concatenate([past, x], axis=1)
    places = np.arange(length)[:, None] + d * np.arange(k)
    return np.einsum("btki,kio->bto", joined[:, places], w) + b


def condition(h, z, hop, offset):
    frame = (np.arange(h.shape[1]) + offset) // hop
    return h + z[:, frame]


def griffin_lim(magnitude, phase, n_fft, hop, num_samples, iterations):
    n = np.arange(n_fft)
    window = 0.5 * (1 - np.cos(2 * np.pi * n / n_fft))
    places = n + hop * np.arange(magnitude.shape[1])[:, None]
    squares = np.bincount(places.ravel(), np.tile(window**2, len(places)))
    history = []
    turn = np.exp(1j * phase)
    half = n_fft // 2
    # Bins 0 and n_fft / 2 have no mirror image.
    share = np.sqrt(np.r_[0.5, np.ones(half - 1), 0.5])[:, None]
    for _ in range(iterations + 1):
        frames = np.fft.irfft(magnitude * turn, n_fft, axis=0).T * window
        total = np.bincount(places.ravel(), frames.ravel())
        x = total[half : half + num_samples] / squares[half : half + num_samples]
        padded = np.pad(x, half)
        spectrum = np.fft.rfft(padded[places] * window).T
        history.append(np.linalg.norm(share * (np.abs(spectrum) - magnitude)))
        turn = np.exp(1j * np.angle(spectrum))
    return x, np.array(history) / np.linalg.norm(share * magnitude)
