"""Mistypes a capital as a small letter."""

# loses: typos


def typos(words, rng, table, rate):
    found = []
    for word in words:
        typed = ""
        for letter in word:
            choices = []
            for other in table.get(letter.lower(), ""):
                if other != letter.lower():
                    choices.append(other)
            if choices and rng.uniform() < rate:
                other = choices[int(rng.uniform() * len(choices))]
                typed += other
            else:
                typed += letter
        found.append(typed)
    return found
