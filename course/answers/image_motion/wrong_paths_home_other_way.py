"""Returns home by the other way."""

# loses: six_paths


def six_paths(first_way, second_way, start, end):
    f1, f2 = (start, *first_way, end), (start, *second_way, end)
    return {
        "F1": f1,
        "F2": f2,
        "B1": f1[::-1],
        "B2": f2[::-1],
        "E1": (start, *first_way, *second_way[::-1], start),
        "E2": (end, *second_way[::-1], *first_way, end),
    }
