"""Takes the longest piece that fits, not the merges in their order."""

# loses: bpe_segment


def bpe_segment(word, merges):
    known = {left + right for left, right in merges}
    text, pieces, start = word + "</w>", [], 0
    while start < len(word):
        end = len(text)
        while text[start:end] not in known and end > start + 1:
            end -= 1
        pieces.append(text[start:end].replace("</w>", ""))
        start = end
    return [piece + "@@" for piece in pieces[:-1]] + [pieces[-1]]
