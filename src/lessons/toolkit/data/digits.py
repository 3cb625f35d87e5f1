"""Handwritten digits of 8x8 pixels, embedded in scikit-learn."""

import numpy as np

from lessons.toolkit.data.split import Split, as_images, check_count, check_seed

NUM_IMAGES = 1797
NUM_TRAIN = 1500


def load(name="digits", *, seed=0, size=None, test_size=None):
    """The 1797 digits of scikit-learn's `load_digits`, in two disjoint parts.

    Pixels are the whole numbers 0 to 16 of the file, divided by 16.

    Args:
        name: name of the split.
        seed: seed of the permutation that is cut in two. None keeps the order of the
            file, which is the harder task: the last images of the file come from
            fewer hands than all of it.
        size: number of training images; 1500 by default.
        test_size: number of test images; by default all the others (297).

    Returns:
        A `Split` with images of shape (n, 8, 8, 1).

    Raises:
        UserError: a size or seed that cannot be.
    """
    from sklearn.datasets import load_digits

    seed = check_seed(seed, none_allowed=True)
    size = check_count(NUM_TRAIN if size is None else size, "size", NUM_IMAGES - 1)
    rest = NUM_IMAGES - size
    test_size = check_count(rest if test_size is None else test_size, "test_size", rest)
    bunch = load_digits()
    order = np.arange(NUM_IMAGES)
    if seed is not None:
        order = np.random.default_rng(seed).permutation(NUM_IMAGES)
    train, test = order[:size], order[size : size + test_size]
    labels = bunch.target.astype(np.int64)
    return Split(
        name=name,
        train_images=as_images(bunch.images[train], 16),
        train_labels=labels[train],
        test_images=as_images(bunch.images[test], 16),
        test_labels=labels[test],
        class_names=tuple("0123456789"),
        description="Handwritten digits of 8x8 pixels with 17 levels of grey "
        "(UCI optical recognition of handwritten digits, from scikit-learn).",
    )
