"""Accepts a kernel of one location, with which news never arrives."""

# loses: depth


def depth(K, P=None, L=None):
    reach = max(K // 2, 1)
    return L * reach if P is None else -(-P // reach)
