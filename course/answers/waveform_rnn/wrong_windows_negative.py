"""Gives numbers below 0 where nothing fits."""

# loses: num_windows


def num_windows(N, W, s, ahead):
    room = N - W - ahead
    return room // s + 1
