"""Lets the last letter move."""

# loses: swap_unequal


def swap_unequal(words, rng):
    found = []
    for word in words:
        choices = []
        for i in range(1, len(word) - 1):
            if word[i] != word[i + 1]:
                choices.append(word[:i] + word[i + 1] + word[i] + word[i + 2 :])
        found.append(choices[int(rng.random() * len(choices))] if choices else word)
    return found
