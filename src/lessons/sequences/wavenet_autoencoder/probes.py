"""Linear probes and classifiers: what codes and sounds tell of family and pitch."""

import numpy as np
from scipy import ndimage
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from lessons.sequences.wavenet_autoencoder import spectra


def probe(train, train_labels, test, test_labels, shuffle=None):
    """Accuracy of a logistic regression on features.

    Args:
        train, test: features, shape (notes, features).
        train_labels, test_labels: shape (notes,).
        shuffle: NumPy generator that mixes the training labels up: a control.
    """
    if shuffle is not None:
        train_labels = shuffle.permutation(train_labels)
    return float(np.mean(classifier(train, train_labels).predict(test) == test_labels))


def classifier(features, labels):
    """A logistic regression on standardised features, fitted.

    Args:
        features: shape (notes, features).
        labels: shape (notes,).
    """
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=3000))
    return model.fit(np.asarray(features, np.float64), labels)


def sound_features(sounds, n_fft):
    """What the classifier of sounds reads: a mean spectrum and an envelope.

    Args:
        sounds: shape (notes, samples).
        n_fft: of the transform, which hops by a quarter of it.

    Returns:
        float64 of shape (notes, bins + 8): log share of each bin in the energy, floor
        -60 dB, and the log level in 8 parts of time, relative to the greatest.
    """
    power = np.abs(spectra.stft(sounds, n_fft, n_fft // 4)) ** 2
    share = power.sum(axis=2) / np.maximum(power.sum(axis=(1, 2)), 1e-12)[:, None]
    parts = np.array_split(power.sum(axis=1), 8, axis=1)
    level = np.stack([part.mean(axis=1) for part in parts], axis=1)
    level = level / np.maximum(level.max(axis=1, keepdims=True), 1e-12)
    return np.log10(np.concatenate([share, level], axis=1) + 1e-6)


def peaks(sounds, sample_rate, width=80.0):
    """Where the smoothed spectrum of each sound is highest, in hertz.

    Args:
        sounds: shape (notes, samples).
        sample_rate: in hertz.
        width: standard deviation of the smoothing, hertz.

    Returns:
        Shape (notes,).
    """
    sounds = np.asarray(sounds, np.float64)
    count = sounds.shape[1]
    power = np.abs(np.fft.rfft(sounds * np.hanning(count), axis=1)) ** 2
    smooth = ndimage.gaussian_filter1d(power, width * count / sample_rate, axis=1)
    return np.fft.rfftfreq(count, 1 / sample_rate)[smooth.argmax(axis=1)]


def follows(sounds, notes, sample_rate):
    """Correlation of `peaks` with the fundamental, mean over families.

    It needs no classifier; a hump of noise that moves with the pitch gives a high one.

    Args:
        sounds: shape (notes, samples).
        notes: `data.Notes`.
        sample_rate: in hertz.
    """
    found, places = [], peaks(sounds, sample_rate)
    for family in np.unique(notes.family):
        mask = notes.family == family
        pitch, place = notes.pitch[mask], places[mask]
        varies = np.std(pitch) > 0 and np.std(place) > 0
        fundamental = 440 * 2 ** ((pitch - 69) / 12)
        found.append(np.corrcoef(fundamental, place)[0, 1] if varies else 0.0)
    return float(np.mean(found))


def flat(codes):
    """Codes of notes as rows of numbers."""
    return np.reshape(codes, (len(codes), -1))


def levels(sounds, frames):
    """Log energy of frames: a yardstick of what loudness alone tells.

    Args:
        sounds: shape (notes, samples).
        frames: how many.
    """
    pieces = np.array_split(np.asarray(sounds, float) ** 2, frames, axis=1)
    return np.stack([np.log(piece.mean(axis=1) + 1e-8) for piece in pieces], axis=1)


def register(codes, pitches):
    """Correlation of mean codes between pitches.

    Args:
        codes: shape (notes, frames, channels).
        pitches: shape (notes,).

    Returns:
        (pitches, correlation): sorted, shape (p,), and (p, p): of the mean code of a
        pitch, each number standardised over pitches.
    """
    kinds = np.unique(pitches)
    means = np.stack([flat(codes)[pitches == p].mean(axis=0) for p in kinds])
    means = (means - means.mean(axis=0)) / (means.std(axis=0) + 1e-9)
    return kinds, np.corrcoef(means)


def neighbours(codes, notes):
    """Correlation of mean codes of neighbouring pitches and of others, within families.

    Args:
        codes: shape (notes, frames, channels).
        notes: `data.Notes`.

    Returns:
        `register_near` and `register_far`, means over the families that have three
        pitches or more; 0 where none has. Unrelated pitches give -1 / (pitches - 1).
    """
    near, far = [0.0], [0.0]
    for family in np.unique(notes.family):
        mask = notes.family == family
        if len(np.unique(notes.pitch[mask])) < 3:
            continue
        _, table = register(codes[mask], notes.pitch[mask])
        near.append(np.diag(table, 1).mean())
        far.append(table[np.triu_indices(len(table), 2)].mean())
    found = {"register_near": near[1:] or near, "register_far": far[1:] or far}
    return {name: float(np.mean(values)) for name, values in found.items()}
