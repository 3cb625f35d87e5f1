"""Chooses the letter itself where the table lists it."""

# loses: typos


def typos(words, rng, table, rate):
    found = []
    for word in words:
        typed = ""
        for letter in word:
            choices = []
            for other in table.get(letter.lower(), ""):
                choices.append(other)
            if choices and rng.uniform() < rate:
                other = choices[int(rng.uniform() * len(choices))]
                typed += other.upper() if letter != letter.lower() else other
            else:
                typed += letter
        found.append(typed)
    return found
