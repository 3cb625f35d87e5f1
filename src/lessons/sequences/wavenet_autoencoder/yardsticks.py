"""Yardsticks without training: entropy, histogram, energy, mean spectrum."""

import numpy as np
from scipy import stats

from lessons.sequences.wavenet_autoencoder import data, evaluation, probes, theory


def entropy(notes, noise=data.NOISE):
    """Entropy of the classes given the clean note: no model can do better.

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


def baselines(split, config, judge):
    """Numbers of what no gradient trains.

    Args:
        split: `data.Split`.
        config: a `Config`.
        judge: a `Judge`.

    Returns:
        Dictionary `NAME/METRIC` of floats: of the notes themselves (`original`), of
        their frequencies of classes (`histogram`), of the true entropy (`entropy`, of
        30 notes), of the energy of frames (`energy`) and of the mean spectrum (`mean`).
    """
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
    own = judge(split.test.audio, split.test)
    found |= {f"original/{name}": value for name, value in own.items()}
    frames = config.note_samples // config.hop
    sides = (probes.levels(n.audio, frames) for n in (split.train, split.test))
    energy = evaluation.probed(*sides, split, config.seed)
    found |= {f"energy/{name}": value for name, value in energy.items()}
    m, peaks = evaluation.spectra_of(split.train, config)
    mean = m[:, :, :-1, 0].mean(axis=0)
    same = np.broadcast_to(mean, (len(split.test.pitch), *mean.shape))
    sounds = evaluation.sound_of(
        same, np.full(len(same), peaks.mean()), config, config.seed
    )
    found |= {
        f"mean/{name}": value for name, value in judge(sounds, split.test).items()
    }
    return {name: float(value) for name, value in found.items()}
