"""Mistypes one letter of a word at most, as the lesson does."""

# loses: typos


def typos(words, rng, table, rate):
    found = []
    for word in words:
        typed, at = "", int(rng.uniform() * len(word))
        for place, letter in enumerate(word):
            choices = []
            for other in table.get(letter.lower(), ""):
                if other != letter.lower():
                    choices.append(other)
            if choices and place == at and rng.uniform() < rate:
                other = choices[int(rng.uniform() * len(choices))]
                typed += other.upper() if letter != letter.lower() else other
            else:
                typed += letter
        found.append(typed)
    return found
