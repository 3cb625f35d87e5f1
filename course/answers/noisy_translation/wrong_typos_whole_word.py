"""Throws the dice once for a whole word."""

# loses: typos


def typos(words, rng, table, rate):
    found = []
    for word in words:
        typed, hit = "", rng.uniform() < rate
        for letter in word:
            choices = []
            for other in table.get(letter.lower(), ""):
                if other != letter.lower():
                    choices.append(other)
            if choices and hit:
                other = choices[int(rng.uniform() * len(choices))]
                typed += other.upper() if letter != letter.lower() else other
            else:
                typed += letter
        found.append(typed)
    return found
