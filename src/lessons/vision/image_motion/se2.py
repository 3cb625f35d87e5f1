r"""The group SE(2): rotations and translations of the plane, as arrays.

An element is a row $(\theta, x, y)$, an angle in radians and a translation; it takes a
point $p$ to $R(\theta) p + (x, y)$. All functions work on arrays of shape (..., 3) that
broadcast together. In images x points right and y down, so a positive angle turns
clockwise on the screen.
"""

import numpy as np

IDENTITY = np.zeros(3)


def rotate(angle, points):
    r"""$R(\theta) p$ for points of shape (..., 2).

    Args:
        angle: radians, of a shape that broadcasts with the points' without its last
            axis.
        points: shape (..., 2).
    """
    x, y = points[..., 0], points[..., 1]
    cos, sin = np.cos(angle), np.sin(angle)
    return np.stack([cos * x - sin * y, sin * x + cos * y], axis=-1)


def compose(first, second):
    r"""The product $a \circ b$: what `second` does comes first, then `first`.

    $$(\theta_a, t_a) \circ (\theta_b, t_b) =
      (\theta_a + \theta_b,\ t_a + R(\theta_a) t_b)$$

    Args:
        first: a, shape (..., 3).
        second: b, shape (..., 3).

    Returns:
        Shape (..., 3); the angle is not reduced to one turn.
    """
    first, second = np.asarray(first, float), np.asarray(second, float)
    angle = first[..., :1] + second[..., :1]
    moved = rotate(first[..., 0], second[..., 1:])
    return np.concatenate([angle, first[..., 1:] + moved], axis=-1)


def inverse(element):
    r"""The way back: $(-\theta, -R(-\theta) t)$.

    Args:
        element: shape (..., 3).
    """
    element = np.asarray(element, float)
    back = -rotate(-element[..., 0], element[..., 1:])
    return np.concatenate([-element[..., :1], back], axis=-1)


def apply(element, points):
    """Move points.

    Args:
        element: shape (..., 3).
        points: shape (..., 2).
    """
    element = np.asarray(element, float)
    return rotate(element[..., 0], points) + element[..., 1:]


def matrix(element):
    r"""The matrix $\begin{pmatrix} R & t \\ 0 & 1 \end{pmatrix}$, shape (..., 3, 3).

    Products of these matrices are products in the group.

    Args:
        element: shape (..., 3).
    """
    element = np.asarray(element, float)
    found = np.zeros((*element.shape[:-1], 3, 3))
    cos, sin = np.cos(element[..., 0]), np.sin(element[..., 0])
    found[..., 0, 0], found[..., 0, 1] = cos, -sin
    found[..., 1, 0], found[..., 1, 1] = sin, cos
    found[..., :2, 2] = element[..., 1:]
    found[..., 2, 2] = 1
    return found


def relative(start, end):
    r"""The motion from one pose to another, in fixed axes: $g_e \circ g_s^{-1}$.

    It takes a point of the moving thing from where it is at the start to where it is at
    the end.

    Args:
        start, end: poses, shape (..., 3).
    """
    return compose(end, inverse(start))
