"""What the paper states, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# Of the paper's architecture, which it does not count: computed from VGG-16.
PARAMETERS = {
    "appearance": 14_918_145,
    "flow": 14_917_569,
    "streams": 29_835_714,
    "localiser": 119_562_244,
}
# Table of the paper, DAVIS-2016 validation: mean, recall, decay (T: mean).
DAVIS = {
    "OSVOS": {"j": (79.8, 93.6, 14.9), "f": (80.6, 92.6, 15.0), "t": 37.8},
    "MaskTrack": {"j": (79.7, 93.1, 8.9), "f": (75.4, 87.1, 9.0), "t": 21.8},
    "MaskRNN": {"j": (80.4, 96.0, 4.4), "f": (82.3, 93.2, 8.8), "t": 19.0},
}

_MAIN = {
    "rgb": "RGB only",
    "mask": "RGB and mask",
    "full": "two streams",
    "foreign": "two streams, flow of another video",
    "static": "two streams, then more static frames",
    "detached": "two streams, then clips, gradient cut at each step",
    "bptt": "two streams, then clips, gradient through time",
    "propagation": "propagation along exact flow, no weights",
    "other_flow": "the same, kept where flow is not the camera's",
}


def _rows(metric, names):
    return (Headline(_MAIN[name], f"{name}/{metric}", digits=3) for name in names)


HEADLINES = (
    *group("J on test videos, mean over frames", *_rows("j", _MAIN)),
    *group(
        "J at the last frame",
        *_rows("j_last", ("mask", "full", "static", "detached", "bptt", "propagation")),
    ),
    *group(
        "J, static masks never joined with a shifted copy",
        *(
            Headline(_MAIN[name], f"{name}/j", preset="no_ghosts", digits=3)
            for name in ("full", "static", "detached", "bptt")
        ),
    ),
    *group(
        "J, rivals of clips and of the flow stream",
        Headline(
            "two streams, then frames with warped true masks",
            "warped/j",
            preset="rivals",
            digits=3,
        ),
        Headline(
            "foreign flow, then clips, gradient through time",
            "foreign_bptt/j",
            preset="rivals",
            digits=3,
        ),
        Headline("RGB and mask, then clips", "mask_bptt/j", digits=3),
    ),
    *group("F on test videos", *_rows("f", ("mask", "full", "bptt", "propagation"))),
    *group(
        "T on test videos, less is better",
        *_rows("t", ("mask", "full", "bptt", "propagation")),
    ),
    *group(
        "J with fine-tuning on first frames, 12 videos",
        Headline("RGB only", "offline/rgb/j", digits=3),
        Headline("RGB only, fine-tuned", "online/rgb/j", digits=3),
        Headline("two streams through time", "offline/bptt/j", digits=3),
        Headline("two streams through time, fine-tuned", "online/bptt/j", digits=3),
    ),
    *group(
        "IoU of boxes with the true ones, static test frames",
        Headline("box of the given mask", "localiser/bptt/proposal", digits=3),
        Headline("localiser", "localiser/bptt/refined", digits=3),
        Headline("constant correction", "localiser/bptt/constant", digits=3),
    ),
)

EFFECT = Effect(
    paper="J 80.4 on DAVIS-2016, against 79.8 frame by frame (OSVOS); flow, recurrence "
    "and the box each help, online fine-tuning most",
    here="J {bptt/j} after recurrent training, {detached/j} with gradients through "
    "time cut; {static/j} after as many static steps, {static/j@no_ghosts} if their "
    "masks imitate a run's better; fine-tuned {online/bptt/j} (12 videos; "
    "{offline/bptt/j} before)",
    reproduces="partly",
    reason="own masks in training and flow help; gradients through time and the "
    "localiser's box do not",
)
