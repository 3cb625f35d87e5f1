"""What the paper states, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# Two LSTM layers of 256 units after features of 256. We counted them; the widths of the
# convolutions before them are ours.
PARAMETERS = {"lstm": 1_050_624, "network": 1_223_104}

_WORLDS = {
    "laptop": "digits, shifting and turning",
    "mostly_turning": "digits, mostly turning",
    "turning": "digits, turning",
    "camera": "windows of photographs",
}
_MOVING = {k: v for k, v in _WORLDS.items() if k != "turning"}


def _worlds(metric, worlds, **options):
    return (
        Headline(label, metric, preset=preset, **options)
        for preset, label in worlds.items()
    )


HEADLINES = (
    *group("Loss on test clips", *_worlds("pairs/loss", _WORLDS)),
    *group(
        "Shift to the right, read from the embedding (R²)",
        *_worlds("pairs/r2_x", _MOVING),
        Headline("digits, untrained network", "untrained/r2_x"),
        Headline("digits, trained with foreign middle frames", "foreign/r2_x"),
        Headline(
            "digits, pixels of both end frames",
            "pixels/r2_x",
            note="no network is needed",
        ),
        Headline("digits, centre of light", "centroid/r2_x"),
    ),
    *group(
        "Rotation, read from the embedding (R²)",
        *_worlds("pairs/r2_rotation", _WORLDS),
        Headline(
            "digits, turning, untrained network",
            "untrained/r2_rotation",
            preset="turning",
        ),
        Headline(
            "digits, turning, the same network with labels",
            "supervised/r2_rotation",
            preset="turning",
        ),
    ),
    *group(
        "Change of the light's first moment, read from the embedding (R²)",
        *_worlds("pairs/r2_light_x", _WORLDS),
    ),
    *group(
        "Shift of a camera over photographs (R²)",
        Headline("embedding", "pairs/r2_x", preset="camera", paper="above chance"),
        Headline("the same network with labels", "supervised/r2_x", preset="camera"),
        Headline(
            "optical flow, principal components",
            "flow/r2_x",
            preset="camera",
            paper="best",
        ),
        Headline(
            "embedding, fresh ramps of light in training",
            "fresh/r2_x",
            preset="camera",
        ),
        Headline(
            "embedding, a bright spot shows the pose",
            "pairs/r2_x",
            preset="spot_bright",
        ),
        Headline("embedding, 1,500 steps", "pairs/r2_x", preset="camera_long"),
        Headline("the same, twin films", "twins/r2_x", preset="camera_long"),
        Headline("the same, begun with labels", "told/r2_x", preset="camera_long"),
        Headline(
            "twin films, begun with labels", "told_twins/r2_x", preset="camera_long"
        ),
    ),
    *group(
        "Photographs: additive share of the code between strangers",
        Headline("embedding", "pairs/additive", preset="camera"),
        Headline("one translation", "translation/additive", preset="camera"),
    ),
    *group(
        "Interpolation: distance with a foreign middle frame over that with its own",
        Headline("digits", "pairs/ratio", paper="well above 1"),
        Headline("digits, trained with foreign middle frames", "foreign/ratio"),
        Headline("digits, untrained network", "untrained/ratio"),
        Headline("digits, pixels", "pixels/ratio"),
        Headline(
            "digits, a code of a sign and of surprise",
            "surprise/ratio",
            note="it knows one bit of the motion",
        ),
        Headline(
            "windows of photographs",
            "pairs/ratio",
            preset="camera",
            note="although no motion is read from this embedding",
        ),
    ),
    *group(
        "Inputs and distances, digits: shift to the right (R²)",
        Headline("pairs of frames", "pairs/r2_x", paper="better"),
        Headline("single frames", "frames/r2_x", paper="worse"),
        Headline("pairs, squared distance", "squared/r2_x"),
    ),
    *group(
        "Nearest neighbour, digits: same class (share)",
        Headline("embedding", "pairs/nn_class", paper="not by class"),
        Headline("pixels", "pixels/nn_class"),
        Headline("any other clip", "chance/nn_class"),
    ),
)

EFFECT = Effect(
    paper="motion is read from embeddings that were learned without labels, clearly "
    "better than chance",
    here="shift of digits R² {pairs/r2_x} (raw pixels {pixels/r2_x}); of a camera over "
    "photographs {pairs/r2_x@camera} at a loss of {pairs/loss@camera}, where the same "
    "network with labels has {supervised/r2_x@camera}",
    reproduces="partly",
    reason="motion is one of many solutions of the loss: begun at random, the network "
    "finds it where one image tells where things are; begun with labels, it keeps it",
)
