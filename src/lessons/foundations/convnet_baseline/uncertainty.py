r"""How sure an accuracy is, and how sure the difference of two.

An accuracy on $n$ images is a share: with the true share $a$ it has the standard error
$\sqrt{a(1-a)/n}$. Two runs judged on the *same* images are not independent: there the
images count that exactly one of them gets right (McNemar 1947).
"""

import math

import numpy as np

from lessons.toolkit.errors import UserError


def standard_error(accuracy, num_images):
    """Standard error of an accuracy, as a share of the images.

    Args:
        accuracy: share of right answers, in [0, 1].
        num_images: images that it was measured on.
    """
    _check(accuracy, num_images)
    return math.sqrt(accuracy * (1 - accuracy) / num_images)


def deviations(one, other, num_images):
    """Difference of two accuracies in standard deviations, for independent images.

    Args:
        one, other: accuracies, in [0, 1].
        num_images: images of each.
    """
    spread = math.hypot(
        standard_error(one, num_images), standard_error(other, num_images)
    )
    return (other - one) / spread if spread else math.nan


def paired_deviations(difference, share, num_images):
    r"""The same for two runs on the same images, $d / \sqrt{(q - d^2)/n}$.

    Args:
        difference: $d$, of the accuracies.
        share: $q$, of the images that exactly one run gets right.
        num_images: $n$.

    Raises:
        UserError: the share is smaller than the difference, which cannot be.
    """
    if not abs(difference) <= share <= 1:
        raise UserError(
            f"share must be at least the difference {abs(difference):g} and at most "
            f"1, got {share!r}."
        )
    _check(share, num_images)
    variance = (share - difference**2) / num_images
    return difference / math.sqrt(variance) if variance > 0 else math.nan


def compare(right_one, right_other):
    """Compare two runs on the same images.

    Args:
        right_one, right_other: whether each image was answered right, shape (n,).

    Returns:
        Dictionary: `difference` of the accuracies (the other minus the one), `share` of
        the images that exactly one gets right, `paired` and `independent` deviations.
    """
    one, other = (np.asarray(r, bool) for r in (right_one, right_other))
    if one.shape != other.shape or one.ndim != 1 or not one.size:
        raise UserError(
            "two runs must have judged the same images, got shapes "
            f"{one.shape} and {other.shape}."
        )
    difference, share = other.mean() - one.mean(), np.mean(one != other)
    return {
        "difference": float(difference),
        "share": float(share),
        "paired": paired_deviations(difference, share, len(one)),
        "independent": deviations(one.mean(), other.mean(), len(one)),
    }


def _check(share, num_images):
    if not 0 <= share <= 1:
        raise UserError(f"an accuracy must be in [0, 1], got {share!r}.")
    if num_images < 1:
        raise UserError(f"num_images must be at least 1, got {num_images!r}.")
