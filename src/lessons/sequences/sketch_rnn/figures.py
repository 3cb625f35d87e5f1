"""Figures of a run and of recorded runs; the notebook shows the same ones."""

import numpy as np

from lessons.sequences.sketch_rnn import latent
from lessons.sequences.sketch_rnn.variants import VARIANTS
from lessons.toolkit import figures, pens
from lessons.toolkit.data import strokes
from lessons.toolkit.figures import BLACK, BLUE, ORANGE, Figure

TEMPERATURES = (0.01, 0.2, 0.5, 0.8, 1.0)


def shown(drawings):
    """Drawings for a grid: one without a point leaves its place blank."""
    return [each if len(each) else None for each in drawings]


def reconstructions(model, rows, temperatures=TEMPERATURES):
    """Test drawings and what their codes give at several temperatures.

    Args:
        model: a `SketchRNN` with an encoder.
        rows: stroke-5 of a few drawings.
        temperatures: of the rows below.
    """
    given = [strokes.to_stroke3(each) for each in rows]
    again = [shown(latent.reconstruct(model, rows, t)) for t in temperatures]
    labels = ["drawn", *(f"τ = {t:g}" for t in temperatures)]
    return pens.grid(
        [given, *again],
        "A grid of drawings of cats and faces. The first row was given to the encoder; "
        "each further row draws its codes again at a higher temperature.",
        "What the code keeps is in every row; the rest varies with the temperature.",
        row_labels=labels,
        colors=[BLUE, *[BLACK] * len(temperatures)],
    )


def curves(history, names, every, updates):
    """Reconstruction loss and divergence on test drawings against the update.

    Args:
        history: columns `VARIANT/test_reconstruction` and `VARIANT/test_kl`.
        names: of the variants drawn.
        every: epochs between two looks.
        updates: of an epoch.
    """
    chosen = {name: VARIANTS[name] for name in names}
    coded = {n: v for n, v in chosen.items() if v.code == "encoder"}
    figure, (left, right) = figures.new(1, 2, size=(7.6, 3.1))
    step = every * updates
    figures.curves(left, history, "test_reconstruction", chosen, every=step)
    figures.curves(right, history, "test_kl", coded, every=step, label=None)
    left.set(xlabel="update", ylabel="L_R of test drawings (nats)")
    right.set(xlabel="update", ylabel="L_KL (nats)")
    if coded:
        right.set_yscale("log")
    left.legend(fontsize=8)
    ends = ", ".join(
        f"{VARIANTS[n].label} {history[f'{n}/test_reconstruction'][-1]:.2f}"
        for n in names
    )
    return Figure(
        figure,
        "Two line charts against the update. Left, the reconstruction losses of test "
        f"drawings, which end at {ends}. Right, on a log scale, the divergences, the "
        "higher the smaller the weight.",
        "A small weight buys a code that says much; this does not show who reads it.",
    )


def interpolations(model, first, second, count=8):
    """Drawings on the way between two codes, on the straight line and on the arc.

    Args:
        model: a `SketchRNN` with an encoder.
        first, second: codes, shape (N_z,).
        count: drawings in a row.
    """
    rows, labels = [], []
    for kind in ("lerp", "slerp"):
        codes = latent.path(first, second, count, kind)
        drawn = model.generate(code=codes, temperature=0.0)
        rows.append(shown(drawn.drawings()))
        labels.append(f"{kind}\n|z| {np.linalg.norm(codes[count // 2]):.2f}")
    titles = [f"t = {t:.2f}" for t in np.linspace(0, 1, count)]
    return pens.grid(
        rows,
        "Two rows of drawings that lead from a cat to a face, one along the straight "
        "line between their codes, one along the arc. Beside them the length of the "
        "code half-way.",
        "Proportions may change step by step; ears may shrink or vanish at once.",
        row_labels=labels,
        titles=titles,
    )


def analogies(model, drawings, count=5):
    """Cats that are given the whiskers of faces.

    Args:
        model: a `SketchRNN` with an encoder.
        drawings: `data.Drawings` of cats and faces.
        count: cats shown.
    """
    rows = drawings.arrays("test")
    codes = latent.codes(model, rows)
    whiskers, labels = drawings.attributes["whiskers"][1], drawings.test_labels
    plain = np.flatnonzero((labels == 0) & ~whiskers)[:count]
    faces = [codes[(labels == 1) & (whiskers == has)] for has in (True, False)]
    moved = latent.analogy(codes[plain], *faces)
    grid = [
        [drawings.test[i] for i in plain],
        shown(model.generate(code=codes[plain], temperature=0.0).drawings()),
        shown(model.generate(code=moved, temperature=0.0).drawings()),
    ]
    return pens.grid(
        grid,
        "Three rows: cats as drawn; drawn again from their codes; and drawn from "
        "these plus the codes of faces with whiskers minus those of faces without.",
        "Does arithmetic add whiskers to cats? No cat was in the difference.",
        row_labels=["drawn", "again", "+ whiskers"],
        colors=[BLUE, BLACK, ORANGE],
    )


def endings(model, beginnings, count=7, temperature=0.8):
    """Several endings of each of some beginnings.

    Args:
        model: a `SketchRNN`.
        beginnings: stroke-3.
        count: endings of each.
        temperature: of the endings.
    """
    rows = []
    for beginning in beginnings:
        found = latent.finish(model, beginning, count, temperature)
        rows.append([beginning, *shown(found)])
    return pens.grid(
        rows,
        "Rows of drawings. The first of each row is a beginning: a head, or a head "
        "with eyes and mouth; beside it are endings that the model sampled.",
        "The same points were read each time; chance alone decides how they go on.",
        titles=["given", *map(str, range(1, count + 1))],
        colors=None,
    )


def all_of(report, drawings):
    """Every figure of a run, by name.

    Args:
        report: a `Report` of the lesson.
        drawings: `data.Drawings`.
    """
    config = report.config
    updates = -(-config.num_train // config.batch_size)
    found = {
        "curves": curves(report.history, config.variants, config.look_every, updates)
    }
    rows = drawings.arrays("test")[:6]
    for name, model in report.models.items():
        if model.arguments["code"] == "encoder" and "reconstructions" not in found:
            found["reconstructions"] = reconstructions(model, rows, (0.01, 0.5, 1.0))
        if model.arguments["code"] == "none" and "samples" not in found:
            drawn = model.generate(8, temperature=0.3)
            found["samples"] = pens.grid(
                [shown(drawn.drawings())],
                f"Eight drawings sampled from the model {name} at temperature 0.3.",
                "Drawings out of nothing, from a decoder that no code guides.",
            )
    return found
