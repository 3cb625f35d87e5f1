"""Configurations of the `mask_rnn` lesson."""

import dataclasses

from lessons.toolkit.config import RunConfig, setting
from lessons.toolkit.errors import UserError
from lessons.vision.mask_rnn.variants import VARIANTS

MAIN = ("rgb", "mask", "full", "foreign", "static", "detached", "bptt", "mask_bptt")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(RunConfig):
    """Settings of one run; it trains a network per entry of `variants`."""

    source: str = setting("shapes", "videos to segment", choices=("shapes", "davis"))
    data_path: str | None = setting(None, "folder of DAVIS-2017")
    num_train: int = setting(120, "training videos", minimum=2)
    num_test: int = setting(60, "test videos", minimum=2)
    num_frames: int = setting(8, "frames of a video, T", minimum=3)
    height: int = setting(32, "rows of a frame in pixels", minimum=16)
    width: int = setting(32, "columns of a frame in pixels", minimum=16)
    num_objects: int = setting(2, "objects of a video, N", minimum=1, maximum=3)
    radius: tuple[float, ...] = setting(
        (4.5, 6.5), "least and greatest radius of a shape in pixels", minimum=2
    )
    speed: tuple[float, ...] = setting(
        (0.8, 1.8), "least and greatest pixels per frame of a shape", minimum=0
    )
    spin: float = setting(0.15, "most radians per frame of a shape", minimum=0)
    drift: float = setting(1.2, "most pixels per frame of the background", minimum=0)
    jitter: float = setting(0.4, "deviation of the camera's shaking, px", minimum=0)
    noise: float = setting(0.02, "deviation of the noise of pixels", minimum=0)
    flow: str = setting(
        "exact", "where flow comes from", choices=("exact", "tvl1", "ilk")
    )
    filters: tuple[int, ...] = setting((12, 24, 32), "filters by stage", minimum=1)
    depths: tuple[int, ...] = setting(
        (1, 1, 1), "convolutions of 3x3 by stage", minimum=1
    )
    first_side: int = setting(0, "first stage with a side output", minimum=0)
    side: int = setting(8, "channels of a side output", minimum=1)
    num_samples: int = setting(960, "static training samples", minimum=2)
    rotation: float = setting(0.15, "deviation of a mask's rotation, radians")
    scale: float = setting(0.12, "deviation of a mask's scale", minimum=0)
    shift: float = setting(1.5, "deviation of a mask's shift in pixels", minimum=0)
    ghosts: float = setting(
        0.5, "share of masks that are joined with a shifted copy", minimum=0, maximum=1
    )
    learning_rate: float = setting(4e-3, "first rate of Adam, falls as a cosine")
    balanced: bool = setting(False, "whether the loss weighs both classes alike")
    num_clips: int = setting(480, "clips for further training", minimum=2)
    unroll: int = setting(4, "predicted frames of a clip, K", minimum=1)
    clip_batch: int = setting(4, "clips per step of further training", minimum=1)
    further_rate: float = setting(1e-3, "first rate of further training", above=0)
    box_epochs: int = setting(4, "passes that train the localiser", minimum=1)
    box_units: tuple[int, ...] = setting((64, 64), "units of the localiser", minimum=1)
    bins: int = setting(5, "side of the pooled region of interest", minimum=1)
    num_online: int = setting(12, "test videos with fine-tuning", minimum=1)
    online_steps: int = setting(40, "steps of fine-tuning on a first frame", minimum=1)
    online_rate: float = setting(1e-3, "first rate of fine-tuning", above=0)
    online_batch: int = setting(8, "augmented first frames per step", minimum=1)
    trials: bool = setting(True, "whether controls and boxes are tried")
    variants: tuple[str, ...] = setting(
        MAIN, "networks to train and compare", choices=tuple(VARIANTS)
    )
    online: tuple[str, ...] = setting(
        (), "variants to fine-tune on first frames", choices=tuple(VARIANTS)
    )

    def __post_init__(self):
        super().__post_init__()
        for name in ("radius", "speed"):
            pair = getattr(self, name)
            if len(pair) != 2 or pair[0] > pair[1]:
                raise UserError(
                    f"{name} must be the least and the greatest, got {pair}."
                )
        if 4 * self.radius[1] > min(self.height, self.width):
            raise UserError(
                f"radius={self.radius} is too large for frames of {self.height}x"
                f"{self.width}. Allowed: a quarter of the smaller side at most."
            )
        if not self.filters or len(self.filters) != len(self.depths):
            raise UserError(
                "filters and depths must have one entry for each stage, got "
                f"{self.filters} and {self.depths}."
            )
        if self.first_side >= len(self.filters):
            raise UserError(
                f"first_side must be below {len(self.filters)}, the number of stages, "
                f"got {self.first_side}."
            )
        if self.unroll >= self.num_frames:
            raise UserError(
                f"unroll must be below num_frames={self.num_frames}, got {self.unroll}."
            )
        for name in self.variants + self.online if self.variants else ():
            start = VARIANTS[name].start
            if start and start not in self.variants:
                raise UserError(
                    f"variant {name!r} begins with {start!r}, which must be among the "
                    f"variants, got {self.variants}."
                )
            if name in self.online and VARIANTS[name].flow == "foreign":
                raise UserError(
                    "online must name variants that see their own flow: a first frame "
                    f"alone has no foreign one, got {name!r}."
                )
            if name in self.online and name not in self.variants:
                raise UserError(
                    f"online must name entries of variants={self.variants}, got "
                    f"{name!r}."
                )

    @property
    def main(self):
        """The variant that boxes and controls are tried on: the last of its kind."""
        names = [name for name in ("bptt", "full") if name in self.variants]
        return (*names, self.variants[-1])[0]

    @property
    def tolerance(self):
        """Pixels by which a boundary may be off: 0.008 of the diagonal, rounded up."""
        return int(-(-0.008 * (self.height**2 + self.width**2) ** 0.5 // 1))


_LAPTOP = Config(preset="laptop", epochs=4, batch_size=16, online=("rgb", "bptt"))
_SIDE = dataclasses.replace(
    _LAPTOP,
    variants=("mask", "full", "foreign", "static", "detached", "bptt"),
    online=(),
    trials=False,
)
# All arrays of a run are in memory: here about 40 GB, most of them clips.
_PAPER = Config(
    preset="paper",
    source="davis",
    num_train=60,
    num_test=30,
    num_frames=8,
    height=480,
    width=854,
    num_objects=3,
    flow="tvl1",
    filters=(64, 128, 256, 512, 512),
    depths=(2, 2, 3, 3, 3),
    first_side=1,
    side=16,
    num_samples=1200,
    shift=20.0,
    epochs=20,
    batch_size=4,
    learning_rate=1e-4,
    balanced=True,
    num_clips=240,
    unroll=7,
    clip_batch=1,
    further_rate=1e-5,
    box_units=(4096, 4096),
    bins=7,
    num_online=30,
    online_steps=200,
    online_rate=1e-5,
    online_batch=1,
    variants=("full", "bptt"),
    online=("bptt",),
)

PRESETS = {
    "smoke": Config(
        preset="smoke",
        num_train=8,
        num_test=4,
        num_frames=4,
        height=16,
        width=20,
        radius=(2.5, 3.5),
        filters=(4, 6),
        depths=(1, 1),
        side=3,
        num_samples=32,
        batch_size=8,
        num_clips=8,
        unroll=2,
        box_units=(8,),
        box_epochs=1,
        bins=2,
        num_online=2,
        online_steps=2,
        online_batch=2,
        variants=("full", "bptt"),
        online=("full",),
    ),
    "laptop": _LAPTOP,
    # A camera that does not move: whatever has flow is an object.
    "still": dataclasses.replace(_SIDE, preset="still", drift=0.0, jitter=0.0),
    # Static training whose masks are never joined with a shifted copy.
    "no_ghosts": dataclasses.replace(_SIDE, preset="no_ghosts", ghosts=0.0),
    # What else clips change: masks warped by real flow, and a second stream.
    "rivals": dataclasses.replace(
        _SIDE,
        preset="rivals",
        variants=("full", "warped", "foreign", "foreign_bptt"),
    ),
    # Flow that is estimated from the frames, in place of the exact one.
    "estimated": dataclasses.replace(_SIDE, preset="estimated", flow="tvl1"),
    # Four times the steps of both trainings.
    "long": dataclasses.replace(
        _SIDE,
        preset="long",
        epochs=4 * _LAPTOP.epochs,
        num_clips=4 * _LAPTOP.num_clips,
        variants=("mask", "full", "static", "detached", "bptt"),
    ),
    "paper": _PAPER,
}
