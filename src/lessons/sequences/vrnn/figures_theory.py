"""Figures of the theory: a step of the model, estimates, a code that turns."""

import numpy as np
from keras import ops

from lessons.sequences.vrnn.data import PITCHES
from lessons.toolkit import figures, turning
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import BLACK, BLUE, GREEN, GREY, ORANGE, Figure

_PLACES = {"h0": (0.0, 0.0), "z": (1.1, 1.0), "x": (1.1, -1.0), "h1": (2.2, 0.0)}
_LABELS = {"h0": "$h_{t-1}$", "z": "$z_t$", "x": "$x_t$", "h1": "$h_t$"}
_PANELS = (
    ("prior", (("h0", "z", "64 → 4"),)),
    ("generation", (("z", "x", "4 → 64"), ("h0", "x", "64"))),
    ("recurrence", (("x", "h1", "16 → 64"), ("z", "h1", "64"), ("h0", "h1", "64"))),
    ("inference", (("x", "z", "16 → 64"), ("h0", "z", "64"))),
)


def step_drawing():
    """One step of the VRNN in four panels, and the RNN and VRNN-I beside it."""
    drawing = Drawing()
    for column, (title, arrows) in enumerate(_PANELS):
        _panel(drawing, 3.2 * column, 0.0, title, arrows, inferred=column == 3)
    rnn = (("h0", "x", "64"), ("x", "h1", "64"), ("h0", "h1", "64"))
    _panel(drawing, 0.0, -3.3, "RNN: no z", rnn, without=("z",))
    prior_free = (("z", "x", ""), ("h0", "x", ""), ("x", "h1", ""), ("z", "h1", ""))
    prior_free += (("h0", "h1", ""),)
    _panel(drawing, 3.2, -3.3, "VRNN-I: z without a past", prior_free)
    _panel(drawing, 6.4, -3.3, "a leak: not a VRNN", (), leak=True)
    return drawing.figure(
        "Seven panels with the nodes h of the step before, z, x and h, states with a "
        "double line and x shaded. Prior: an arrow from the state before to z. "
        "Generation: arrows from z and the state before to x. Recurrence: arrows from "
        "x, z and the state before to the new state. Inference: dashed arrows from x "
        "and the state before to z. Below: the RNN without z, VRNN-I with no arrow "
        "into z, and in orange the arrows from the new state to z and x that must not "
        "exist.",
        "All four networks read the state before the step. From the new state, which "
        "has read x, no arrow may lead back.",
    )


def _panel(drawing, x, y, title, arrows, *, inferred=False, without=(), leak=False):
    """One panel: the four nodes at their places, and some arrows."""
    kinds = {"h0": "deterministic", "h1": "deterministic", "x": "observed"}
    drawing.text(x + 1.1, y + 1.6, title)

    def name(node):
        return f"{title}/{node}"

    for node, (left, up) in _PLACES.items():
        if node not in without:
            kind = kinds.get(node, "latent")
            drawing.node(name(node), x + left, y + up, _LABELS[node], kind=kind)
    for start, end, label in arrows:
        drawing.arrow(name(start), name(end), label, dashed=inferred)
    if leak:
        for end in ("z", "x"):
            drawing.arrow(name("h1"), name(end), color="orange")


def estimates(exact, bound, sizes, values):
    """The importance-weighted estimate of a chain against the number of paths.

    Args:
        exact: log p(x).
        bound: the plain bound.
        sizes: numbers of paths, S.
        values: estimates over repetitions, an array for each size.
    """
    figure, axis = figures.new(size=(6.6, 3.1))
    axis.axhline(exact, color=BLACK, linewidth=1, label=f"exact, {exact:.4f}")
    axis.axhline(
        bound, color=GREY, linestyle=":", label=f"bound, closed form, {bound:.4f}"
    )
    axis.errorbar(
        sizes, [np.mean(v) for v in values], color=BLUE, fmt="o-", label="mean estimate"
    )
    low, high = (np.array([np.quantile(v, q) for v in values]) for q in (0.05, 0.95))
    axis.fill_between(sizes, low, high, color=BLUE, alpha=0.15, label="5 to 95 %")
    axis.set(xscale="log", xlabel="paths S", ylabel="nats")
    axis.legend(fontsize=8, loc="lower right")
    texts = ", ".join(
        f"{np.mean(v):.3f} at S = {s}" for s, v in zip(sizes, values, strict=True)
    )
    return Figure(
        figure,
        "Line chart of the mean estimate against the number of paths on a log scale: "
        f"{texts}. It rises from the bound at {bound:.3f} to the exact {exact:.3f} and "
        "its spread shrinks.",
        "One path gives the bound; many paths come close to the truth from below.",
    )


