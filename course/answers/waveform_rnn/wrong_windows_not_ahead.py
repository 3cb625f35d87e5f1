"""Counts all whole windows: the lesson's number."""

# loses: num_windows


def num_windows(N, W, s, ahead):
    room = N - W
    return room // s + 1 if room >= 0 else 0
