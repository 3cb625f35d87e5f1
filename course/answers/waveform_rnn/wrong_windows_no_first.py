"""Counts the moves and forgets the first window."""

# loses: num_windows


def num_windows(N, W, s, ahead):
    room = N - W - ahead
    return room // s if room >= 0 else 0
