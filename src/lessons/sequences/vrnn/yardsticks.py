r"""What can be known of the synthetic frames without a network: exact likelihoods.

The density of a sequence is a sum over what is hidden: 3 pitches, amplitudes and, in
each frame, phases. A frame enters by two numbers only, its products with
$\cos\omega n$ and $\sin\omega n$, so a fine grid costs little. NumPy, float64.
"""

import numpy as np
from scipy.special import logsumexp

from lessons.sequences.vrnn.data import AMPLITUDES, PITCHES

NUM_PHASES = 256  # spacing 0.0245, the width of the sharpest peak: error 1e-8
NUM_AMPLITUDES = 96  # Gauss-Legendre nodes


def frame_log_probs(frames, noise, pitches=PITCHES, num_amplitudes=NUM_AMPLITUDES):
    r"""$\log p(x_t | \omega, a)$, the phase summed out, for a grid of $\omega$ and $a$.

    Args:
        frames: in original units, shape (frames, samples).
        noise: standard deviation.
        pitches: radians a sample.
        num_amplitudes: nodes.

    Returns:
        (log_probs, log_weights): shapes (frames, pitches, amplitudes) and (pitches,
        amplitudes), the latter of the prior, which sum to 1.
    """
    nodes, weights = np.polynomial.legendre.leggauss(num_amplitudes)
    low, high = AMPLITUDES
    amplitudes = low + (high - low) * (nodes + 1) / 2
    phases = 2 * np.pi * np.arange(NUM_PHASES) / NUM_PHASES
    found = np.empty((len(frames), len(pitches), num_amplitudes))
    places = np.arange(frames.shape[1])
    energy = np.sum(frames**2, axis=1)
    constant = -0.5 * frames.shape[1] * np.log(2 * np.pi * noise**2)
    for i, pitch in enumerate(pitches):
        waves = np.sin(pitch * places[:, None] + phases)  # (samples, phases)
        match, power = frames @ waves, np.sum(waves**2, axis=0)
        for j, a in enumerate(amplitudes):
            exponent = (a * match - 0.5 * a**2 * power) / noise**2
            top = exponent.max(axis=1)
            np.exp(exponent - top[:, None], out=exponent)
            found[:, i, j] = top + np.log(exponent.mean(axis=1))
    found += constant - 0.5 * energy[:, None, None] / noise**2
    prior = np.tile(np.log(weights / 2), (len(pitches), 1)) - np.log(len(pitches))
    return found, prior


def independent_phases(frames, truth, noise):
    """Exact log densities of sequences whose phases are independent.

    Args:
        frames: in original units, shape (sequences, time, samples).
        truth: a dictionary as in `data.Sequences`.
        noise: standard deviation.

    Returns:
        Dictionary of arrays (sequences,): `exact`; `memoryless`, each frame as if it
        were alone; and `by_step` (sequences, time), of x_t given those before it.
    """
    count, time, size = frames.shape
    logs, prior = frame_log_probs(frames.reshape(-1, size), noise)
    logs = logs.reshape(count, time, *prior.shape)
    alone = logsumexp(logs + prior, axis=(2, 3))
    joint = logsumexp(np.cumsum(logs, axis=1) + prior, axis=(2, 3))
    by_step = np.diff(joint, axis=1, prepend=0.0)
    return {"exact": joint[:, -1], "memoryless": alone.sum(1), "by_step": by_step}


def continuous_phases(frames, noise):
    """Exact log densities of sequences that are one sinusoid, shape (sequences,).

    Args:
        frames: in original units, shape (sequences, time, samples).
        noise: standard deviation.
    """
    whole = frames.reshape(len(frames), -1)
    nodes, weights = np.polynomial.legendre.leggauss(512)
    amplitudes = np.mean(AMPLITUDES) + 0.5 * np.ptp(AMPLITUDES) * nodes
    phases = 2 * np.pi * np.arange(1024) / 1024
    places = np.arange(whole.shape[1])
    found = []
    for pitch in PITCHES:
        waves = np.sin(pitch * places[:, None] + phases)
        match, power = whole @ waves, np.sum(waves**2, axis=0)
        for a, weight in zip(amplitudes, weights / 2, strict=True):
            exponent = (a * match - 0.5 * a**2 * power) / noise**2
            found.append(logsumexp(exponent, axis=1) + np.log(weight / 3 / len(phases)))
    constant = -0.5 * whole.shape[1] * np.log(2 * np.pi * noise**2)
    return (
        logsumexp(found, axis=0) + constant - 0.5 * np.sum(whole**2, axis=1) / noise**2
    )


def gaussian_given_truth(frames, truth, noise, diagonal=False):
    r"""Gaussian of the true covariance, pitch and amplitude told, phases forgotten.

    $$\mathrm{cov}(x_n, x_m | \omega, a) = \tfrac{a^2}{2} \cos\omega(n - m)
    + \sigma^2 [n = m]$$

    Args:
        frames: in original units, shape (sequences, time, samples).
        truth: a dictionary as in `data.Sequences`.
        noise: standard deviation.
        diagonal: whether the covariance between samples is left out.

    Returns:
        Shape (sequences,).
    """
    size = frames.shape[2]
    lags = np.subtract.outer(np.arange(size), np.arange(size))
    found = []
    for x, i, a in zip(frames, truth["pitch"], truth["amplitude"], strict=True):
        cov = 0.5 * a**2 * np.cos(PITCHES[i] * lags) + noise**2 * np.eye(size)
        if diagonal:
            cov = np.diag(np.diag(cov))
        found.append(gaussian_log_probs(x, np.zeros(size), cov).sum())
    return np.array(found)


def all_told(frames, truth, noise):
    """Log densities of the noise alone: pitch, amplitude and phases are told.

    Args:
        frames: in original units, shape (sequences, time, samples).
        truth: a dictionary as in `data.Sequences`.
        noise: standard deviation.

    Returns:
        Shape (sequences,).
    """
    omega = PITCHES[truth["pitch"]][:, None, None]
    angles = omega * np.arange(frames.shape[2]) + truth["phase"][..., None]
    rest = (frames - truth["amplitude"][:, None, None] * np.sin(angles)) / noise
    logs = -0.5 * rest**2 - np.log(noise) - 0.5 * np.log(2 * np.pi)
    return logs.sum(axis=(1, 2))


def gaussian_log_probs(x, mean, covariance):
    """Log densities of rows (n, dim) under one Gaussian, shape (n,)."""
    half = np.linalg.cholesky(covariance)
    white = np.linalg.solve(half, (x - mean).T)
    log_det = 2 * np.sum(np.log(np.diag(half)))
    return -0.5 * (np.sum(white**2, axis=0) + log_det + x.shape[1] * np.log(2 * np.pi))


def sinusoids(frames):
    """How near frames come to a sinusoid of one of the three pitches.

    Args:
        frames: shape (sequences, time, samples).

    Returns:
        (rest, constancy): mean square per sample that is left after the best pitch's
        cosine and sine are fitted to a frame, the median over frames; and how often a
        frame's best pitch is that of the frame before (a third by chance, if pitches
        were equally often).
    """
    frames = np.asarray(frames, float)
    places = np.arange(frames.shape[2])
    rests = []
    for pitch in PITCHES:
        plane, _ = np.linalg.qr(
            np.stack([np.cos(pitch * places), np.sin(pitch * places)], axis=1)
        )
        rests.append(np.mean((frames - frames @ plane @ plane.T) ** 2, axis=2))
    best = np.argmin(rests, axis=0)
    constancy = np.mean(best[:, 1:] == best[:, :-1])
    return float(np.median(np.min(rests, axis=0))), float(constancy)
