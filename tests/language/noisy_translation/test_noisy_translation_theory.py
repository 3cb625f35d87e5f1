"""The equations of the lesson, each by another route."""

import numpy as np
import pytest
from scipy import special

from lessons.language.noisy_translation import theory


def test_cross_entropy_is_minus_the_log_of_the_softmax():
    random = np.random.default_rng(0)
    logits, labels = random.normal(size=(5, 7)), random.integers(7, size=5)
    expected = -special.log_softmax(logits, axis=-1)[np.arange(5), labels]
    assert np.asarray(theory.cross_entropy(labels, logits)) == pytest.approx(expected)
