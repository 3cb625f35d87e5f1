r"""Synthetic voices: pulses of the vocal folds, filtered by resonances of the tract.

The source-filter model of speech (Klatt 1980, JASA 67). A pulse train at the pitch
passes a one-pole low-pass, which stands for the shape of a glottal pulse, and then a
cascade of resonators, one for each formant. Every number that made a voice is known,
so that a test can ask for it again.
"""

import numpy as np
from scipy import signal

from lessons.toolkit.errors import UserError, unknown

# Formants of vowels, (frequency, bandwidth) in hertz. Frequencies: means over male
# speakers, Peterson and Barney (1952), table II; one set of bandwidths for all.
_FREQUENCIES = {
    "aa": (730, 1090, 2440),  # father
    "ae": (660, 1720, 2410),  # had
    "ao": (570, 840, 2410),  # hawed
    "eh": (530, 1840, 2480),  # head
    "iy": (270, 2290, 3010),  # heed
    "uw": (300, 870, 2240),  # who'd
}
_BANDWIDTHS = (60, 90, 120)
FORMANTS = {
    phone: tuple(zip(frequencies, _BANDWIDTHS, strict=True))
    for phone, frequencies in _FREQUENCIES.items()
}
GLOTTIS = 0.96  # pole of the glottal low-pass
_LEAD = 0.06  # seconds before the first sample that is kept: transients die away


def resonator(frequency, bandwidth, sample_rate):
    r"""Coefficients of a two-pole filter that resonates at a formant.

    $$y_n = A\,e_n + B\,y_{n-1} + C\,y_{n-2}, \quad C = -e^{-2\pi b/f_s}, \quad
      B = 2 e^{-\pi b/f_s} \cos(2\pi F/f_s), \quad A = 1 - B - C$$

    Its poles have radius $e^{-\pi b/f_s}$ and angle $2\pi F/f_s$; the response to a
    constant is 1 (Klatt 1980, eq. 1 and 2).

    Args:
        frequency: $F$ in hertz, 0 to half the sample rate.
        bandwidth: $b$ in hertz, above 0.
        sample_rate: $f_s$ in hertz.

    Returns:
        (A, B, C), floats.

    Raises:
        UserError: no such resonance exists at this sample rate.
    """
    if not 0 <= frequency <= sample_rate / 2 or bandwidth <= 0:
        raise UserError(
            f"a resonance at {frequency} Hz with bandwidth {bandwidth} Hz cannot be "
            f"sampled at {sample_rate} Hz. Allowed: a frequency from 0 to "
            f"{sample_rate / 2:g} Hz and a bandwidth above 0."
        )
    radius = np.exp(-np.pi * bandwidth / sample_rate)
    b = 2 * radius * np.cos(2 * np.pi * frequency / sample_rate)
    c = -(radius**2)
    return float(1 - b - c), float(b), float(c)


def prediction_weights(formants, sample_rate, glottis=0.0):
    r"""Weights with which the tract predicts its own next sample between pulses.

    The cascade of resonators is one recursion $y_n = A e_n + \sum_k w_k y_{n-k}$, whose
    polynomial is the product of theirs.

    Args:
        formants: pairs (frequency, bandwidth) in hertz.
        sample_rate: in hertz.
        glottis: a further real pole, 0 for none.

    Returns:
        w, float64 of shape (2 * formants,), one longer with a glottal pole; $w_1$
        first.
    """
    polynomial = np.ones(1)
    for frequency, bandwidth in formants:
        _, b, c = resonator(frequency, bandwidth, sample_rate)
        polynomial = np.convolve(polynomial, [1, -b, -c])
    if glottis:
        polynomial = np.convolve(polynomial, [1, -glottis])
    return -polynomial[1:]


