"""The one table of contents.

The README's table, the website, the command line and the contract tests iterate over
`LESSONS`; the order is the teaching order. A lesson's slug names its package, its
notebook, its exercise and its tests.
"""

import dataclasses
import importlib
import pathlib

from lessons.toolkit.errors import unknown

UNITS = {
    "foundations": "Foundations",
    "autoencoders": "Autoencoders",
    "adversarial": "Adversarial models",
    "sequences": "Sequences",
    "memory": "Memory",
    "language": "Language",
    "vision": "Vision",
    "efficiency": "Efficiency",
    "control": "Causality and control",
}


@dataclasses.dataclass(frozen=True)
class Lesson:
    """One row of the catalog.

    Attributes:
        unit: key of `UNITS`.
        slug: the lesson's name everywhere.
        title: title shown to readers.
        paper: authors, year and identifier of the source.
        prerequisites: slugs of the lessons to read before this one.
    """

    unit: str
    slug: str
    title: str
    paper: str
    prerequisites: tuple[str, ...] = ()

    @property
    def package(self):
        """Dotted name of the lesson's package."""
        return f"lessons.{self.unit}.{self.slug}"

    @property
    def notebook(self):
        """Path of the stored notebook, from the root of a checkout."""
        return f"notebooks/{self.unit}/{self.slug}.ipynb"

    @property
    def exercise(self):
        """Path of the exercise's text source, from the root of a checkout."""
        return f"course/exercises/{self.slug}.py"

    @property
    def folder(self):
        """Folder of the lesson's package, known without importing it."""
        return pathlib.Path(__file__).parent / self.unit / self.slug

    @property
    def ready(self):
        """Whether the lesson's package exists; the others are planned."""
        return (self.folder / "experiment.py").is_file()

    def module(self, name):
        """Import one module of the lesson's package, such as "config"."""
        return importlib.import_module(f"{self.package}.{name}")


@dataclasses.dataclass(frozen=True)
class Tour:
    """The notebook that comes before all lessons; not one of them."""

    slug: str = "start_here"
    notebook: str = "notebooks/start_here.ipynb"


START_HERE = Tour()


def _unit(unit, *rows):
    return tuple(Lesson(unit, *row) for row in rows)


