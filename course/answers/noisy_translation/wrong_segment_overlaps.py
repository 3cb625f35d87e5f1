"""Uses a letter twice where a pair overlaps itself."""

# loses: bpe_segment


def bpe_segment(word, merges):
    pieces = [*word, "</w>"]
    for pair in merges:
        done, i = [], 0
        while i < len(pieces):
            if tuple(pieces[i : i + 2]) == tuple(pair):
                done.append(pieces[i] + pieces[i + 1])
                i += 1 if tuple(pieces[i + 1 : i + 3]) == tuple(pair) else 2
            else:
                done.append(pieces[i])
                i += 1
        pieces = done
    whole = [piece.replace("</w>", "") for piece in pieces]
    whole = [piece for piece in whole if piece]
    return [piece + "@@" for piece in whole[:-1]] + [whole[-1]]
