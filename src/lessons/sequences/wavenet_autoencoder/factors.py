"""Codes of notes that differ in one fact: what does a decoder take from its code?"""

import numpy as np

from lessons.sequences.wavenet_autoencoder import data, evaluation

# Which facts differ from the note's own; none: only phases and noise are drawn anew.
FACTORS = {
    "phases": (),
    "pitch": ("pitch",),
    "velocity": ("velocity",),
    "onset": ("onset",),
    "family": ("family",),
    "three": ("pitch", "velocity", "onset"),
    "all": ("pitch", "velocity", "onset", "family"),
}


def other(notes, fact, num_samples):
    """Another value of a fact for every note.

    Args:
        notes: `data.Notes`.
        fact: a field of them: `pitch` moves by six semitones, `velocity` by two steps
            of `data.VELOCITIES`, `onset` by an eighth of the note, `family` is the
            next; all stay within what notes are drawn from.
        num_samples: of a note.
    """
    if fact == "pitch":
        half = data.NUM_PITCHES // 2
        return data.LOWEST + (notes.pitch - data.LOWEST + half) % data.NUM_PITCHES
    if fact == "velocity":
        steps = np.array(data.VELOCITIES)
        place = np.abs(notes.velocity[:, None] - steps).argmin(axis=1)
        return steps[(place + 2) % len(steps)]
    if fact == "onset":
        return (notes.onset + num_samples // 8) % (num_samples // 4)
    return (notes.family + 1) % len(data.FAMILIES)


def redrawn(notes, config, facts=(), seed=0):
    """The notes with some facts changed; one seed gives the same phases and noise.

    Args:
        notes: `data.Notes` of `data.make_notes`.
        config: a `Config`.
        facts: fields that change, see `other`.
        seed: of phases and noise.
    """
    new = {fact: other(notes, fact, config.note_samples) for fact in facts}
    names = ("pitch", "family", "velocity", "onset")
    columns = [new.get(name, getattr(notes, name)) for name in names]
    options = config.note_samples, config.sample_rate, config.equal_envelopes
    rng = np.random.default_rng((config.seed, 23, seed))
    return data.perform(*columns, *options, rng)


def costs(model, notes, config):
    """What codes of notes cost that differ in some facts and in nothing else.

    Args:
        model: a `WaveNetAutoencoder` with a code.
        notes: `data.Notes` of `data.make_notes`, whose facts are used.
        config: a `Config`.

    Returns:
        `factor_NAME` for the entries of `FACTORS`: nats a sample over the own code.
        With `factor_phases` the note is the same and its phases and noise are others.
    """
    own = data.pack(redrawn(notes, config))

    def loss(codes):
        return float(evaluation.losses(model, own, codes).mean())

    base = loss(evaluation.encode(model, own))
    found = {}
    for name, facts in FACTORS.items():
        changed = redrawn(notes, config, facts, seed=0 if facts else 1)
        code = evaluation.encode(model, data.pack(changed))
        found[f"factor_{name}"] = loss(code) - base
    return found
