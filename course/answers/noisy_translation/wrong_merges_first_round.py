"""Counts pairs once and never again."""

# loses: bpe_merges


def bpe_merges(counts, n, least):
    split = [(list(word) + ["</w>"], seen) for word, seen in counts.items()]
    merges, tally = [], {}
    while True:
        if len(merges) == n:
            return merges
        for pieces, seen in split if not merges else ():
            for i in range(len(pieces) - 1):
                pair = (pieces[i], pieces[i + 1])
                tally[pair] = tally.get(pair, 0) + seen
        best = None
        for pair in sorted(tally):
            if tally[pair] >= least and (best is None or tally[pair] > tally[best]):
                best = pair
        if best is None:
            return merges
        merges.append(best)
        del tally[best]
        for pieces, _ in split:
            i = 0
            while i < len(pieces) - 1:
                if (pieces[i], pieces[i + 1]) == best:
                    pieces[i] = pieces[i] + pieces.pop(i + 1)
                i += 1
