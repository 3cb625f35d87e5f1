"""The source shown in a notebook is the package's, with or without docstring."""

import pytest

from lessons.toolkit.source import show_source, source_text


def documented(x):
    """What it does.

    In two paragraphs.
    """
    # why
    return x + 1


def bare(x):
    return x - 1


def only_a_docstring():
    """Nothing else."""


class Thing:
    """A class."""

    def method(self):
        """A method."""
        return self


@pytest.mark.parametrize(
    ("thing", "text"),
    [
        (documented, "def documented(x):\n    # why\n    return x + 1"),
        (bare, "def bare(x):\n    return x - 1"),
        (only_a_docstring, 'def only_a_docstring():\n    """Nothing else."""'),
        (Thing.method, "def method(self):\n    return self"),
    ],
)
def test_the_docstring_of_the_thing_itself_is_left_out(thing, text):
    assert source_text(thing, docstring=False) == text


def test_docstrings_within_are_kept():
    assert '"""A method."""' in source_text(Thing, docstring=False)
    assert '"""A class."""' not in source_text(Thing, docstring=False)


def test_everything_is_there_on_request():
    text = source_text(documented)
    assert text.startswith('def documented(x):\n    """What it does.')
    assert text.endswith("return x + 1")


def test_several_things_are_displayed_as_one_block_of_python(monkeypatch):
    import IPython.display

    shown = []
    monkeypatch.setattr(
        IPython.display,
        "display",
        lambda bundle, metadata, raw: shown.append((bundle, raw)),
    )
    show_source(bare, documented)
    ((bundle, raw),) = shown
    assert raw
    code = bundle["text/plain"]
    assert bundle["text/markdown"] == f"```python\n{code}\n```"
    namespace = {}
    exec(code, namespace)
    assert namespace["bare"](5) == 4
    assert namespace["documented"](5) == 6
