"""Judging autoencoders on notes that none was trained on, beside yardsticks."""

import functools

import numpy as np
import tensorflow as tf

from lessons.sequences.wavenet_autoencoder import data, probes, spectra, theory
from lessons.sequences.wavenet_autoencoder.generation import generator

_CHUNK = 30  # notes whose logits are held at once
COOL = 0.5  # a temperature that draws likely classes more often
_OTHER_DRAWS = 1_000_000  # added to the seed: a note i elsewhere shares no draws


def losses(model, packed, codes):
    """Cross-entropies of notes under given codes.

    Args:
        model: a `WaveNetAutoencoder`.
        packed: of `data.pack`.
        codes: shape (notes, frames, channels), or None.

    Returns:
        Nats, float32 of shape (notes, samples).
    """

    def score(notes, code):
        return theory.cross_entropies(model.decode(notes, code), notes[:, 1:])

    scored = _compiled(model, "scored", score)
    found = []
    for start in range(0, len(packed), _CHUNK):
        part = slice(start, start + _CHUNK)
        code = None if codes is None else tf.constant(codes[part])
        found.append(scored(tf.constant(packed[part]), code).numpy())
    return np.concatenate(found)


def _compiled(model, name, function):
    """A function of a model, compiled once and kept with it, as its `generator` is."""
    kept = model.__dict__.setdefault("kept_functions", {})
    if name not in kept:
        kept[name] = tf.function(function, autograph=False)
    return kept[name]


def encode(model, packed):
    """Codes of notes as an array, or None where a model has none."""
    code = _compiled(model, "encode", model.encode)(tf.constant(packed))
    return None if code is None else np.asarray(code, "float32")


def exchanged(notes, within):
    """For every note another one: of its family, or of another one.

    Args:
        notes: `data.Notes`.
        within: whether of the same family.

    Returns:
        Numbers of notes, shape (notes,); a note alone of its kind keeps itself.
    """
    found = np.arange(len(notes.family))
    for i, family in enumerate(notes.family):
        fits = (notes.family == family) == within
        fits[i] = False
        others = np.flatnonzero(fits)
        if len(others):
            found[i] = others[(i * 7 + 3) % len(others)]
    return found


def likelihoods(model, notes):
    """Cross-entropies by place and under wrong codes.

    Args:
        model: a `WaveNetAutoencoder`.
        notes: `data.Notes`.

    Returns:
        Dictionary of floats, nats a sample: `nll`; `nll_silent`, `nll_attack`,
        `nll_sounding`; with a code also `exchanged` (codes of notes of other families),
        `exchanged_within` (of the same family) and `mean_code`.
    """
    packed = data.pack(notes)
    codes = encode(model, packed)
    whole = losses(model, packed, codes)
    found = {"nll": whole.mean()}
    for name, mask in data.places(notes).items():
        found[f"nll_{name}"] = whole[mask].mean() if mask.any() else 0.0
    if codes is not None:
        wrong = {
            "exchanged": codes[exchanged(notes, False)],
            "exchanged_within": codes[exchanged(notes, True)],
            "mean_code": np.broadcast_to(codes.mean(axis=(0, 1)), codes.shape),
        }
        found |= {k: losses(model, packed, v).mean() for k, v in wrong.items()}
    return {name: float(value) for name, value in found.items()}


def reconstruct(model, notes, config, temperature=1.0, seed=None):
    """Sounds of notes from their codes.

    Args:
        model: a `WaveNetAutoencoder`, which is sampled, or a `SpectralAutoencoder`,
            whose magnitudes go through Griffin-Lim.
        notes: `data.Notes`.
        config: a `Config`.
        temperature: of sampling.
        seed: of the draws or of Griffin-Lim's first phases; without one the run's.

    Returns:
        float64 of shape (notes, samples).
    """
    seed = config.seed if seed is None else seed
    if hasattr(model, "down"):
        packed, peaks = spectra_of(notes, config)
        m = model.predict(packed, batch_size=64, verbose=0)[..., 0]
        return sound_of(m, peaks, config, seed)
    packed = data.pack(notes)
    frames = notes.audio.shape[1] // config.hop
    pitches = tf.constant(packed[:, 0])
    condition = model.condition(encode(model, packed), pitches, frames)
    if condition is None:
        condition, frames = len(packed), frames * config.hop
    classes, _ = generator(model)(condition, frames, temperature=temperature, seed=seed)
    return theory.mu_law_decode(classes - theory.HALF)


