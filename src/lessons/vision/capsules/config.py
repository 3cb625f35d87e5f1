"""Configurations of the `capsules` lesson."""

import dataclasses

from lessons.toolkit.config import ImageConfig, setting
from lessons.vision.capsules.variants import VARIANTS

TASKS = ("pairs", "single", "affnist")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(ImageConfig):
    """Settings of one run.

    A run trains every entry of `variants` on every entry of `tasks`, CapsNets once per
    entry of `iterations`.
    """

    # Data
    source: str = setting("digits", "data set", choices=("digits", "mnist"))
    num_train: int | None = setting(
        1300, "training digits to use; none means the data set's own size", minimum=1
    )
    affnist_path: str | None = setting(None, "affNIST's test.mat, for the task affnist")
    tasks: tuple[str, ...] = setting(
        ("pairs", "single"),
        "pairs: two overlapping digits; single: one; affnist: one, placed at random",
        choices=TASKS,
    )
    canvas: int = setting(12, "height and width of the image, in pixels", minimum=1)
    shift: int = setting(
        1, "largest shift of a single digit on each axis, in pixels", minimum=0
    )
    pair_shift: int = setting(
        2, "largest shift of a digit of a pair on each axis, in pixels", minimum=0
    )
    single_repeats: int = setting(
        4, "how often each single digit is shown per epoch, newly shifted", minimum=1
    )
    num_pairs: int = setting(6000, "number of training pairs", minimum=1)
    num_test_pairs: int = setting(800, "number of test pairs", minimum=1)
    # Networks
    variants: tuple[str, ...] = setting(
        ("capsnet", "cnn"), "networks to train and compare", choices=tuple(VARIANTS)
    )
    iterations: tuple[int, ...] = setting(
        (3, 1), "iterations of routing; each trains a CapsNet of its own", minimum=1
    )
    filters: int = setting(48, "channels of the first convolution", minimum=1)
    kernel_size: int = setting(5, "kernel of the first convolution", minimum=1)
    primary_types: int = setting(6, "kinds of primary capsules", minimum=1)
    primary_dim: int = setting(8, "components of a primary capsule", minimum=1)
    primary_kernel: int = setting(5, "kernel of the primary capsules", minimum=1)
    primary_stride: int = setting(2, "stride of the primary capsules", minimum=1)
    class_dim: int = setting(8, "components of a class capsule", minimum=1)
    decoder_units: tuple[int, ...] = setting(
        (96, 192), "widths of the decoder's hidden layers", minimum=1
    )
    weight_scale: float = setting(
        0.4, "standard deviation of the vote matrices at the start", above=0
    )
    official_init: bool = setting(
        False, "start weights and biases like the official code"
    )
    detach: bool = setting(False, "no gradient through the couplings")
    use_bias: bool = setting(False, "a bias on s, as in the official code")
    learn_priors: bool = setting(False, "train the logits that routing starts from")
    orphan: bool = setting(False, "parts may couple to none of the classes")
    jit_routing: bool = setting(
        False, "XLA for the routing alone (speed only; pays from some 2000 steps)"
    )
    cnn: str = setting(
        "laptop", "layers of the CNN", choices=("laptop", "mnist", "multimnist")
    )
    # Objective and training
    reconstruction_weight: float = setting(
        0.002, "weight of the squared error summed over pixels", above=0
    )
    learning_rate: float = setting(1e-2, "Adam's rate for CapsNet", above=0)
    cnn_learning_rate: float = setting(6e-3, "Adam's rate for the CNN", above=0)
    decay: float = setting(
        0.3, "factor of the rate's smooth decay over decay_epochs", above=0, maximum=1
    )
    decay_epochs: float = setting(
        5.0, "epochs over which the rate decays by the factor decay", above=0
    )


_PAPER = Config(
    preset="paper",
    source="mnist",
    num_train=None,
    tasks=("single",),
    variants=("capsnet", "capsnet_plain", "cnn"),
    canvas=28,
    shift=2,
    pair_shift=4,
    single_repeats=1,
    num_pairs=60_000,  # with new shifts at each epoch; the paper fixes 60 million
    num_test_pairs=10_000,
    filters=256,
    kernel_size=9,
    primary_types=32,
    primary_kernel=9,
    class_dim=16,
    decoder_units=(512, 1024),
    weight_scale=0.1,
    official_init=True,
    jit_routing=True,
    cnn="mnist",
    reconstruction_weight=0.0005,
    learning_rate=1e-3,
    cnn_learning_rate=1e-3,
    decay=0.9,  # not in the paper; that of the best-known Keras code
    decay_epochs=1.0,
    batch_size=128,
    epochs=50,
)

PRESETS = {
    "smoke": Config(
        preset="smoke",
        num_train=60,
        num_pairs=40,
        num_test_pairs=20,
        single_repeats=1,
        filters=6,
        primary_types=2,
        decoder_units=(8,),
        batch_size=16,
        epochs=2,
    ),
    "laptop": Config(preset="laptop", epochs=10, batch_size=64),
    "laptop_ablation": Config(
        preset="laptop_ablation",
        epochs=10,
        batch_size=64,
        tasks=("pairs",),
        variants=("capsnet", "capsnet_plain"),
        iterations=(1, 2, 3, 5),
    ),
    "laptop_weights": Config(  # does the gain of routing hang on the first weights?
        preset="laptop_weights",
        epochs=10,
        batch_size=64,
        tasks=("pairs",),
        variants=("capsnet",),
        weight_scale=0.8,
    ),
    "laptop_cnn": Config(  # about as many seconds as "laptop" gives CapsNet
        preset="laptop_cnn",
        epochs=20,
        decay_epochs=10.0,
        batch_size=64,
        variants=("cnn",),
    ),
    "paper": _PAPER,
    "paper_multimnist": dataclasses.replace(
        _PAPER,
        preset="paper_multimnist",
        tasks=("pairs",),
        variants=("capsnet", "cnn"),
        canvas=36,
        cnn="multimnist",
        decay_epochs=10.0,
    ),
    "paper_affnist": dataclasses.replace(
        _PAPER,
        preset="paper_affnist",
        tasks=("affnist",),
        variants=("capsnet", "cnn"),
        iterations=(3,),
        canvas=40,
        shift=6,
    ),
}
