"""Papers beyond the lessons, and the lessons that prepare a reader for each.

They belong to the same course of reading and have no lesson of their own. The website
lists them on a page, `lessons show` those that a lesson leads to.
"""

import dataclasses

from lessons import catalog


@dataclasses.dataclass(frozen=True)
class Paper:
    """A paper to read after some lessons.

    Attributes:
        title: the paper's title.
        source: authors, year and identifier or conference.
        lessons: slugs of the lessons that prepare for it, in teaching order.
        known: what a reader brings from those lessons.
        new: what the paper adds.
    """

    title: str
    source: str
    lessons: tuple[str, ...]
    known: str
    new: str


PAPERS = (
    Paper(
        "Snapshot ensembles: train 1, get M for free",
        "Huang et al. 2017, arXiv:1704.00109",
        ("convnet_baseline", "amsgrad"),
        "How a convolutional classifier is trained and how sure its accuracy is; what "
        "a learning rate that falls is for.",
        "A rate that falls along a cosine and starts again, several times in one "
        "training; the networks at the ends of the cycles vote.",
    ),
    Paper(
        "Don't decay the learning rate, increase the batch size",
        "Smith et al. 2018, arXiv:1711.00489",
        ("convnet_baseline", "amsgrad"),
        "Momentum, decaying steps, and why the noise of a gradient does not let a "
        "constant step settle.",
        "The scale of that noise is about the rate times the number of examples over "
        "the batch size, so a growing batch replaces a falling rate.",
    ),
    Paper(
        "Wavelet pooling for convolutional networks",
        "Williams & Li 2018, ICLR",
        ("convnet_baseline", "crowding"),
        "What pooling keeps of an image and what it mixes up.",
        "Pooling as the second level of a wavelet transform. For Haar's wavelet it is "
        "mean pooling up to a factor, which a reader can prove.",
    ),
    Paper(
        "Gated recurrent convolution neural network for OCR",
        "Wang & Hu 2017, NIPS",
        ("convnet_baseline", "lstm"),
        "Convolution, gates, recurrence in both directions.",
        "A convolution that is applied again and again, with a gate that decides how "
        "far the receptive field grows; words are read with the CTC loss.",
    ),
    Paper(
        "Predicting floor level for 911 calls with neural networks and smartphone "
        "sensor data",
        "Falcon & Schulzrinne 2018, arXiv:1710.11122",
        ("lstm",),
        "An LSTM that labels each step of a sequence.",
        "A whole system around it: where the label changes somebody enters a building, "
        "and the pressure since then gives the floor.",
    ),
    Paper(
        "Wasserstein GAN",
        "Arjovsky, Chintala & Bottou 2017, arXiv:1701.07875",
        ("wasserstein_autoencoder", "ot_gan"),
        "Optimal transport, its duality, and a critic that learns.",
        "The dual of the first Wasserstein distance as the whole loss, with a critic "
        "whose weights are clipped.",
    ),
    Paper(
        "Improved training of Wasserstein GANs",
        "Gulrajani et al. 2017, arXiv:1704.00028",
        ("ot_gan", "spectral_normalization"),
        "Why a critic has to be Lipschitz, and what normalising its weights does.",
        "A penalty on the norm of the critic's gradient between real and generated "
        "examples.",
    ),
    Paper(
        "Progressive growing of GANs for improved quality, stability, and variation",
        "Karras et al. 2018, arXiv:1710.10196",
        ("ot_gan", "spectral_normalization"),
        "Stable adversarial training, and measures of quality that use transport.",
        "Networks that begin at 4×4 pixels and grow while they train, each new block "
        "faded in.",
    ),
    Paper(
        "Toward multimodal image-to-image translation",
        "Zhu et al. 2017, arXiv:1711.11586",
        ("vae", "semi_supervised_vae", "spectral_normalization"),
        "Codes and their bound, a condition beside the code, adversarial losses.",
        "A conditional GAN that keeps its code in use: one half recovers the code from "
        "the image, the other the image from the code.",
    ),
    Paper(
        "Unsupervised machine translation using monolingual corpora only",
        "Lample et al. 2018, arXiv:1711.00043",
        ("noisy_translation", "word_translation"),
        "Encoder, decoder and attention; a dictionary found without parallel text.",
        "One model for both languages, which removes noise, translates back and forth, "
        "and hides the language from a critic.",
    ),
    Paper(
        "Spherical CNNs",
        "Cohen et al. 2018, arXiv:1801.10130",
        ("capsules", "image_motion"),
        "What it means that a network turns its answer when the image turns, and "
        "groups of motions.",
        "Correlation over rotations of the sphere, computed through a Fourier "
        "transform on the group.",
    ),
    Paper(
        "Semi-supervised learning for optical flow with generative adversarial "
        "networks",
        "Lai, Huang & Yang 2017, NIPS",
        ("spectral_normalization", "mask_rnn"),
        "Warping an image along a flow, and a critic that learns.",
        "The critic sees the error that is left after warping, so that flow is learned "
        "from pairs of frames without labels too.",
    ),
    Paper(
        "End-to-end differentiable adversarial imitation learning",
        "Baram et al. 2017, ICML",
        ("vae", "spectral_normalization", "one_shot_imitation"),
        "Gradients through random draws, critics, and the imitation of an expert.",
        "A learned model of the world through which the policy's gradient flows, in "
        "the place of a score-function estimate.",
    ),
    Paper(
        "Thinking fast and slow with deep learning and tree search",
        "Anthony, Tian & Barber 2017, arXiv:1705.08439",
        ("meta_learning", "one_shot_imitation"),
        "Policies, games against oneself, and learning from an expert's moves.",
        "The expert is a tree search that the learner guides, so both improve in turn.",
    ),
    Paper(
        "Imagination-augmented agents for deep reinforcement learning",
        "Racanière et al. 2017, arXiv:1707.06203",
        ("lstm", "meta_learning"),
        "Policy gradients, and a recurrent network as a reader of sequences.",
        "An agent that rolls a learned model of its world forward and learns what to "
        "make of such imagined futures.",
    ),
)


def after(slug):
    """The papers that a lesson prepares for, in the order of `PAPERS`.

    Args:
        slug: the lesson, written or planned.

    Raises:
        KeyError: there is no such lesson.
    """
    catalog.row(slug)
    return tuple(paper for paper in PAPERS if slug in paper.lessons)
