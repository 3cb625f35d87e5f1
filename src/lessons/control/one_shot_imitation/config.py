"""Configurations of the `one_shot_imitation` lesson."""

import dataclasses

from lessons.control.one_shot_imitation import variants
from lessons.control.one_shot_imitation.variants import VARIANTS
from lessons.toolkit.config import RunConfig, setting
from lessons.toolkit.errors import UserError


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(RunConfig):
    """Settings of one run.

    Policies of kind "stack" are trained on tasks of `stages[0]` stages with
    `blocks[0]` blocks, then the same weights on those of `stages[1]`, and so on; each
    time they are judged on tasks that were held back.
    """

    variants: tuple[str, ...] = setting(
        variants.STACKING, "policies to compare", choices=tuple(VARIANTS)
    )
    epochs: int = setting(32, "passes over the pairs of particles", minimum=1)
    batch_size: int = setting(16, "demonstrations per step, blocks", minimum=1)
    stages: tuple[int, ...] = setting(
        (1, 2), "stages of the tasks, in the order of training", minimum=1
    )
    blocks: tuple[int, ...] = setting(
        (3, 4), "blocks of the tasks, in the order of training", minimum=2
    )
    stack_epochs: tuple[int, ...] = setting(
        (8, 6), "passes over the pairs of each number of stages", minimum=1
    )
    pairs: int = setting(2400, "pairs of demonstrations, blocks", minimum=2)
    states: int = setting(8, "states drawn from the second of a pair", minimum=1)
    train_part: float = setting(
        0.7, "share of the tasks to train on", above=0, maximum=1
    )
    dropout: float = setting(
        0.8, "probability that a frame is dropped", minimum=0, maximum=1
    )
    frames: int = setting(6, "frames kept at most for each stage", minimum=1)
    demonstration_noise: float = setting(
        0.1, "noise of demonstrations, greatest moves", minimum=0
    )
    noise: float = setting(0.15, "noise of targets, greatest moves", minimum=0)
    learning_rate: float = setting(0.012, "first rate of Adamax, blocks", above=0)
    units: int = setting(32, "size of embeddings", minimum=1)
    dilations: tuple[int, ...] = setting(
        (1,), "dilations of the convolutions over time", minimum=1
    )
    context_steps: int = setting(1, "steps of the context network's LSTM", minimum=1)
    heads: int = setting(1, "queries of each block", minimum=1)
    start: str = setting(
        "state",
        "what the context network asks with at first",
        choices=("zero", "state"),
    )
    hidden: tuple[int, ...] = setting(
        (64, 64), "layers of the manipulation network", minimum=1
    )
    slack: int = setting(4, "steps per stage that policies have above 26", minimum=0)
    num_tests: int = setting(200, "worlds to judge in", minimum=2)
    clone_pairs: int = setting(60, "pairs of a clone with few of them", minimum=1)
    clone_epochs: int = setting(6, "passes of clones over their examples", minimum=1)
    landmarks: int = setting(4, "landmarks of particles", minimum=2)
    reach_pairs: int = setting(3200, "pairs of demonstrations, particles", minimum=2)
    reach_batch: int = setting(64, "demonstrations per step, particles", minimum=1)
    reach_frames: int = setting(
        10, "frames kept of a particle's 30", minimum=1, maximum=30
    )
    reach_units: int = setting(
        0, "size of the reader of particles; 0 for the variant's own", minimum=0
    )
    reach_rate: float = setting(
        0.0, "rate of Adamax for particles; 0 for the variant's own", minimum=0
    )
    reach_hidden: int = setting(64, "layer that gives the push", minimum=1)
    reach_noise: float = setting(0.3, "noise of the particles' expert", minimum=0)
    looks: tuple[int, ...] = setting(
        (2, 4, 8, 16, 32), "epochs at which particles are judged", minimum=1
    )

    def __post_init__(self):
        super().__post_init__()
        lengths = {len(self.stages), len(self.blocks), len(self.stack_epochs)}
        if len(lengths) != 1 or not self.stages:
            raise UserError(
                "stages, blocks and stack_epochs must have as many entries, at least "
                f"one, got {self.stages}, {self.blocks} and {self.stack_epochs}."
            )
        for stages, blocks in zip(self.stages, self.blocks, strict=True):
            if stages >= blocks or blocks > 10:
                raise UserError(
                    "blocks must be more than stages and at most 10, got "
                    f"{blocks} blocks for {stages} stages."
                )


