"""SE(2) is a group, and the functions are its product, its inverse and its action."""

import numpy as np
import pytest
from scipy.spatial import transform

from lessons.vision.image_motion import se2

EXACT = 1e-12


@pytest.fixture
def elements():
    return np.random.default_rng(0).normal(size=(3, 50, 3)) * [2.0, 5.0, 5.0]


def test_the_product_is_associative(elements):
    a, b, c = elements
    left = se2.compose(se2.compose(a, b), c)
    right = se2.compose(a, se2.compose(b, c))
    assert np.abs(left - right).max() < EXACT


def test_the_identity_changes_nothing_on_either_side(elements):
    a = elements[0]
    assert np.array_equal(se2.compose(a, se2.IDENTITY), a)
    assert np.allclose(se2.compose(se2.IDENTITY, a), a, atol=EXACT)


def test_the_inverse_leads_back_from_either_side(elements):
    a = elements[0]
    for product in (se2.compose(a, se2.inverse(a)), se2.compose(se2.inverse(a), a)):
        assert np.abs(product).max() < EXACT


def test_products_are_those_of_matrices(elements):
    a, b, _ = elements
    product = se2.matrix(se2.compose(a, b))
    assert np.allclose(product, se2.matrix(a) @ se2.matrix(b), atol=EXACT)


def test_matrices_are_those_of_scipy(elements):
    a = elements[0]
    about_z = np.zeros((len(a), 3))
    about_z[:, 2] = a[:, 0]
    theirs = transform.Rotation.from_rotvec(about_z).as_matrix()[:, :2, :2]
    assert np.allclose(se2.matrix(a)[:, :2, :2], theirs, atol=EXACT)


def test_points_move_as_by_the_matrix(elements):
    a = elements[0]
    points = elements[1][:, :2]
    moved = se2.matrix(a) @ np.append(points, np.ones((len(points), 1)), 1)[..., None]
    assert np.allclose(se2.apply(a, points), moved[:, :2, 0], atol=EXACT)


def test_a_quarter_turn_by_hand():
    a, b = np.array([np.pi / 2, 3, 0]), np.array([0, 1, 2])
    assert se2.compose(a, b) == pytest.approx([np.pi / 2, 1, 1])
    assert se2.compose(b, a) == pytest.approx([np.pi / 2, 4, 2])  # not commutative
    assert se2.inverse(a) == pytest.approx([-np.pi / 2, 0, 3])


def test_motions_of_a_path_compose_to_the_motion_of_its_ends(elements):
    first, middle, last = elements
    steps = se2.relative(first, middle), se2.relative(middle, last)
    both = se2.compose(steps[1], steps[0])
    whole = se2.relative(first, last)
    assert np.allclose(both, whole, atol=1e-10)
    wrong = se2.compose(steps[0], steps[1])
    assert np.abs(wrong - whole).max() > 1
