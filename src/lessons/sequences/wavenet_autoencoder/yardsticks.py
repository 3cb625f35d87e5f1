"""Yardsticks without training: entropy, histogram, energy, mean spectrum."""

import numpy as np
from scipy import stats

from lessons.sequences.wavenet_autoencoder import data, evaluation, probes, theory

NOISE_LEVELS = (20, 10, 0)  # decibels of a note above the noise


def entropy(notes, noise=data.NOISE):
    """Entropy of the classes given the clean note: a floor for models without a code.

    Whoever predicts a sample from the samples before it and from nothing later cannot
    be better on the mean. A code that has seen the sample itself can: it may hold the
    noise. So for an encoder that looks ahead, and for the level of the frame, this is a
    yardstick and no floor.

    Args:
        notes: `data.Notes` with `clean`.
        noise: standard deviation of what was added.

    Returns:
        Nats, shape (notes, samples).
    """
    clean = data.require(notes, "the entropy of notes")
    edges = theory.HALF * 1.0
    y = np.arange(-theory.HALF + 1, theory.HALF) / edges
    bounds = np.sign(y) * ((1 + theory.MU) ** np.abs(y) - 1) / theory.MU
    found = np.zeros(clean.shape)
    for i, note in enumerate(clean):
        below = stats.norm.cdf((bounds[None] - note[:, None]) / noise)
        below = np.pad(below, [(0, 0), (1, 1)], constant_values=(0, 1))
        p = np.diff(below, axis=1)
        found[i] = -np.sum(p * np.log(np.maximum(p, 1e-300)), axis=1)
    return found


def baselines(split, config, judge=None):
    """Numbers of what no gradient trains.

    Args:
        split: `data.Split`.
        config: a `Config`.
        judge: a `Judge`, for "sound" and "noise".

    Returns:
        Dictionary `NAME/METRIC` of floats, by what `config.judged` holds. "likelihood":
        of the frequencies of classes (`histogram`) and of the true entropy (`entropy`,
        of 30 notes). "sound": of the notes themselves (`original`) and of the mean
        spectrum (`mean`). "code": of the energy of frames (`energy`). "noise": see
        `noisy`. "hump": of the notes themselves.
    """
    found = {}
    if "likelihood" in config.judged:
        found |= _likelihoods(split)
    if "sound" in config.judged:
        own = judge(split.test.audio, split.test)
        found |= {f"original/{name}": value for name, value in own.items()}
        found |= _mean_spectrum(split, config, judge)
    if "code" in config.judged:
        frames = config.note_samples // config.hop
        sides = (probes.levels(n.audio, frames) for n in (split.train, split.test))
        energy = evaluation.probed(*sides, split, config.seed)
        found |= {f"energy/{name}": value for name, value in energy.items()}
    if "noise" in config.judged:
        found |= noisy(split, config, judge)
    if "hump" in config.judged:
        sounds = split.test.audio
        follows = probes.follows(sounds, split.test, split.sample_rate)
        found["original/hump"] = follows
    return {name: float(value) for name, value in found.items()}


def _likelihoods(split):
    counts = np.bincount(
        data.pack(split.train)[:, 1:].ravel(), minlength=theory.NUM_CLASSES
    )
    p = (counts + 1) / (counts + 1).sum()
    found = {"histogram/nll": -np.log(p)[data.pack(split.test)[:, 1:]].mean()}
    if split.test.clean is not None:
        few = split.test.pick(slice(0, 30))
        nats = entropy(few)
        found["entropy/nll"] = nats.mean()
        for name, mask in data.places(few).items():
            found[f"entropy/nll_{name}"] = nats[mask].mean() if mask.any() else 0.0
    return found


def _mean_spectrum(split, config, judge):
    m, peaks = evaluation.spectra_of(split.train, config)
    mean = m[:, :, :-1, 0].mean(axis=0)
    same = np.broadcast_to(mean, (len(split.test.pitch), *mean.shape))
    sounds = evaluation.sound_of(
        same, np.full(len(same), peaks.mean()), config, config.seed
    )
    return {f"mean/{name}": value for name, value in judge(sounds, split.test).items()}


def noisy(split, config, judge):
    """What both classifiers hear in the notes themselves under white noise.

    A classifier that is deaf to a note in hiss tells nothing about one that hisses.

    Args:
        split: `data.Split`.
        config: a `Config`.
        judge: a `Judge`.

    Returns:
        `noisy_DB/heard_...` and `noisy_DB/retrained_...` for notes `DB` decibels above
        the noise; `original/retrained_...`, the ceiling of the second classifier.
    """
    some = split.train.pick(slice(0, len(split.test.pitch)))
    rng = np.random.default_rng((config.seed, 29))

    def with_noise(sounds, level):
        size = sounds.std(axis=1, keepdims=True) * 10 ** (-level / 20)
        return sounds + size * rng.normal(size=sounds.shape)

    own = judge.retrained(some.audio, some, split.test.audio, split.test)
    found = {f"original/{name}": value for name, value in own.items()}
    for level in NOISE_LEVELS:
        sounds, learned = (with_noise(n.audio, level) for n in (split.test, some))
        both = judge(sounds, split.test)
        both |= judge.retrained(learned, some, sounds, split.test)
        found |= {f"noisy_{level}/{name}": value for name, value in both.items()}
    return found
