"""Returns the smallest tensor of a depth, not the largest."""

# loses: depth


def depth(K, P=None, L=None):
    if K < 2:
        raise ValueError(K)
    reach = K // 2
    if P is None:
        return (L - 1) * reach + 1
    return -(-P // reach)
