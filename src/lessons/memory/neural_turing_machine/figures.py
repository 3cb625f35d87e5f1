"""Figures of a run; the notebook shows the same ones."""

import numpy as np

from lessons.memory.neural_turing_machine import evaluation
from lessons.memory.neural_turing_machine.variants import VARIANTS
from lessons.toolkit import figures
from lessons.toolkit.figures import Figure, look


def learning_curves(history, updates_per_epoch):
    """Bits per sequence against updates, one line per model.

    Args:
        history: columns called `VARIANT/bits_per_sequence`.
        updates_per_epoch: updates between two values.
    """
    figure, axis = figures.new(size=(7.0, 3.4))
    figures.curves(
        axis, history, "bits_per_sequence", VARIANTS, every=updates_per_epoch
    )
    axis.set(yscale="log", xlabel="updates", ylabel="cost (bits per sequence)")
    axis.legend(fontsize=9)
    return Figure(
        figure,
        "Line chart of the training cost in bits per sequence against updates on a "
        "logarithmic axis, one line per model.",
        "Same sequences, same optimizer, same number of updates for every model.",
    )


def errors_by_length(metrics, config):
    """Fraction of wrong bits against the length of the sequence, one line per model.

    Args:
        metrics: numbers by `VARIANT/bit_error_LENGTH`.
        config: a `Config`.
    """
    figure, axis = figures.new(size=(7.0, 3.4))
    lengths = sorted(config.test_lengths)
    for name in config.variants:
        errors = [metrics[f"{name}/bit_error_{length}"] for length in lengths]
        axis.plot(lengths, errors, markersize=4, **look(VARIANTS[name], marker="o"))
    axis.axvspan(config.min_length, config.max_length, color="0.9", label="trained")
    axis.axhline(0.5, color="0.5", linewidth=1)
    axis.set(xlabel="length of the sequence", ylabel="fraction of wrong bits")
    axis.set_ylim(-0.02, 0.55)
    axis.legend(fontsize=9)
    return Figure(
        figure,
        "Fraction of wrong bits against sequence length, one line per model, with the "
        "lengths used in training shaded and guessing marked at one half.",
        "Shaded: lengths seen in training. The grey line is guessing.",
    )


def head_maps(trace, batch, row=0):
    """Inputs, adds, writes, reads and answers of one sequence over time.

    Args:
        trace: a `model.Trace`.
        batch: the `data.Sequences` that it is of.
        row: which sequence.
    """
    outputs = 1 / (1 + np.exp(-np.asarray(trace.logits[row])))
    outputs = outputs * batch.mask[row][:, None]
    panels = [
        ("inputs", batch.inputs[row], "channel"),
        ("vector added", np.asarray(trace.adds[row, :, 0]), "slot width"),
        ("write weighting", np.asarray(trace.write_weights[row, :, 0]), "slot"),
        ("outputs", outputs, "bit"),
        ("vector read", np.asarray(trace.reads[row, :, 0]), "slot width"),
        ("read weighting", np.asarray(trace.read_weights[row, :, 0]), "slot"),
    ]
    figure, axes = figures.new(2, 3, size=(9.6, 4.6), sharex=True)
    for axis, (title, values, label) in zip(axes.flat, panels, strict=True):
        signed = title.startswith("vector")
        axis.imshow(
            values.T,
            aspect="auto",
            vmin=-1 if signed else 0,
            vmax=1,
            cmap="PuOr" if signed else "gray_r",
            interpolation="nearest",
        )
        axis.set(title=title, ylabel=label)
        axis.grid(False)
        if axis in axes[1]:
            axis.set_xlabel("time step")
    return Figure(
        figure,
        "Six panels over time for one copied sequence: inputs, vectors added and the "
        "write weighting above; outputs, vectors read and the read weighting below. "
        "Both weightings are diagonal lines, the write one while the input arrives, "
        "the read one while the answer is given, over the same slots.",
        "The write head walks over the slots while the input arrives; the read head "
        "walks over the same slots again while it answers.",
    )


def all_of(report):
    """Every figure of a run, by name.

    Args:
        report: a `Report` with its metrics, history and models.
    """
    config = report.config
    drawn = {
        "errors": errors_by_length(report.metrics, config),
        "learning": learning_curves(report.history, config.updates_per_epoch),
    }
    if "ntm" in report.models:
        longest = config.max_length
        batch = evaluation.test_sequences(config, longest, longest)
        drawn["heads"] = head_maps(report.models["ntm"].trace(batch.inputs[:1]), batch)
    return drawn