def spectra_of(notes, config):
    """What a `SpectralAutoencoder` takes, and the peaks that give loudness back.

    Args:
        notes: `data.Notes`.
        config: gives the transform; frames beyond the note's are 0, and the bin of half
            the sample rate is left out.

    Returns:
        (spectra, peaks): float32 (notes, bins, frames + 1, 1), float64 (notes,).
    """
    spectrum = spectra.stft(notes.audio, config.n_fft, config.spectral_hop)
    m, peaks = spectra.log_magnitude(spectrum[:, :-1])
    found = np.zeros((len(m), config.n_fft // 2, config.spectral_frames + 1, 1), "f4")
    found[:, :, : m.shape[2], 0] = m
    found[:, :, -1, 0] = (notes.pitch / 128)[:, None]
    return found, peaks


def sound_of(m, peaks, config, seed=0):
    """Sounds of log magnitudes by Griffin-Lim.

    Args:
        m: shape (notes, bins, frames), of a network.
        peaks: shape (notes,).
        config: a `Config`.
        seed: of the first phases.
    """
    count = 1 + config.note_samples // config.spectral_hop
    size = spectra.magnitude(m[:, :, :count], peaks)
    size = np.concatenate([size, np.zeros_like(size[:, :1])], axis=1)
    rng = np.random.default_rng((seed, 5))
    return spectra.griffin_lim(
        size, config.n_fft, config.spectral_hop, config.note_samples,
        config.iterations, rng,
    )[0]  # fmt: skip


def spectral_errors(model, notes, config):
    """Squared errors of log magnitudes in decibels, below and above half of all bins.

    Args:
        model: a `SpectralAutoencoder`.
        notes: `data.Notes`.
        config: a `Config`.
    """
    packed, _ = spectra_of(notes, config)
    truth = packed[:, :, :-1, 0]
    found = model.predict(packed, batch_size=64, verbose=0)[..., 0]
    squares = (spectra.RANGE * (found - truth).astype(float)) ** 2
    half = squares.shape[1] // 2
    return {
        "error_low": float(np.sqrt(squares[:, :half].mean())),
        "error_high": float(np.sqrt(squares[:, half:].mean())),
    }


class Judge:
    """Classifiers of family and pitch, trained on the original training notes.

    Args:
        notes: `data.Notes`.
        config: a `Config`.
    """

    def __init__(self, notes, config):
        self.features = functools.partial(probes.sound_features, n_fft=2 * config.n_fft)
        features = self.features(notes.audio)
        self.models = {
            name: probes.classifier(features, getattr(notes, name))
            for name in ("family", "pitch")
        }

    def __call__(self, sounds, notes):
        """Accuracies `heard_family` and `heard_pitch` on sounds of notes."""
        features = self.features(sounds)
        return {
            f"heard_{name}": float(np.mean(m.predict(features) == getattr(notes, name)))
            for name, m in self.models.items()
        }

    def retrained(self, heard, train, sounds, notes):
        """The same by classifiers trained on reconstructions of training notes."""
        features = self.features(heard)
        found = {}
        for name in self.models:
            model = probes.classifier(features, getattr(train, name))
            right = model.predict(self.features(sounds)) == getattr(notes, name)
            found[f"retrained_{name}"] = float(np.mean(right))
        return found


def probed(train_codes, test_codes, split, seed):
    """Accuracies of linear probes on codes of the whole note.

    Args:
        train_codes, test_codes: shape (notes, ...).
        split: `data.Split`.
        seed: of the shuffled labels.

    Returns:
        `family_probe`, `pitch_probe`, and `shuffled_probe` (family, labels mixed up).
    """
    both = probes.flat(train_codes), probes.flat(test_codes)
    rng = np.random.default_rng(seed)

    def accuracy(name, shuffle=None):
        labels = getattr(split.train, name), getattr(split.test, name)
        return probes.probe(both[0], labels[0], both[1], labels[1], shuffle)

    return {
        "family_probe": accuracy("family"),
        "pitch_probe": accuracy("pitch"),
        "shuffled_probe": accuracy("family", rng),
    }


def heard(model, sounds, split, config, judge):
    """What classifiers hear in `sounds`, reconstructions of the test notes."""
    some = split.train.pick(slice(0, len(split.test.pitch)))
    learned = reconstruct(model, some, config, seed=config.seed + _OTHER_DRAWS)
    found = judge(sounds, split.test)
    found |= judge.retrained(learned, some, sounds, split.test)
    if not hasattr(model, "down"):
        cool = judge(reconstruct(model, split.test, config, COOL), split.test)
        found |= {name.replace("heard", "cool"): cool[name] for name in cool}
    return found


def evaluate(model, split, config, judge=None):
    """Judge one autoencoder by what `config.judged` asks for.

    Args:
        model: a `WaveNetAutoencoder` or a `SpectralAutoencoder`.
        split: `data.Split`.
        config: a `Config`.
        judge: a `Judge`, for "sound".

    Returns:
        Dictionary of floats. "likelihood": of a WaveNet those of `likelihoods`, of the
        baseline those of `spectral_errors`. "sound": `heard_...` and `retrained_...` of
        reconstructions, and of a WaveNet `cool_...`, what is heard of those drawn at
        temperature `COOL`. "code": those of `probed` and of `probes.neighbours`.
        "hump": `hump`, see `probes.follows`.
    """
    spectral, found = hasattr(model, "down"), {}
    if {"sound", "hump"} & set(config.judged):
        sounds = reconstruct(model, split.test, config)
    if "sound" in config.judged:
        found |= heard(model, sounds, split, config, judge)
    if "hump" in config.judged:
        found["hump"] = probes.follows(sounds, split.test, split.sample_rate)
    if "likelihood" in config.judged:
        if spectral:
            found |= spectral_errors(model, split.test, config)
        else:
            found |= likelihoods(model, split.test)
    if "code" not in config.judged:
        return found
    if spectral:
        codes = [
            np.asarray(model.encode(tf.constant(spectra_of(n, config)[0])))
            for n in (split.train, split.test)
        ]
    else:
        codes = [encode(model, data.pack(n)) for n in (split.train, split.test)]
    if codes[0] is not None:
        found |= probed(*codes, split, config.seed)
        found |= probes.neighbours(codes[0], split.train)
    return found
