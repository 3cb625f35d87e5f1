"""Plays backward by turning the signs of the frames round."""

# loses: six_paths


def six_paths(first_way, second_way, start, end):
    f1, f2 = (start, *first_way, end), (start, *second_way, end)
    out = (start, *first_way)
    home = (end, *second_way[::-1])
    return {
        "F1": f1,
        "F2": f2,
        "B1": tuple(-t for t in f1),
        "B2": tuple(-t for t in f2),
        "E1": out + out[-2::-1],
        "E2": home + home[-2::-1],
    }
