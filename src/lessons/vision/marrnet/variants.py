"""What `marrnet` compares, as data: ways to voxels, and ways of fine-tuning."""

import dataclasses

from lessons.toolkit import variants


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """A way from an image to voxels.

    Attributes:
        route: what the encoder sees: "sketches", the "image", or "features" of the
            network that could make sketches.
        apart: whether both steps are trained apart, the second on true sketches.
        sketch_weight: of the loss of the sketches, where all is trained at once.
    """

    route: str
    apart: bool = False
    sketch_weight: float = 0.0


VARIANTS = {
    "marrnet": Variant(
        label="MarrNet", color="blue", marker="o", route="sketches", apart=True
    ),
    "direct": Variant(label="direct", color="orange", marker="s", route="image"),
    "joint": Variant(
        label="direct, told the sketches",
        color="green",
        marker="D",
        route="features",
        sketch_weight=1.0,
    ),
    "front": Variant(
        label="direct, as large as MarrNet", color="amber", marker="^", route="features"
    ),
    "end_to_end": Variant(
        label="MarrNet, trained at once",
        color="sky",
        marker="v",
        route="sketches",
        sketch_weight=1.0,
    ),
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tuning(variants.Variant):
    """A way of fine-tuning on one image.

    Attributes:
        encoder, decoder: whether it moves.
        with_normals: whether the normal loss counts, or the depth loss alone.
    """

    encoder: bool = True
    decoder: bool = False
    with_normals: bool = True


TUNINGS = {
    "fixed": Tuning(label="decoder fixed", color="blue", marker="o"),
    "free": Tuning(label="all free", color="orange", marker="s", decoder=True),
    "decoder": Tuning(
        label="encoder fixed", color="green", marker="^", encoder=False, decoder=True
    ),
    "depth_only": Tuning(
        label="decoder fixed, depth loss alone",
        color="sky",
        marker="v",
        line="--",
        with_normals=False,
    ),
}

# Which sketches fine-tuning sees, and in which ways it is tried there.
TUNED = {
    "predicted": ("fixed", "free", "decoder", "depth_only"),
    "shifted": ("fixed", "free"),
    "true": ("fixed", "free"),
    "other": ("fixed",),
}

# What needs no network, or a network that is given something else: labels of rows.
YARDSTICKS = {
    "true_sketches": "shape network on true sketches",
    "other_image": "MarrNet on sketches of another image",
    "true_silhouette": "predicted surface, true silhouette",
    "true_surface": "true surface, predicted silhouette",
    "shell": "shell behind the predicted depth",
    "shell_true": "shell behind the true depth",
    "nearest": "nearest training shape",
    "nearest_true": "nearest training shape, true depth",
    "mean_grid": "mean training grid",
    "category_mean": "mean training grid of the category",
    "solid": "everything behind the true depth",
    "surface": "true surface alone",
    "extruded": "true silhouette extruded",
}
