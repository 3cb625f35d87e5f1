"""Takes the stride for the samples that must follow."""

# loses: num_windows


def num_windows(N, W, s, ahead):
    room = N - W - (s if ahead else 0)
    return room // s + 1 if room >= 0 else 0
