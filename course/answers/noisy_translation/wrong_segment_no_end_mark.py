"""Leaves the end mark out from the start, so no merge can see it."""

# loses: bpe_segment


def bpe_segment(word, merges):
    pieces = list(word)
    for pair in merges:
        done = []
        for piece in pieces:
            if done and done[-1] == pair[0] and piece == pair[1]:
                done[-1] += piece
            else:
                done.append(piece)
        pieces = done
    if pieces[-1] == "</w>":
        pieces = pieces[:-1]
    else:
        pieces[-1] = pieces[-1].replace("</w>", "")
    found = []
    for i, piece in enumerate(pieces):
        found.append(piece if i == len(pieces) - 1 else piece + "@@")
    return found
