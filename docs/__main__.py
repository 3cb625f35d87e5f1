"""Build the website from the stored notebooks: `make site`.

Pages are assembled in build/site-work/pages, Sphinx turns them into HTML, and the
finished site takes the place of the one in build/site in one step. Nothing is
executed again, and nothing needs a network.
"""

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path

from docs.website import assemble
from lessons.toolkit import files
from lessons.toolkit.errors import UserError

ROOT = Path(__file__).resolve().parents[1]
MARKER = "searchindex.js"  # every site has it


def build(out, work):
    """Assemble the pages, build them, put the site in its place.

    Args:
        out: folder of the finished site; an earlier site in it is replaced.
        work: folder for what is kept between builds.

    Returns:
        Number of pages and size in bytes.

    Raises:
        UserError: a page cannot be made, Sphinx warns, or `out` is not a site.
    """
    files.check_folder(out, overwrite=True, marker=MARKER)
    pages = work / "pages"
    assemble.assemble(ROOT, pages)
    html = work / "html"
    shutil.rmtree(html, ignore_errors=True)  # pages that are no more
    command = [sys.executable, "-m", "sphinx", "--builder", "html"]
    command += ["--fail-on-warning", "--keep-going", "--quiet"]
    command += ["--conf-dir", ROOT / "docs", "--doctree-dir", work / "doctrees"]
    statics = ROOT / "docs" / "static", work / "static"
    command += ["--define", "html_static_path=" + ",".join(map(str, statics))]
    status = subprocess.call([*command, pages, html], cwd=ROOT)
    if status:
        raise UserError("Sphinx found the problems above; the old site is unchanged.")
    with files.new_folder(out) as partial:
        left_out = shutil.ignore_patterns(".buildinfo", "*.map", "_sources")
        shutil.copytree(html, partial, dirs_exist_ok=True, ignore=left_out)
    found = [path for path in Path(out).rglob("*") if path.is_file()]
    count = sum(path.suffix == ".html" for path in found)
    return count, sum(path.stat().st_size for path in found)


def main(argv=None):
    """Read the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m docs", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "site")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "site-work")
    options = parser.parse_args(argv)
    start = time.perf_counter()
    try:
        count, size = build(options.out, options.work)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    seconds = time.perf_counter() - start
    page = options.out / "index.html"
    print(f"{count} pages, {size / 1e6:.1f} MB, {seconds:.0f} s: {page}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
