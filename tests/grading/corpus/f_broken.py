"""Class F: files that are no notebook."""

import json

from tests.grading.corpus.cases import ALL, edited, raw
from tests.grading.small_course import answered

raw("f_empty", b"", "not valid JSON")
raw("f_cut_off", json.dumps(answered()).encode()[:500], "not valid JSON")
raw("f_binary", bytes(range(256)) * 10, "not text")
raw("f_utf_16", json.dumps(answered()).encode("utf-16"), "not text")
raw("f_nested", b"[" * 200_000, "not valid JSON")
raw("f_format_3", json.dumps({"worksheets": [], "nbformat": 3}).encode(), "format 3")
raw(
    "f_cells_are_text",
    json.dumps({"cells": "x", "nbformat": 4}).encode(),
    "no notebook",
)
raw("f_a_list", b"[1, 2]", "no notebook")
raw("f_too_large", b" " * (21 << 20), "more than")
raw("f_many_cells", json.dumps({"cells": [{}] * 3000}).encode(), "more than")
raw(
    "f_another_notebook",
    json.dumps(
        {"cells": [{"cell_type": "code", "metadata": {}, "source": "1 + 1"}]}
    ).encode(),
    "none of the notebook's cells",
    state="review",
)


def _odd_cells(notebook):
    notebook["cells"] += [7, None, {"cell_type": 3}, {"cell_type": "code", "source": 5}]
    notebook["cells"].append({"cell_type": "code", "source": ["a = 1\n", "b = 2"]})


edited("f_odd_cells", ALL, _odd_cells, says="is no cell")
