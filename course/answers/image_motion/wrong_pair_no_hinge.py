"""Lets negative pairs earn something beyond the margin."""

# loses: pair_cost


def pair_cost(distances, positive, margin):
    same = distances[positive]
    other = margin - distances[~positive]
    return float(sum(part.mean() for part in (same, other) if part.size))
