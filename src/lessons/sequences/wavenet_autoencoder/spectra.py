r"""Spectra in NumPy, float64: the Fourier pair, Griffin-Lim, constant Q, rainbowgrams.

$X_{kt} = \sum_n w[n]\, x[n + tH - N/2]\, e^{-2\pi i k n/N}$ with a periodic Hann window
$w$ of N = `n_fft` samples; signals are padded with zeros. Griffin & Lim 1984 (IEEE
Transactions on Acoustics 32) give the inverse by least squares and the iteration.
"""

import numpy as np

from lessons.toolkit.errors import UserError

RANGE = 120.0  # decibels of a log magnitude


def window(n_fft):
    """A periodic Hann window, shape (n_fft,)."""
    return np.hanning(n_fft + 1)[:-1]


def stft(x, n_fft, hop):
    """Short-time Fourier transform, frames centred at multiples of the hop.

    Args:
        x: real, shape (..., samples).
        n_fft: N, even.
        hop: H, at most N / 2, so that every sample is seen.

    Returns:
        complex128 of shape (..., n_fft / 2 + 1, 1 + samples // hop).
    """
    if n_fft % 2 or not 1 <= hop <= n_fft // 2:
        raise UserError(
            f"stft needs an even n_fft and a hop of 1 to n_fft / 2, got n_fft={n_fft}, "
            f"hop={hop}."
        )
    x = np.asarray(x, np.float64)
    pad = [(0, 0)] * (x.ndim - 1) + [(n_fft // 2, n_fft // 2)]
    pieces = np.lib.stride_tricks.sliding_window_view(np.pad(x, pad), n_fft, axis=-1)
    frames = pieces[..., ::hop, :] * window(n_fft)
    return np.swapaxes(np.fft.rfft(frames, axis=-1), -1, -2)


def istft(spectrum, n_fft, hop, num_samples, divide=True):
    r"""The signal whose transform is nearest: $\sum_t w\,y_t / \sum_t w^2$.

    Args:
        spectrum: shape (..., n_fft / 2 + 1, frames).
        n_fft, hop: as for `stft`.
        num_samples: of the signal.
        divide: False leaves out the divisor, a mistake to compare with.

    Returns:
        float64 of shape (..., samples).
    """
    frames = np.fft.irfft(np.swapaxes(spectrum, -1, -2), n_fft, axis=-1)
    shape, count = window(n_fft), frames.shape[-2]
    total = np.zeros((*frames.shape[:-2], n_fft + (count - 1) * hop))
    squares = np.zeros(total.shape[-1])
    for t in range(count):  # frames overlap: they are added one after the other
        total[..., t * hop : t * hop + n_fft] += frames[..., t, :] * shape
        squares[t * hop : t * hop + n_fft] += shape**2
    start = n_fft // 2
    total, squares = (a[..., start : start + num_samples] for a in (total, squares))
    return total / np.maximum(squares, 1e-12) if divide else total


def norm(spectrum):
    r"""Norm of a transform over all N bins, of which N/2 + 1 are kept.

    Each bin between has a mirror image that is left out; 0 and N/2 have none, so their
    squares count one half here. `istft` is nearest in this norm.

    Args:
        spectrum: shape (..., n_fft / 2 + 1, frames).

    Returns:
        $\sqrt{\sum |X_{kt}|^2}$ over everything, divided by $\sqrt 2$.
    """
    squares = np.abs(spectrum) ** 2
    squares[..., [0, -1], :] /= 2
    return np.sqrt(squares.sum())


def griffin_lim(magnitude, n_fft, hop, num_samples, iterations, rng=None, **options):
    r"""A signal whose magnitudes are near given ones, by alternating projections.

    From a phase: $x \leftarrow$ `istft` $(M e^{i\varphi})$, $\varphi \leftarrow \arg$
    `stft` $(x)$. The inconsistency $\|\,|\mathrm{stft}(x)| - M\| / \|M\|$ in the sense
    of `norm` never rises; over the bins that are kept, each counted once, it may.

    Args:
        magnitude: M, shape (..., n_fft / 2 + 1, frames).
        n_fft, hop, num_samples: as for `istft`.
        iterations: how often the phase is replaced.
        rng: NumPy generator of the first phase, uniform over the circle.
        **options: `phase`, a first phase instead; `divide`, as for `istft`.

    Returns:
        (x, inconsistency): float64 of shapes (..., samples) and (iterations + 1,), the
        latter over all signals, after each `istft`.
    """
    magnitude = np.asarray(magnitude, np.float64)
    phase, divide = options.get("phase"), options.get("divide", True)
    if phase is None:
        phase = (rng or np.random.default_rng(0)).uniform(
            -np.pi, np.pi, magnitude.shape
        )
    turn, found = np.exp(1j * phase), []
    whole = norm(magnitude) or 1.0
    for _ in range(iterations + 1):
        x = istft(magnitude * turn, n_fft, hop, num_samples, divide)
        spectrum = stft(x, n_fft, hop)
        size = np.abs(spectrum)
        found.append(norm(size - magnitude) / whole)
        # A bin of magnitude 0 has no angle: 0 stands for it.
        turn = np.where(size > 0, spectrum / np.maximum(size, 1e-300), 1.0)
    return x, np.array(found)


def log_magnitude(spectrum):
    r"""$m = 1 + 20 \log_{10}(|X| / \max|X|) / 120$, clipped to [0, 1].

    Args:
        spectrum: shape (..., bins, frames).

    Returns:
        (m, peak): shapes (..., bins, frames) and (...); `peak` is $\max|X|$, without
        which the loudness would be lost. A silent signal has m = 0, peak = 0.
    """
    size = np.abs(spectrum)
    peak = size.max(axis=(-2, -1))
    relative = size / np.maximum(peak, 1e-300)[..., None, None]
    decibels = 20 * np.log10(np.maximum(relative, 1e-300))
    return np.clip(1 + decibels / RANGE, 0, 1), peak


def magnitude(m, peak):
    """Magnitudes of a `log_magnitude`; what lies at the floor counts as 0.

    Args:
        m: shape (..., bins, frames).
        peak: shape (...).
    """
    size = 10 ** ((np.asarray(m, np.float64) - 1) * RANGE / 20)
    return np.where(m > 0, size, 0.0) * np.asarray(peak)[..., None, None]


def wrapped(angle):
    """An angle in [-pi, pi)."""
    return (angle + np.pi) % (2 * np.pi) - np.pi


def instantaneous_frequency(spectrum, n_fft, hop, sample_rate):
    r"""Frequency of every bin from the advance of its phase between frames.

    A tone of frequency f in bin k advances by $2\pi f H/f_s$ each hop; less the bin's
    own advance $2\pi k H/N$ it is $2\pi (f - k f_s/N) H/f_s$, modulo $2\pi$.

    Args:
        spectrum: complex, shape (bins, frames).
        n_fft, hop: as for `stft`.
        sample_rate: in hertz.

    Returns:
        Hertz, shape (bins, frames - 1).
    """
    own = 2 * np.pi * np.arange(len(spectrum)) * hop / n_fft
    advance = wrapped(np.diff(np.angle(spectrum), axis=1) - own[:, None])
    return (own[:, None] + advance) * sample_rate / (2 * np.pi * hop)


def quality(bins_per_octave):
    """Q = 1 / (2^{1/B} - 1): a constant-Q bin's frequency over its bandwidth."""
    return 1 / (2 ** (1 / bins_per_octave) - 1)


def constant_q(x, sample_rate, lowest, num_bins, bins_per_octave=24, hop=64):
    r"""Constant-Q transform: windows of $Q f_s/f_k$ samples, of as many periods.

    Args:
        x: real, shape (samples,).
        sample_rate: in hertz.
        lowest: $f_{min}$ in hertz; $f_k = f_{min} 2^{k/B}$.
        num_bins: K.
        bins_per_octave: B.
        hop: samples between frames.

    Returns:
        (frequencies, transform): hertz of shape (bins,) and complex128 of shape
        (bins, frames). The phase is that at the frame's centre, so that a tone turns
        by $2\pi f H/f_s$ from frame to frame.

    Raises:
        UserError: a bin lies beyond half the sample rate.
    """
    frequencies = lowest * 2 ** (np.arange(num_bins) / bins_per_octave)
    if frequencies[-1] >= sample_rate / 2:
        raise UserError(
            f"the highest bin is {frequencies[-1]:.0f} Hz. Allowed: below "
            f"{sample_rate / 2:g} Hz, half the sample rate."
        )
    found = []
    for frequency in frequencies:
        size = int(round(quality(bins_per_octave) * sample_rate / frequency))
        n = np.arange(size) - size // 2
        kernel = np.hanning(size + 2)[1:-1]
        kernel = (
            kernel / kernel.sum() * np.exp(-2j * np.pi * frequency * n / sample_rate)
        )
        pieces = np.lib.stride_tricks.sliding_window_view(
            np.pad(x, (size // 2, size)), size
        )
        found.append(pieces[: len(x) : hop] @ kernel)
    return frequencies, np.stack(found)


def rainbow(transform, frequencies, hop, sample_rate, decibels=50.0):
    r"""Hue and brightness of a rainbowgram.

    Hue is the advance of the phase beyond the bin's own, over $2\pi$ and moved into
    [0, 1): a steady tone keeps its colour. Brightness is the log magnitude.

    Args:
        transform: of `constant_q`, shape (bins, frames).
        frequencies: of its bins, hertz.
        hop, sample_rate: as for `constant_q`.
        decibels: range of levels below the strongest.

    Returns:
        (hue, brightness): shape (bins, frames - 1), from 0 to 1.
    """
    own = 2 * np.pi * frequencies * hop / sample_rate
    advance = wrapped(np.diff(np.angle(transform), axis=1) - own[:, None])
    level = 20 * np.log10(np.maximum(np.abs(transform[:, 1:]), 1e-12))
    top = level.max()
    return (advance / (2 * np.pi)) % 1.0, np.clip(1 + (level - top) / decibels, 0, 1)
