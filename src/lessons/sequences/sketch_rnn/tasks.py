"""What codes are good for, judged: drawing again, interpolation, arithmetic."""

import numpy as np

from lessons.sequences.sketch_rnn import drawings as procedural
from lessons.sequences.sketch_rnn import latent, theory
from lessons.toolkit.data import strokes

TEMPERATURE = 0.3  # of drawings that are judged


def uses(model, drawings, judge):
    """Reconstruction, interpolation and arithmetic, judged.

    Returns:
        Dictionary of floats: `kept_class` (and `kept_NAME`), the share of test
        drawings whose reconstruction is judged to be what they are; `kept_width`, the
        correlation of widths; `lerp_distance` and `slerp_distance`, of drawings
        half-way between two of different classes to the test drawings; where there
        are cats and faces, those of `eyes` and of `analogies`.
    """
    rows = drawings.arrays("test")
    codes = latent.codes(model, rows)
    again = model.generate(code=codes, temperature=0.0).rows
    found = {"kept_class": judge.accuracy(again, drawings.test_labels)}
    for name, (_, values) in drawings.attributes.items():
        found[f"kept_{name}"] = judge.accuracy(again, values, name)
    widths = [np.ptp(np.cumsum(r[..., 0], axis=1), axis=1) for r in (rows, again)]
    found["kept_width"] = correlation(*widths)
    first = np.flatnonzero(drawings.test_labels == 0)
    second = np.flatnonzero(drawings.test_labels == 1)
    if len(first) and len(second):
        pairs = list(zip(codes[first], codes[second], strict=False))
        for kind, along in (("lerp", theory.lerp), ("slerp", theory.slerp)):
            half = np.stack([along(a, b, 0.5) for a, b in pairs])
            drawn = model.generate(code=half, temperature=TEMPERATURE).rows
            found[f"{kind}_distance"] = judge.distance(drawn, rows)
    if drawings.class_names == ("cat", "face"):
        found |= eyes(model, drawings)
        found |= analogies(model, drawings, judge)
    return found


def correlation(first, second):
    """Correlation of two rows of numbers; 0 where one is constant."""
    spreads = np.std(first) * np.std(second)
    if spreads < 1e-9:
        return 0.0
    together = np.mean((first - first.mean()) * (second - second.mean()))
    return float(together / spreads)


def cats_with_eyes(drawings, num_eyes, count=100):
    """Cats without whiskers that have 2 or 3 eyes, stroke-5 (count, N_max, 5)."""
    rng = np.random.default_rng(3)
    found = [procedural.drawn("cat", False, rng, num_eyes) for _ in range(count)]
    scaled = strokes.scaled([each.strokes for each in found], drawings.scale)
    return strokes.batch(scaled, drawings.max_length)


def eyes(model, drawings):
    """What becomes of cats with two eyes (six strokes) and with three (seven).

    Returns:
        Dictionary of floats: `two_eyes_six`, `three_eyes_six` and `three_eyes_seven`,
        shares of their reconstructions with six and with seven strokes; and the
        yardstick `zero_code_six`, 1 where the one drawing of the code 0 has six
        strokes, so that a model which ignores its code gets full marks.
    """
    codes = [latent.codes(model, cats_with_eyes(drawings, n)) for n in (2, 3)]
    codes.append(np.zeros((1, model.code_size)))
    two, three, zero = (
        (model.generate(code=code, temperature=0.0).rows[..., 3] > 0.5).sum(axis=1)
        for code in codes
    )
    return {
        "two_eyes_six": float(np.mean(two == 6)),
        "three_eyes_six": float(np.mean(three == 6)),
        "three_eyes_seven": float(np.mean(three == 7)),
        "zero_code_six": float(np.mean(zero == 6)),
    }


def analogies(model, drawings, judge):
    """Cat + (face with whiskers) - (face without): is it a cat with whiskers?

    Returns:
        Dictionary of floats: shares judged to be cats *and* to have whiskers, of the
        sums `analogy_both`, of the same codes with nothing added `plain_both`, and
        with random shifts of the same length `random_both`; `analogy_gain`, the first
        less the larger of the other two; `analogy_cat` and `analogy_whiskers`, each
        judgement by itself.
    """
    rows = drawings.arrays("test")
    codes = latent.codes(model, rows)
    whiskers = drawings.attributes["whiskers"][1]
    cat, face = (drawings.test_labels == label for label in (0, 1))
    base = codes[cat & ~whiskers]
    if min(map(len, (base, codes[face & whiskers], codes[face & ~whiskers]))) < 1:
        return {}
    moved = latent.analogy(base, codes[face & whiskers], codes[face & ~whiskers])
    length = np.linalg.norm(moved[0] - base[0])
    other = np.random.default_rng(0).normal(size=base.shape)
    other *= length / np.linalg.norm(other, axis=1, keepdims=True)
    found = {}
    sets = {"analogy": moved, "plain": base, "random": base + other}
    for name, code in sets.items():
        drawn = model.generate(code=code, temperature=0.0).rows
        cats = judge.probabilities(drawn).argmax(axis=1) == 0
        whiskered = judge.probabilities(drawn, "whiskers").argmax(axis=1) == 1
        found[f"{name}_both"] = float(np.mean(cats & whiskered))
        if name == "analogy":
            found["analogy_cat"] = float(np.mean(cats))
            found["analogy_whiskers"] = float(np.mean(whiskered))
    controls = max(found["plain_both"], found["random_both"])
    return found | {"analogy_gain": found["analogy_both"] - controls}
