"""Divides by half of K - 1, which is too little for even K."""

# loses: depth


def depth(K, P=None, L=None):
    if K < 2:
        raise ValueError(K)
    if P is None:
        return max(L * (K - 1) // 2, 1)
    return -(-2 * P // (K - 1))
