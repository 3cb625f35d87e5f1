"""Leaves out the other way round and always takes L for P."""

# loses: depth


def depth(K, P=None, L=None):
    if K < 2:
        raise ValueError(K)
    return -(-(P or L) // (K // 2))
