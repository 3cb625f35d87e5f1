"""`lessons data`: the data sets, where they are, and fetching them on request."""

import pathlib

from lessons.cli import tables
from lessons.toolkit.errors import UserError


def add_to(commands):
    """Add the command and its three actions to the parser."""
    parser = commands.add_parser(
        "data", help="list, show or fetch data sets", allow_abbrev=False
    )
    parser.set_defaults(do=_list)
    actions = parser.add_subparsers(metavar="ACTION")
    listing = actions.add_parser(
        "list", help="every data set (the default)", allow_abbrev=False
    )
    listing.set_defaults(do=_list)

    show = actions.add_parser("show", help="one data set", allow_abbrev=False)
    show.add_argument("name", metavar="NAME", help="a data set of `lessons data list`")
    show.add_argument("--path", help="file or folder to read it from")
    show.add_argument(
        "--picture", metavar="FILE", help="write a PNG of 64 training images"
    )
    show.set_defaults(do=_show)

    fetch = actions.add_parser("fetch", help="download a data set", allow_abbrev=False)
    fetch.add_argument("name", metavar="NAME", help="a data set of `lessons data list`")
    fetch.add_argument("--path", help="folder to put it in (default: the data folder)")
    fetch.set_defaults(do=_fetch)


def _list(arguments):
    from lessons.toolkit import data

    rows = [
        (
            source.name,
            source.kind,
            _size(source.shape),
            f"{source.train:,}",
            f"{source.test:,}",
            str(source.classes),
            source.where() or f"fetch: lessons data fetch {source.name}",
            source.title,
        )
        for source in data.catalog()
    ]
    counts = ("train", "test", "classes")
    columns = ("name", "kind", "image", *counts, "where", "what it is")
    tables.show(columns, rows, right=counts)


def _show(arguments):
    from lessons.toolkit import data, files

    source = data.find(arguments.name)
    if arguments.picture:
        _check_picture(arguments.picture)
        files.check_file(arguments.picture)
    facts = {
        "what it is": source.title,
        "kind": source.kind,
        "images": f"{_size(source.shape)}, float32 from 0 to 1",
        "classes": str(source.classes),
        "default size": f"{source.train:,} training and {source.test:,} test images",
        "where": arguments.path or source.where() or "not on this machine",
        "options": ", ".join(f"{k}={v!r}" for k, v in source.options().items()),
    }
    split = None
    if arguments.path or arguments.picture or source.where():
        split = data.load(source.name, path=arguments.path)
        facts["training images"] = str(split.train_images.shape)
        facts["test images"] = str(split.test_images.shape)
        facts["class names"] = " ".join(split.class_names)
    width = max(map(len, facts))
    for name, value in facts.items():
        print(f"{name.ljust(width)}  {value}")
    if arguments.picture:
        _draw(split, pathlib.Path(arguments.picture))
        print(f"\nWritten to {arguments.picture}")


def _fetch(arguments):
    from lessons.toolkit import data
    from lessons.toolkit.data import cache, mnist

    source = data.find(arguments.name)
    if source.offline:
        print(f"{source.name} comes with the package; there is nothing to fetch")
        return
    # Only a file at the place asked for counts: "put it there" means there.
    place = mnist.locate(source.name, arguments.path)
    if place:
        print(f"{source.name} is here already: {place}")
        return
    files = mnist.FILES[source.name]
    folder = pathlib.Path(arguments.path or cache.folder() / source.name)
    cache.download(folder, files.base, files.download)
    print(f"{source.name} is now in {folder}")


def _size(shape):
    return "x".join(map(str, shape))


def _check_picture(path):
    if pathlib.Path(path).suffix.lower() != ".png":
        raise UserError(f"cannot write the picture {path!r}. Allowed: a .png file.")


def _draw(split, path):
    """Write the first 64 training images as one PNG, under its name when complete."""
    from lessons.toolkit import figures

    figure, axis = figures.new(size=(5, 5))
    figures.show_tiles(axis, split.train_images[:64, ..., 0], 8, title=split.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    try:
        figure.savefig(partial, format="png")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
