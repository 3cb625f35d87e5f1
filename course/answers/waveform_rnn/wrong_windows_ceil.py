"""Rounds the number of moves up."""

# loses: num_windows


def num_windows(N, W, s, ahead):
    room = N - W - ahead
    return -(-room // s) + 1 if room >= 0 else 0
