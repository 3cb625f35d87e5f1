"""One zip for a classroom without a network: `make release`.

    .venv/bin/python scripts/release.py [--out build/lessons.zip] [--site build/site]

It holds the built website, the executed notebooks, the exercises as practice notebooks
with what their checks need, the package as a wheel, the hashes of all it depends on,
and a text that says how to begin. The same files give the same bytes.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
TOP = "lessons"  # the folder in the zip
_DATE = (1980, 1, 1, 0, 0, 0)
_READ_ME = """\
Lessons, for a classroom without a network

site/index.html    the course as a website: open it in a browser
notebooks/         the lessons as notebooks, executed; begin with start_here.ipynb
practice/          the exercises; they check your answers at once
course/            what the checks need: do not look before you have tried
{wheel}

To run notebooks, install once, where there is a network (Python 3.11 to 3.13):

    python -m venv .venv
    .venv/bin/pip install --require-hashes -r requirements.lock
    .venv/bin/pip install --no-deps {wheel}
    .venv/bin/jupyter lab

Afterwards nothing needs a network.
"""


def contents(root, site, wheel):
    """Files of the release, as {name in the zip: path}, sorted.

    Args:
        root: the checkout.
        site: folder of the built website.
        wheel: path of the package's wheel.
    """
    found = {f"site/{p.relative_to(site)}": p for p in site.rglob("*") if p.is_file()}
    for path in (root / "notebooks").rglob("*.ipynb"):
        if ".ipynb_checkpoints" not in path.parts:
            found[str(path.relative_to(root))] = path
    for folder in ("exercises", "answers"):
        for path in (root / "course" / folder).rglob("*.py"):
            found[str(path.relative_to(root))] = path
    for name in ("LICENSE", "requirements.lock"):
        found[name] = root / name
    found[wheel.name] = wheel
    return dict(sorted(found.items()))


def practice_notebooks(root):
    """The exercises as practice notebooks: {name in the zip: text}."""
    import nbformat

    from lessons.grading import exercise
    from lessons.practice.material import Material

    course = root / "course"
    return {
        f"practice/{slug}.ipynb": nbformat.writes(Material(slug, course).for_practice())
        for slug in exercise.slugs(course)
    }


def write(out, files, texts):
    """Write the zip beside its place and rename it.

    Args:
        out: its path.
        files: paths by name.
        texts: texts by name.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        temporary = pathlib.Path(folder, out.name)
        with zipfile.ZipFile(temporary, "w") as archive:
            for name in sorted({*files, *texts}):
                data = (
                    texts[name].encode() if name in texts else files[name].read_bytes()
                )
                entry = zipfile.ZipInfo(f"{TOP}/{name}", _DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, data)
        temporary.replace(out)


def build_wheel(root, folder):
    """Build the package's wheel without a network; returns its path."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    command += ["--no-build-isolation", "--wheel-dir", folder, str(root)]
    subprocess.run(command, check=True)
    return next(pathlib.Path(folder).glob("*.whl"))


def main(arguments=None):
    """Build the release; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build/lessons.zip")
    parser.add_argument("--site", type=pathlib.Path, default=ROOT / "build/site")
    given = parser.parse_args(arguments)
    if not (given.site / "index.html").is_file():
        print(f"no website in {given.site}: first `make site`", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        wheel = build_wheel(ROOT, folder)
        files = contents(ROOT, given.site, wheel)
        texts = {"README.txt": _READ_ME.format(wheel=wheel.name)}
        write(given.out, files, texts | practice_notebooks(ROOT))
    size = given.out.stat().st_size / 1e6
    print(f"{given.out}: {size:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