LESSONS = (
    *_unit(
        "foundations",
        (
            "convnet_baseline",
            "Cats, dogs and the convolutional baseline",
            "IFT6266 course projects, 2015",
        ),
        (
            "self_normalizing",
            "Self-normalizing neural networks",
            "Klambauer et al. 2017, arXiv:1706.02515",
        ),
        (
            "amsgrad",
            "On the convergence of Adam and beyond",
            "Reddi, Kale & Kumar 2018, arXiv:1904.09237",
        ),
        (
            "lstm",
            "Long short-term memory",
            "Hochreiter & Schmidhuber 1997; Graves 2013, arXiv:1308.0850",
        ),
        (
            "stimulated_learning",
            "Stimulated learning: hidden layers on a grid",
            "Tan, Sim & Gales 2015, ASRU",
            ("convnet_baseline",),
        ),
    ),
    *_unit(
        "autoencoders",
        (
            "vae",
            "Variational autoencoders and their bounds",
            "Kingma & Welling 2013, arXiv:1312.6114",
        ),
        (
            "semi_supervised_vae",
            "Semi-supervised learning with deep generative models",
            "Kingma et al. 2014, arXiv:1406.5298",
            ("vae",),
        ),
        (
            "hierarchical_vae",
            "Hierarchical conditional VAE for inpainting",
            "Gulrajani et al. 2016, arXiv:1611.05013",
            ("vae",),
        ),
        (
            "wasserstein_autoencoder",
            "Wasserstein auto-encoders",
            "Tolstikhin et al. 2018, arXiv:1711.01558",
            ("vae",),
        ),
    ),
    *_unit(
        "adversarial",
        (
            "ot_gan",
            "Improving GANs using optimal transport",
            "Salimans et al. 2018, arXiv:1803.05573",
        ),
        (
            "spectral_normalization",
            "Spectral normalization for GANs",
            "Miyato et al. 2018, arXiv:1802.05957",
            ("ot_gan",),
        ),
        (
            "ambient_gan",
            "AmbientGAN: generative models from lossy measurements",
            "Bora, Price & Dimakis 2018, ICLR",
            ("ot_gan",),
        ),
    ),
    *_unit(
        "sequences",
        (
            "waveform_rnn",
            "Generating a speech waveform with an RNN",
            "IFT6266 course project, 2014; Bengio et al. 2015, arXiv:1506.03099",
            ("lstm",),
        ),
        (
            "vrnn",
            "A recurrent latent variable model",
            "Chung et al. 2015, arXiv:1506.02216",
            ("vae", "lstm"),
        ),
        (
            "draw",
            "DRAW: a recurrent network for image generation",
            "Gregor et al. 2015, arXiv:1502.04623",
            ("vae", "lstm"),
        ),
        (
            "sketch_rnn",
            "A neural representation of sketch drawings",
            "Ha & Eck 2018, arXiv:1704.03477",
            ("vae", "lstm"),
        ),
        (
            "wavenet_autoencoder",
            "Neural audio synthesis with WaveNet autoencoders",
            "Engel et al. 2017, arXiv:1704.01279",
            ("waveform_rnn",),
        ),
        (
            "tensorized_lstm",
            "Tensorized LSTMs for sequence learning",
            "He et al. 2017, arXiv:1711.01577",
            ("lstm",),
        ),
    ),
    *_unit(
        "memory",
        (
            "neural_turing_machine",
            "Neural Turing machines",
            "Graves, Wayne & Danihelka 2014, arXiv:1410.5401",
            ("lstm",),
        ),
        (
            "neural_stack",
            "Learning to transduce with unbounded memory",
            "Grefenstette et al. 2015, arXiv:1506.02516",
            ("lstm",),
        ),
        (
            "variable_depth",
            "Variable-depth networks with output gates",
            "Tan & Sim 2016, ICASSP",
        ),
    ),
    *_unit(
        "language",
        (
            "noisy_translation",
            "Synthetic and natural noise both break neural machine translation",
            "Belinkov & Bisk 2018, arXiv:1711.02173",
            ("lstm",),
        ),
        (
            "word_translation",
            "Word translation without parallel data",
            "Conneau et al. 2018, arXiv:1710.04087",
        ),
    ),
    *_unit(
        "vision",
        (
            "capsules",
            "Dynamic routing between capsules",
            "Sabour, Frosst & Hinton 2017, arXiv:1710.09829",
            ("convnet_baseline",),
        ),
        (
            "crowding",
            "Do deep neural networks suffer from crowding?",
            "Volokitin, Roig & Poggio 2017, arXiv:1706.08616",
            ("convnet_baseline",),
        ),
        (
            "mask_rnn",
            "MaskRNN: instance-level video object segmentation",
            "Hu, Huang & Schwing 2017, arXiv:1803.11187",
            ("convnet_baseline",),
        ),
        (
            "marrnet",
            "MarrNet: 3-D shape through 2.5-D sketches",
            "Wu et al. 2017, arXiv:1711.03129",
            ("convnet_baseline",),
        ),
        (
            "image_motion",
            "Understanding image motion with group representations",
            "Jaegle et al. 2018, arXiv:1612.00472",
            ("convnet_baseline", "lstm"),
        ),
    ),
    *_unit(
        "efficiency",
        (
            "wage",
            "Training and inference with integers",
            "Wu et al. 2018, arXiv:1802.04680",
            ("convnet_baseline",),
        ),
        (
            "channel_pruning",
            "Rethinking the smaller-norm-less-informative assumption",
            "Ye et al. 2018, arXiv:1802.00124",
            ("convnet_baseline",),
        ),
        (
            "msdnet",
            "Multi-scale dense networks",
            "Huang et al. 2018, arXiv:1703.09844",
            ("convnet_baseline",),
        ),
    ),
    *_unit(
        "control",
        (
            "implicit_causal_model",
            "Implicit causal models for genome-wide association",
            "Tran & Blei 2018, arXiv:1710.10742",
            ("vae",),
        ),
        (
            "meta_learning",
            "Continuous adaptation via meta-learning",
            "Al-Shedivat et al. 2018, arXiv:1710.03641",
        ),
        (
            "one_shot_imitation",
            "One-shot imitation learning",
            "Duan et al. 2017, arXiv:1703.07326",
            ("lstm",),
        ),
    ),
)

_BY_SLUG = {lesson.slug: lesson for lesson in LESSONS}


def ready():
    """The lessons whose package exists, in teaching order."""
    return tuple(lesson for lesson in LESSONS if lesson.ready)


def row(slug):
    """The row of a slug, written or planned; another one is a `KeyError`."""
    return _BY_SLUG[slug]


def find(slug):
    """The lesson called `slug`.

    Raises:
        lessons.toolkit.errors.UserError: there is no such lesson, or it is planned.
    """
    available = [lesson.slug for lesson in ready()]
    if slug not in _BY_SLUG:
        raise unknown("lesson", slug, available)
    lesson = row(slug)
    if not lesson.ready:
        raise unknown("lesson", slug, available, note="It is planned, not written yet.")
    return lesson
