"""Stays at one frame instead of leaving it and coming back."""

# loses: six_paths


def six_paths(first_way, second_way, start, end):
    f1, f2 = (start, *first_way, end), (start, *second_way, end)
    return {
        "F1": f1,
        "F2": f2,
        "B1": f1[::-1],
        "B2": f2[::-1],
        "E1": (start,) * (2 * len(first_way) + 1),
        "E2": (end,) * (2 * len(second_way) + 1),
    }