def pulses(num_samples, pitch, sample_rate, rng, *, jitter=0, shimmer=0, between=True):
    """A train of pulses at a pitch, with a random first phase.

    Args:
        num_samples: its length.
        pitch: pulses a second, hertz.
        sample_rate: in hertz.
        rng: NumPy generator.
        jitter: standard deviation of a period, as a part of it.
        shimmer: standard deviation of a pulse's height, as a part of it.
        between: whether pulses fall between samples, shared by the two neighbours in
            proportion; else each moves to the nearest sample.

    Returns:
        float64 of shape (num_samples,).
    """
    period = sample_rate / pitch
    count = int(num_samples / period * (1 + 6 * jitter)) + 8
    gaps = period * np.maximum(1 + jitter * rng.normal(size=count), 0.1)
    times = period * rng.random() + np.cumsum(gaps) - gaps[0]
    heights = 1 + shimmer * rng.normal(size=count)
    if not between:
        times = np.round(times)
    places = np.floor(times).astype(int)
    parts = times - places
    train = np.zeros(num_samples + 1)
    for shift, weights in ((0, 1 - parts), (1, parts)):
        inside = places + shift <= num_samples
        np.add.at(train, places[inside] + shift, (heights * weights)[inside])
    return train[:num_samples]


def late_drop(num_samples, start=0.7, least=0.2):
    """An envelope that rises, holds, and drops late, as a spoken vowel does.

    Args:
        num_samples: its length.
        start: where the drop begins, as a part of the length.
        least: its last value; it begins there too.

    Returns:
        float64 of shape (num_samples,), from `least` to 1.
    """
    places = [0, 0.1 * num_samples, start * num_samples, num_samples - 1]
    return np.interp(np.arange(num_samples), places, [least, 1, 1, least])


def voice(
    phone,
    num_samples,
    pitch,
    sample_rate,
    rng,
    *,
    jitter=0.0,
    shimmer=0.0,
    envelope=None,
    between=True,
    glottis=GLOTTIS,
):
    """One sustained vowel.

    Args:
        phone: a key of `FORMANTS`.
        num_samples: samples to make.
        pitch: in hertz, above 0 and below half the sample rate.
        sample_rate: in hertz; formants above its half are refused.
        rng: NumPy generator: draws the phase, and jitter and shimmer.
        jitter, shimmer, between: see `pulses`.
        envelope: factors, shape (num_samples,), such as `late_drop`; None for none.
        glottis: pole of the low-pass before the tract, 0 for none.

    Returns:
        float64 of shape (num_samples,), of mean 0 and variance 1.

    Raises:
        UserError: no such vowel, or a pitch or a formant that cannot be sampled.
    """
    if phone not in FORMANTS:
        raise unknown("phone", phone, FORMANTS)
    if not 0 < pitch < sample_rate / 2 or num_samples < 2:
        raise UserError(
            f"a voice needs a pitch above 0 and below {sample_rate / 2:g} Hz and at "
            f"least 2 samples, got pitch={pitch}, num_samples={num_samples}."
        )
    lead = int(_LEAD * sample_rate)
    source = pulses(
        num_samples + lead,
        pitch,
        sample_rate,
        rng,
        jitter=jitter,
        shimmer=shimmer,
        between=between,
    )
    sound = signal.lfilter([1.0], [1.0, -glottis], source)
    for frequency, bandwidth in FORMANTS[phone]:
        a, b, c = resonator(frequency, bandwidth, sample_rate)
        sound = signal.lfilter([a], [1, -b, -c], sound)
    sound = sound[lead:] - sound[lead:].mean()
    if envelope is not None:
        sound = sound * envelope
    return normalised(sound)


def normalised(sound):
    """A sound of mean 0 and variance 1; one that is constant becomes 0.

    Args:
        sound: shape (samples,).
    """
    centred = np.asarray(sound, float) - np.mean(sound)
    deviation = np.sqrt(np.mean(centred**2))
    # A constant leaves rounding errors of this order, which are no sound.
    rounding = 1e-12 * max(1.0, float(np.max(np.abs(sound))))
    return centred / deviation if deviation > rounding else np.zeros_like(centred)
