"""Photographs and textures of scikit-image."""

import socket

import numpy as np
import pytest

from lessons.toolkit.data import pictures
from lessons.toolkit.errors import UserError


def test_every_picture_comes_with_the_package(monkeypatch):
    def refuse(*arguments):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    for name in pictures.PHOTOGRAPHS + pictures.TEXTURES:
        pictures.whole.cache_clear()
        grey = pictures.whole(name)
        assert grey.ndim == 2 and grey.dtype == np.float32
        assert 0 <= grey.min() < 0.3 < 0.6 < grey.max() <= 1 and grey.std() > 0.05


def test_a_square_is_the_middle_of_a_picture_averaged():
    whole = pictures.whole("chelsea")  # 300 rows, 451 columns
    found = pictures.square("chelsea", 100)
    assert found.shape == (100, 100)
    block = whole[150:153, 75 + 30 : 75 + 33]
    assert np.isclose(found[50, 10], block.mean(), atol=1e-5)


def test_an_unknown_picture_is_refused():
    with pytest.raises(UserError, match="picture"):
        pictures.square("lena", 8)
