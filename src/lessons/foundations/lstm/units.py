"""What single memory cells stand for: correlation with properties of the text."""

import dataclasses
import re

import numpy as np

from lessons.foundations.lstm import theory

NUM_TEXTS, LENGTH = 16, 800  # held-out texts that cells are judged on
SHORT = {
    "position in the line (logarithm)": "line",
    "indentation of the line": "indent",
    "inside double quotes": "quotes",
    "inside brackets": "brackets",
    "position in the word": "word",
    "inside a capitalised word": "capital",
}


def followed(network, corpus):
    """How well the best cell follows each property, trained and before training.

    Even a network that was never trained has cells that count: its weights are random,
    and its memory fades with every character. What training adds is the difference.

    Args:
        network: a built `model.CharModel`.
        corpus: a `data.Corpus`.

    Returns:
        `cell_PROPERTY` and, for a network of the same kind with random weights,
        `untrained_cell_PROPERTY`: absolute correlations on texts where the cell was not
        chosen, by name; nothing where the held-out text is too short.
    """
    if len(corpus.valid) < NUM_TEXTS * LENGTH:
        return {}
    ids = corpus.valid[: NUM_TEXTS * LENGTH].reshape(NUM_TEXTS, LENGTH)
    texts = [corpus.vocabulary.decode(row) for row in ids]
    untrained = type(network).from_config(network.get_config())
    found = {}
    for prefix, each in (("", network), ("untrained_", untrained)):
        for finding in find(read(each, ids)[0], texts):
            found[f"{prefix}cell_{SHORT[finding.name]}"] = abs(finding.checked)
    return found


def read(network, ids):
    """All cells of the last layer while a trained network reads, by the NumPy cell.

    Args:
        network: a built `model.CharModel`.
        ids: characters, ints of shape (texts, T).

    Returns:
        (cells, logits): c squashed by tanh, shape (texts, T, n), and logits, shape
        (texts, T, V).
    """
    if network.embedding is None:
        x = np.eye(network.size)[ids]
    else:
        x = np.asarray(network.embedding.embeddings)[ids]
    x = x.transpose(1, 0, 2)
    for lstm in network.lstms:
        h, c = (np.asarray(part) for part in lstm.first_state(ids.shape[0]))
        x, cells, _ = theory.lstm_forward(x, h, c, lstm.cell.parameters())
    kernel, bias = (np.asarray(weight) for weight in network.head.weights)
    return np.tanh(cells).transpose(1, 0, 2), (x @ kernel + bias).transpose(1, 0, 2)


def properties(text):
    """Numbers that a text has at each character, the character itself included.

    Args:
        text: a string of length T.

    Returns:
        Dictionary from a name in words to floats of shape (T,).
    """
    lines = text.split("\n")
    column, indent = [], []
    for line in lines:
        column += range(1, len(line) + 1)
        blanks = len(line) - len(line.lstrip(" "))
        indent += [min(blanks, place) for place in range(1, len(line) + 1)]
        column.append(0)  # the line end: a new line begins
        indent.append(0)
    column, indent = column[:-1], indent[:-1]
    quoted, depth, word = [], [], []
    inside, level, letters, last = False, 0, 0, ""
    for char in text:
        if char == "\n" and last == "\n":  # a new paragraph closes everything
            inside, level = False, 0
        inside ^= char == '"'
        level = max(0, level + (char in "([{") - (char in ")]}"))
        letters = letters + 1 if char.isalnum() or char == "_" else 0
        quoted.append(inside)
        depth.append(min(level, 1))
        word.append(letters)
        last = char
    table = {
        "position in the line (logarithm)": np.log1p(column),
        "indentation of the line": indent,
        "inside double quotes": quoted,
        "inside brackets": depth,
        "position in the word": word,
        "inside a capitalised word": _capitalised(text),
    }
    return {name: np.asarray(values, float) for name, values in table.items()}


def _capitalised(text):
    marks = np.zeros(len(text))
    for match in re.finditer(r"\b[A-Z]\w*", text):
        marks[match.start() : match.end()] = 1
    return marks


@dataclasses.dataclass(frozen=True)
class Finding:
    """A cell that follows a property of the text.

    Attributes:
        name: the property.
        unit: number of the cell.
        found: correlation on the texts where the cell was chosen, signed.
        checked: correlation on other texts.
    """

    name: str
    unit: int
    found: float
    checked: float


def find(cells, texts, skip=50):
    """The best cell for each property, chosen on half of the texts.

    Args:
        cells: activations, shape (texts, T, n).
        texts: the strings that were read, each of length T.
        skip: characters left out at the start of each text, where the network does
            not know yet in what it is.

    Returns:
        List of `Finding`, the strongest checked correlation first.
    """
    table = [properties(text) for text in texts]
    half = len(texts) // 2
    findings = []
    for name in table[0]:
        values = np.stack([row[name] for row in table])[:, skip:]
        both = [
            _correlations(cells[part][:, skip:], values[part])
            for part in (slice(None, half), slice(half, None))
        ]
        unit = int(np.argmax(np.abs(both[0])))
        findings.append(Finding(name, unit, float(both[0][unit]), float(both[1][unit])))
    return sorted(findings, key=lambda finding: -abs(finding.checked))


def liveliest(texts, name, length=330):
    """The passage where a property changes most: (number of the text, slice).

    It is chosen by the property alone, whatever the cells do, among passages that
    begin with a line.

    Args:
        texts: strings.
        name: a key of `properties`.
        length: characters of the passage.
    """
    best = (-1.0, 0, slice(0, length))
    for number, text in enumerate(texts):
        values = properties(text)[name]
        for start in range(50, len(text) - length):
            if text[start - 1] == "\n" != text[start]:
                part = slice(start, start + length)
                best = max(best, (values[part].var(), number, part), key=_first)
    return best[1:]


def _first(row):
    return row[0]


def _correlations(cells, values):
    """Pearson's correlation of each cell with a property, shape (n,)."""
    cells, values = cells.reshape(-1, cells.shape[-1]), values.ravel()
    cells, values = cells - cells.mean(axis=0), values - values.mean()
    scale = np.sqrt((cells**2).sum(axis=0) * (values**2).sum())
    return values @ cells / np.maximum(scale, 1e-12)
