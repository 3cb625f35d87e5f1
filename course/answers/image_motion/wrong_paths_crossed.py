"""Goes back by the other way."""

# loses: six_paths


def six_paths(first_way, second_way, start, end):
    f1, f2 = (start, *first_way, end), (start, *second_way, end)
    out = (start, *first_way)
    home = (end, *second_way[::-1])
    return {
        "F1": f1,
        "F2": f2,
        "B1": f2[::-1],
        "B2": f1[::-1],
        "E1": out + out[-2::-1],
        "E2": home + home[-2::-1],
    }
