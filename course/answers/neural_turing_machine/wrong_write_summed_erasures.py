"""Keeps 1 - sum of w e: two heads erase more than there is."""

# loses: write


def write(M, ws, es, as_):
    return M * (1 - ws.T @ es) + ws.T @ as_
