"""Leaves words of four letters as they are."""

# loses: swap_unequal


def swap_unequal(words, rng):
    found = []
    for word in words:
        choices = []
        for i in range(1, len(word) - 2 if len(word) > 4 else 0):
            if word[i] != word[i + 1]:
                choices.append(word[:i] + word[i + 1] + word[i] + word[i + 2 :])
        found.append(choices[int(rng.random() * len(choices))] if choices else word)
    return found