def ring_knob(model, sequences, sequence=0, step=6):
    """A latent code that is turned around its ring, and the frame it decodes to.

    The state is that of a test sequence before a step. Codes are the encoder's means
    of noise-free frames of 16 phases at that state, and their centre.

    Args:
        model: a trained `VRNN` with a Gaussian output.
        sequences: `data.Sequences` with the truth.
        sequence, step: whose state.

    Returns:
        A `Turning`.
    """
    truth = {name: values[sequence] for name, values in sequences.truth.items()}
    before = _state_before(model, sequences.test[sequence : sequence + 1], step)
    angles = 2 * np.pi * np.arange(16) / 16
    places = np.arange(sequences.test.shape[2])
    waves = np.sin(PITCHES[truth["pitch"]] * places + angles[:, None])
    clean = np.float32(truth["amplitude"] * waves / sequences.scale)
    state = ops.repeat(before, 17, axis=0)
    codes = model.encoder(ops.concatenate([model.phi_x(clean), state[:16]], axis=-1))
    codes = np.concatenate([codes.mean, np.mean(codes.mean, axis=0, keepdims=True)])
    output = model.decoded(model.phi_z(codes), state)
    mean, scale = np.asarray(output.mean), np.asarray(output.scale)
    plane = _plane(codes)
    frames, alts = [], []
    for k in range(17):
        truth_line = clean[k] if k < 16 else None
        frames.append(_knob_frame(plane, k, mean[k], scale[k], truth_line))
        where = f"{360 * k / 16:g} degrees" if k < 16 else "the centre"
        size = np.abs(mean[k]).max()
        alts.append(
            f"At {where} the decoded mean has a peak of {size:.1f} and a standard "
            f"deviation of {scale[k].mean():.2f} on the mean."
        )
    labels = [f"{360 * k / 16:g}°" for k in range(16)] + ["centre"]
    return turning.turn(
        frames,
        labels,
        "angle on the ring of codes",
        "Two charts. Left, 16 codes on a ring and their centre, one of them marked. "
        "Right, the frame that the marked code decodes to: a mean with a band of two "
        "standard deviations, and the clean frame of that phase dashed.",
        "Around the ring the frame slides in phase and keeps pitch and size; at the "
        "centre, where the prior has its mean but no frame lies, the model knows less.",
        alts=alts,
        start=4,
    )


def _state_before(model, x, step):
    """The state before a step of one sequence, shape (1, units)."""
    noise = np.zeros((x.shape[1], 1, model.arguments["latent"]), "float32")
    return model.passed(ops.convert_to_tensor(x), noise=noise).before[step]


def _plane(codes):
    """Codes in the two directions along which they vary most."""
    centred = codes - codes[:16].mean(axis=0)
    _, _, directions = np.linalg.svd(centred[:16], full_matrices=False)
    return centred @ directions[:2].T


def _knob_frame(plane, k, mean, scale, clean):
    figure, (left, right) = figures.new(1, 2, size=(7.4, 2.9), width_ratios=(1, 1.7))
    closed = plane[[*range(16), 0]]
    left.plot(*closed.T, color=GREY, linewidth=0.8)
    left.plot(*plane.T, "o", color=BLUE, markersize=4)
    left.plot(*plane[k], "o", color=ORANGE, markersize=10)
    reach = 1.15 * np.abs(plane).max()
    left.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    left.set(xlabel="first direction of z", ylabel="second")
    places = np.arange(len(mean))
    right.fill_between(
        places, mean - 2 * scale, mean + 2 * scale, color=GREEN, alpha=0.2
    )
    right.plot(places, mean, color=GREEN, label="mean, ± 2 standard deviations")
    if clean is not None:
        right.plot(places, clean, "--", color=BLACK, linewidth=1, label="clean frame")
    right.set(xlabel="sample", ylabel="amplitude (std = 1)", ylim=(-3.5, 3.5))
    right.legend(fontsize=8, loc="upper right")
    return figure