_LAPTOP = Config(preset="laptop")

PRESETS = {
    "smoke": Config(
        preset="smoke",
        variants=("reach_attention", "full"),
        epochs=2,
        batch_size=4,
        stages=(1,),
        blocks=(3,),
        stack_epochs=(1,),
        pairs=10,
        states=3,
        frames=4,
        units=6,
        hidden=(8,),
        num_tests=6,
        clone_pairs=3,
        clone_epochs=1,
        reach_pairs=10,
        reach_batch=4,
        reach_frames=4,
        reach_units=6,
        reach_hidden=6,
        looks=(1, 2),
    ),
    "laptop": _LAPTOP,
    # Particles: three architectures of equally many weights.
    "laptop_particles": dataclasses.replace(
        _LAPTOP, preset="laptop_particles", variants=variants.REACHING
    ),
    "laptop_particles_slow": dataclasses.replace(
        _LAPTOP,
        preset="laptop_particles_slow",
        variants=variants.REACHING,
        reach_rate=5e-3,
    ),
    # One stage, few pairs of demonstrations: noise against DAGGER.
    "laptop_cloning": dataclasses.replace(
        _LAPTOP,
        preset="laptop_cloning",
        variants=variants.CLONING,
        stages=(1,),
        blocks=(3,),
        stack_epochs=(1,),
    ),
    "laptop_snapshot": dataclasses.replace(
        _LAPTOP, preset="laptop_snapshot", variants=("snapshot",)
    ),
    # One stage with twice the steps: who is only not finished?
    "laptop_long": dataclasses.replace(
        _LAPTOP,
        preset="laptop_long",
        variants=("full", "final"),
        stages=(1,),
        blocks=(3,),
        stack_epochs=(16,),
    ),
    # One stage as in "laptop", with targets without noise: does it make policies hover?
    "laptop_quiet": dataclasses.replace(
        _LAPTOP,
        preset="laptop_quiet",
        variants=("full",),
        stages=(1,),
        blocks=(3,),
        stack_epochs=(8,),
        noise=0.0,
    ),
    # Two stages from the first step, with all of the steps.
    "laptop_scratch": dataclasses.replace(
        _LAPTOP,
        preset="laptop_scratch",
        variants=("full",),
        stages=(2,),
        blocks=(4,),
        stack_epochs=(14,),
    ),
    # Three to ten blocks, one to eight stages; the paper's networks. Cloning alone, in
    # a curriculum of sizes; the paper mixes 140 tasks of 1,000 demonstrations, and
    # also has DAGGER, ensembles at test and weight normalisation. Towers of nine are
    # above the gripper's reach: with ten blocks the expert fails at these.
    "paper": Config(
        preset="paper",
        variants=("full", "snapshot", "final"),
        stages=(1, 2, 4, 5, 6, 7, 8),
        blocks=(3, 4, 6, 7, 8, 9, 10),
        stack_epochs=(20,) * 7,
        pairs=20_000,
        batch_size=64,
        states=16,
        dropout=0.95,
        frames=5,
        learning_rate=1e-3,
        units=64,
        dilations=(1, 2, 4, 8),
        context_steps=4,
        heads=2,
        start="zero",
        hidden=(256, 256),
        num_tests=100,
    ),
    "paper_particles": Config(
        preset="paper_particles",
        variants=variants.REACHING,
        landmarks=10,
        epochs=1000,
        looks=(10, 100, 1000),
        reach_pairs=10_000,
        reach_frames=30,
        reach_units=512,
    ),
}
