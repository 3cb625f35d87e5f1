"""What can be read from codes of clips, and codes that need no training.

A code is a row of numbers for each clip, whatever made it: a network, the pixels of the
first and the last frame, or optical flow.
"""

import numpy as np
from scipy import linalg
from scipy.spatial import distance
from sklearn.decomposition import PCA
from sklearn.linear_model import RidgeCV
from sklearn.neighbors import KNeighborsRegressor, NearestNeighbors

PENALTIES = np.logspace(-3, 5, 17)
WIDTHS = 0.25, 0.5, 1.0, 2.0  # of the Gaussian kernel, medians of the distances
KERNEL_PENALTIES = np.logspace(-4, 1, 6)
NEIGHBOURS = 10  # that guess the speed
FLOW_CELLS, FLOW_PARTS = 8, 64  # side of the grid that flow is averaged on; of its PCA
FLOW_RADIUS = 5  # of the window in which a flow is taken to be constant, pixels


def linear(train, targets, test, truth):
    r"""$R^2$ of a ridge regression on unseen clips, for each target.

    The codes are centred and divided by one number, so that their scale does not count;
    the penalty is chosen for each target by leaving one training clip out. 0 is what
    the mean of the training targets gets (chance), 1 is exact.

    Args:
        train, targets: codes and targets of the clips to fit, (n, z) and (n, k).
        test, truth: those of other clips.

    Returns:
        Shape (k,); NaN for a target that is the same for all clips.
    """
    middle, scale = train.mean(axis=0), train.std() or 1.0
    ridge = RidgeCV(PENALTIES, alpha_per_target=True)
    guesses = ridge.fit((train - middle) / scale, targets).predict(
        (test - middle) / scale
    )
    spread = np.sum((truth - targets.mean(axis=0)) ** 2, axis=0)
    error = np.sum((truth - guesses.reshape(truth.shape)) ** 2, axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(spread > 0, 1 - error / spread, np.nan)


def by_name(train, targets, test, truth, names):
    """`linear` as a dictionary, without the targets that do not vary.

    Args:
        train, targets, test, truth: as for `linear`.
        names: of the targets.

    Returns:
        Dictionary of floats, `r2_NAME`.
    """
    return named("r2", names, linear(train, targets, test, truth))


def named(metric, names, values):
    """Values as a dictionary with keys `METRIC_NAME`, without those that are NaN."""
    pairs = zip(names, values, strict=True)
    return {f"{metric}_{name}": float(v) for name, v in pairs if not np.isnan(v)}


def curved(train, targets, test, truth):
    r"""$R^2$ of a kernel ridge regression, which may find what no line can.

    The kernel is Gaussian. Width and penalty are chosen for each target on the last
    quarter of the training clips, then all of them are fitted.

    Args:
        train, targets, test, truth: as for `linear`.

    Returns:
        Shape (k,); NaN for a target that is the same for all clips.
    """
    middle, scale = train.mean(axis=0), train.std() or 1.0
    train, test = (train - middle) / scale, (test - middle) / scale
    square = distance.cdist(train, train, "sqeuclidean")
    across = distance.cdist(test, train, "sqeuclidean")
    unit = np.median(square) or 1.0
    most = targets.max(axis=0) - targets.min(axis=0)
    mean, spread = targets.mean(axis=0), np.where(most > 0, targets.std(axis=0), 1.0)
    wanted, cut = (targets - mean) / spread, len(train) * 3 // 4
    best = np.full(targets.shape[1], np.inf)
    guesses = np.zeros_like(truth, float)
    for width in WIDTHS:
        kernel, view = (np.exp(-s / (2 * unit * width**2)) for s in (square, across))
        for penalty in KERNEL_PENALTIES:
            inner = kernel[:cut, :cut] + penalty * np.eye(cut)
            tried = kernel[cut:, :cut] @ linalg.solve(
                inner, wanted[:cut], assume_a="pos"
            )
            error = np.mean((tried - wanted[cut:]) ** 2, axis=0)
            if np.any(error < best):
                whole = kernel + penalty * np.eye(len(kernel))
                found = view @ linalg.solve(whole, wanted, assume_a="pos")
                guesses = np.where(error < best, found, guesses)
                best = np.minimum(error, best)
    truth = (truth - mean) / spread
    with np.errstate(invalid="ignore", divide="ignore"):
        score = 1 - np.sum((truth - guesses) ** 2, axis=0) / np.sum(truth**2, axis=0)
    return np.where(most > 0, score, np.nan)


def speed(train, targets, test, truth):
    r"""$R^2$ of how far a clip moves, guessed as the mean of the nearest codes.

    A linear read-out cannot see how long a vector is; neighbours can.

    Args:
        train, targets: codes and distances of the clips to look up, (n, z) and (n,).
        test, truth: those of other clips.
    """
    model = KNeighborsRegressor(min(NEIGHBOURS, len(train))).fit(train, targets)
    return float(model.score(test, truth))


def nearest(codes, metric="cosine"):
    """For each clip the other one whose code is nearest, shape (n,).

    Args:
        codes: shape (n, z).
        metric: of scikit-learn.
    """
    search = NearestNeighbors(n_neighbors=2, metric=metric).fit(codes)
    found = search.kneighbors(codes, return_distance=False)
    own = np.arange(len(codes))  # a clip may be its own first or second neighbour
    return np.where(found[:, 0] == own, found[:, 1], found[:, 0])


def ends(frames):
    """The pixels of the first and the last frame, shape (n, 2 pixels)."""
    return frames[:, [0, -1]].reshape(len(frames), -1)


def moments(frames):
    """Mean of light times place for each frame, shape (n, time, 2): right and down.

    Places are measured from the middle of the image. Where all frames have the same sum
    this is, up to a factor, the centre of light.
    """
    images = frames[..., 0].astype(float)
    height, width = images.shape[-2:]
    x = np.arange(width) - (width - 1) / 2
    y = np.arange(height) - (height - 1) / 2
    right = np.einsum("nthw,w->nt", images, x)
    down = np.einsum("nthw,h->nt", images, y)
    return np.stack([right, down], axis=-1) / (height * width)


def light(frames):
    """How the moments change from the first to the last frame, shape (n, 2)."""
    found = moments(frames)
    return found[:, -1] - found[:, 0]


def centroids(frames):
    """How the centre of light moves from the first to the last frame, in pixels."""
    total = frames[..., 0].mean(axis=(2, 3)).astype(float)
    found = moments(frames) / np.maximum(total, 1e-9)[..., None]
    return found[:, -1] - found[:, 0]


def translation(before, after):
    r"""The one shift of a whole image that fits best, to first order (Lucas, Kanade).

    $$\delta = \Big(\sum_p \nabla I_p \nabla I_p^T\Big)^{-1}
      \sum_p \nabla I_p\, (I_p - J_p)$$

    with the mean of both images for the gradient, so that the way back is the opposite
    whatever the two images show.

    Args:
        before, after: I and J, shape (n, height, width, 1).

    Returns:
        Shape (n, 2), in pixels, right and down: how what is seen moves.
    """
    mean = (before + after)[..., 0].astype(float) / 2
    down, right = np.gradient(mean, axis=(1, 2))
    slopes = np.stack([right, down], axis=-1).reshape(len(mean), -1, 2)
    change = (before - after)[..., 0].astype(float).reshape(len(mean), -1)
    square = np.einsum("npi,npj->nij", slopes, slopes) + 1e-9 * np.eye(2)
    fall = np.einsum("npi,np->ni", slopes, change)
    return np.linalg.solve(square, fall[..., None])[..., 0]


def translations(frames, order):
    """The sum of `translation` over the steps of sequences, a code of their motion.

    Args:
        frames: shape (n, time, height, width, 1).
        order: which frames.

    Returns:
        Shape (n, 2).
    """
    steps = zip(order[:-1], order[1:], strict=True)
    return sum(translation(frames[:, one], frames[:, other]) for one, other in steps)


def flow(frames):
    """Optical flow from each frame to the next, averaged on a grid.

    scikit-image's iterative method of Lucas and Kanade.

    Args:
        frames: shape (n, time, height, width, 1).

    Returns:
        Shape (n, (time - 1) * 2 * cells).
    """
    from skimage.registration import optical_flow_ilk
    from skimage.transform import resize_local_mean

    def one(before, after):
        found = optical_flow_ilk(before, after, radius=FLOW_RADIUS)
        grid = (2, FLOW_CELLS, FLOW_CELLS)
        return resize_local_mean(found, grid, channel_axis=None)

    rows = [
        [one(a, b) for a, b in zip(clip[:-1], clip[1:], strict=True)]
        for clip in frames[..., 0]
    ]
    return np.array(rows).reshape(len(frames), -1)


def flow_codes(train, test):
    """Principal components of the flow of training clips, for both parts.

    Args:
        train, test: frames, shape (n, time, height, width, 1).

    Returns:
        Two arrays of codes.
    """
    rows = flow(train), flow(test)
    parts = min(FLOW_PARTS, *rows[0].shape)
    components = PCA(parts, random_state=0).fit(rows[0])
    return tuple(components.transform(row) for row in rows)
