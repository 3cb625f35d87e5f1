"""Rounds the number of steps down instead of up."""

# loses: depth


def depth(K, P=None, L=None):
    if K < 2:
        raise ValueError(K)
    reach = K // 2
    if P is None:
        return L * reach
    return max(P // reach, 1)
