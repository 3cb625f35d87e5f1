"""Takes the norm over the bins that are kept, each counted once."""

# loses: griffin_lim

import numpy as np


def stft(x, n_fft, hop):
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)
    padded = np.pad(x, n_fft // 2)
    count = 1 + len(x) // hop
    frames = [padded[t * hop : t * hop + n_fft] * window for t in range(count)]
    return np.fft.rfft(frames, axis=1).T


def griffin_lim(magnitude, phase, n_fft, hop, num_samples, iterations):
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)
    count = magnitude.shape[1]
    norm = np.linalg.norm(magnitude)
    history = []
    for _ in range(iterations + 1):
        frames = np.fft.irfft((magnitude * np.exp(1j * phase)).T, n_fft, axis=1)
        total = np.zeros(n_fft + (count - 1) * hop)
        squares = np.zeros_like(total)
        for t in range(count):
            total[t * hop : t * hop + n_fft] += frames[t] * window
            squares[t * hop : t * hop + n_fft] += window**2
        x = (total / np.maximum(squares, 1e-12))[n_fft // 2 :][:num_samples]
        spectrum = stft(x, n_fft, hop)
        history.append(np.linalg.norm(np.abs(spectrum) - magnitude) / norm)
        phase = np.angle(spectrum)
    return x, np.array(history)
