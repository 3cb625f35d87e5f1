"""Configurations of the `image_motion` lesson."""

import dataclasses

from lessons.toolkit.config import RunConfig, setting
from lessons.toolkit.errors import UserError
from lessons.vision.image_motion.variants import VARIANTS

CONTROLS = ("pairs", "frames", "squared", "foreign", "black")
LONG = 5  # times the budget of the laptop, where more training is tried


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(RunConfig):
    """Settings of one run; it trains a network per entry of `variants`."""

    source: str = setting(
        "digits", "what moves", choices=("digits", "mnist", "photos", "kitti")
    )
    data_path: str | None = setting(None, "file of MNIST or folder of KITTI")
    num_train: int = setting(1600, "training clips", minimum=20)
    num_test: int = setting(400, "test clips", minimum=20)
    num_frames: int = setting(5, "frames of a clip, T", minimum=4)
    height: int = setting(24, "rows of a frame in pixels", minimum=8)
    width: int = setting(24, "columns of a frame in pixels", minimum=8)
    rotation: float = setting(25.0, "most degrees per frame", minimum=0, maximum=180)
    shift: float = setting(1.5, "most pixels per frame along an axis", minimum=0)
    start: float = setting(2.0, "most pixels of the first shift", minimum=0)
    spot: float = setting(
        0.0,
        "light of a spot in the middle of a photograph, standard deviations of it",
        minimum=0,
    )
    data_seed: int | None = setting(
        None, "seed of the clips if it is not that of the run", minimum=0
    )
    reflect: float = setting(5.0, "shift at which digits turn back, pixels", above=0)
    magnification: float = setting(1.6, "canvas pixels per pixel of a digit", above=0)
    filters: tuple[int, ...] = setting((16, 32, 48), "filters of 3x3", minimum=1)
    dilations: tuple[int, ...] = setting((), "dilations; none means 1", minimum=1)
    strides: int = setting(2, "stride of each convolution", minimum=1)
    pools: int = setting(0, "first convolutions that a maximum follows", minimum=0)
    normalize: bool = setting(False, "whether convolutions are batch-normalised")
    average: bool = setting(False, "whether features are means over the image")
    features: int = setting(64, "size of the embedding of a pair", minimum=1)
    units: tuple[int, ...] = setting((64,), "units of the LSTM layers", minimum=1)
    margin: float = setting(0.5, "margin of negative pairs, m", above=0, maximum=2)
    learning_rate: float = setting(2e-3, "first rate of Adam, falls as a cosine")
    variants: tuple[str, ...] = setting(
        ("pairs",), "networks to train and compare", choices=tuple(VARIANTS)
    )
    flow: bool = setting(False, "whether optical flow is a baseline, too")
    labels: bool = setting(True, "whether the network is trained on labels as well")

    def __post_init__(self):
        super().__post_init__()
        if not self.filters or not self.units:
            raise UserError(
                "filters and units must name at least one layer, got "
                f"{self.filters} and {self.units}."
            )
        if self.dilations and len(self.dilations) != len(self.filters):
            raise UserError(
                f"dilations must be one for each of {len(self.filters)} convolutions, "
                f"got {self.dilations}. Allowed: none, for 1 everywhere."
            )
        chosen = [VARIANTS[name] for name in self.variants]
        if self.source != "photos" and any(variant.twins for variant in chosen):
            raise UserError(
                f"source {self.source!r} has no twin films. Allowed: photos, or "
                "variants without twins."
            )
        if not self.labels and any(v.start == "labels" for v in chosen):
            raise UserError(
                "a variant that begins with labels needs a network that was trained on "
                "them. Allowed: labels=True, or other variants."
            )


_LAPTOP = Config(preset="laptop", epochs=6, batch_size=32, variants=CONTROLS)
_PAPER = Config(
    preset="paper",
    source="mnist",
    num_train=50_000,
    num_test=5_000,
    num_frames=12,
    height=64,
    width=64,
    rotation=180.0,
    shift=10.0,
    start=10.0,
    reflect=18.0,
    magnification=1.0,
    filters=(32, 32, 64, 64, 128),
    dilations=(1, 1, 2, 4, 8),
    strides=1,
    pools=3,
    normalize=True,
    average=True,
    features=256,
    units=(256, 256),
    epochs=30,
    batch_size=50,
    learning_rate=1e-3,
)


def _motion(name, rotation, shift):
    """The paper's network alone, on digits that move in another way."""
    return dataclasses.replace(
        _LAPTOP, preset=name, rotation=rotation, shift=shift, variants=("pairs",)
    )


_CAMERA = dataclasses.replace(
    _LAPTOP,
    preset="camera",
    source="photos",
    rotation=6.0,
    start=4.0,
    variants=("pairs", "foreign", "fresh", "ramps"),
    flow=True,
)


def _spot(name, light):
    """A camera over photographs on which a spot shows where one is."""
    return dataclasses.replace(
        _CAMERA, preset=name, spot=light, variants=("pairs",), flow=False, labels=False
    )


PRESETS = {
    "smoke": Config(
        preset="smoke",
        num_train=48,
        num_test=24,
        height=12,
        width=12,
        magnification=0.9,
        filters=(4, 6),
        features=8,
        units=(8,),
        epochs=2,
        batch_size=16,
        variants=("pairs", "frames"),
        flow=True,
    ),
    "laptop": _LAPTOP,
    # What becomes of rotation where nothing else moves, and where little else does.
    "turning": _motion("turning", 25.0, 0.0),
    "mostly_turning": _motion("mostly_turning", 25.0, 0.3),
    # The whole image moves, as before a camera: windows of photographs.
    "camera": _CAMERA,
    # What would follow if one image told the pose: a spot on the photograph.
    "spot_faint": _spot("spot_faint", 1.0),
    "spot": _spot("spot", 2.0),
    "spot_bright": _spot("spot_bright", 4.0),
    # Whether the budget explains it, or the first weights, or shared images.
    "camera_long": dataclasses.replace(
        _CAMERA,
        preset="camera_long",
        epochs=LONG * _CAMERA.epochs,
        variants=("pairs", "fresh", "twins", "told", "told_twins"),
        flow=False,
    ),
    "paper": _PAPER,
    "paper_kitti": dataclasses.replace(
        _PAPER,
        preset="paper_kitti",
        source="kitti",
        num_frames=5,
        height=48,
        width=128,
        batch_size=25,
        flow=True,
    ),
}
