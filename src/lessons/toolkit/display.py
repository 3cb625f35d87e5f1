"""Showing things in a notebook, with one sentence where there is none."""

from lessons.toolkit.errors import UserError


def display(bundle, metadata=None):
    """Display an object in several forms at once; the reader's page takes its best.

    Args:
        bundle: texts by MIME type, pictures in base64.
        metadata: of the forms, such as the size of a picture.

    Raises:
        UserError: IPython is not installed.
    """
    try:
        from IPython.display import display as show
    except ModuleNotFoundError:
        raise UserError(
            "this is shown in a notebook, and IPython is not installed. Allowed: "
            "pip install 'lessons[notebook]', or, of a figure, figure.save(path)."
        ) from None
    show(bundle, metadata=metadata or {}, raw=True)
