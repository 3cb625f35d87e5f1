"""Keeps the end mark, as the lesson does."""

# loses: bpe_segment


def bpe_segment(word, merges):
    pieces = list(word)
    pieces.append("</w>")
    for pair in merges:
        done = []
        for piece in pieces:
            if done and done[-1] == pair[0] and piece == pair[1]:
                done[-1] += piece
            else:
                done.append(piece)
        pieces = done
    found = []
    for i, piece in enumerate(pieces):
        found.append(piece if i == len(pieces) - 1 else piece + "@@")
    return found
