"""Divides constant features by 0."""

# loses: feature_normalise


def feature_normalise(train, test):
    mean, spread = train.mean(axis=0), train.std(axis=0)
    keep = 1
    scale = spread
    return keep * (train - mean) / scale, keep * (test - mean) / scale
