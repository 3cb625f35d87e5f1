"""A small lesson in a folder of its own, and its notebook as if it had been run."""

import base64
import dataclasses
import pathlib
import struct
import zlib

import nbformat
import pytest

from lessons import catalog
from lessons.toolkit.notebook import overview, source

ALT = "A small grey square that stands for a chart of the bound against samples."

OPENING = """\
# %% [markdown]
# # A sample lesson
#
# **In a minute you will
# know a bound.**
#
# ![The picture that stands for this lesson](attachment:cover.png)
#
# > **Time.** One
# > minute.
# >
# > **Prerequisites.** None.
# >
# > **Source.** Nobody.
#
# **You will be able to**
#
# * know that $\\log p(x) \\ge \\mathcal{L}$.

# %% [markdown]
# <details><summary>Symbols</summary>
#
# | symbol | name in code | shape |
# |---|---|---|
# | $x$ | `x` | (batch,) |
#
# </details>
"""

CODE = """
# %%
from IPython.display import display
from lessons.toolkit.progress import reporting

def figure(alt="ALT"):
    display({"image/png": PNG, "text/plain": alt}, raw=True)

# %% [markdown]
# ## Training
# $$
# \\begin{aligned} a &= \\tfrac12 \\\\ b &= \\lVert x\\rVert \\end{aligned}
# $$

# %%
# NBVAL_IGNORE_OUTPUT
with reporting("training", 3) as update:
    for epoch in range(3):
        update(epoch + 1, f"loss {1 / (epoch + 1):.2f}")

# %%
assert epoch == 2
"""

FIGURE = """
# %%
figure()
"""

COVER = FIGURE.replace("# %%", '# %% tags=["cover"]')

SUMMARY = """
# %% tags=["summary"]
print("2 claims verified")

# %% [markdown]
# ## References
# None.
"""


def _png():
    """A valid picture of one grey pixel, made by hand."""

    def chunk(kind, data):
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\x00\x80")
    parts = [(b"IHDR", header), (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


PNG = base64.b64encode(_png()).decode()
CODE = CODE.replace("PNG", repr(PNG)).replace("ALT", ALT)
TEXT = OPENING + CODE + FIGURE * 3 + COVER + SUMMARY


@dataclasses.dataclass
class Sample:
    """A lesson whose text source the test may change."""

    path: pathlib.Path
    text: str = TEXT

    @property
    def stored(self):
        """Path of the stored notebook."""
        return self.path.with_suffix(".ipynb")

    def write(self, text=None):
        """Write the text source."""
        self.path.write_text(text or self.text, encoding="utf-8")
        return self.path

    def replaced(self, old, new):
        """Write the text source with one passage changed."""
        assert old in self.text
        return self.write(self.text.replace(old, new, 1))


@pytest.fixture
def sample(tmp_path, monkeypatch):
    """A written sample lesson called "sample", in its own checkout."""
    folder = tmp_path / "checkout" / "notebooks" / "foundations"
    folder.mkdir(parents=True)
    lesson = catalog.Lesson("foundations", "sample", "A sample", "Nobody 2020")
    find = catalog.find
    monkeypatch.setattr(
        catalog, "find", lambda slug: lesson if slug == "sample" else find(slug)
    )
    monkeypatch.setattr(catalog, "ready", lambda: (lesson,))
    monkeypatch.setattr(source, "root", lambda: tmp_path / "checkout")
    made = Sample(folder / "sample.py")
    made.write()
    return made


@pytest.fixture
def pretend_executed():
    """A function: the notebook of a text source, outputs filled in without a kernel."""
    return _pretend_executed


def _pretend_executed(path):
    notebook = source.build(path)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for count, cell in enumerate(code, start=1):
        cell.execution_count = count
        if cell.source == "figure()":
            data = {"image/png": PNG, "text/plain": ALT}
            cell.outputs = [nbformat.v4.new_output("display_data", data=data)]
        elif cell.source.startswith("print"):
            stream = {"name": "stdout", "text": "2 claims verified\n"}
            cell.outputs = [nbformat.v4.new_output("stream", **stream)]
    source.describe(notebook)
    overview.put_cover(notebook)
    return notebook
