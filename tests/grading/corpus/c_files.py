"""Class C: files, links, other students, the gradebook."""

import os

from tests.grading.corpus.cases import LOST_DOUBLE, NONE, add
from tests.grading.small_course import SLUG, answered, hand_in


def _link_to_other(root, student):
    path = hand_in(root, student, b"")
    path.unlink()
    path.symlink_to(root / "submitted" / "h_right" / SLUG / f"{SLUG}.ipynb")


def _link_to_source(root, student):
    path = hand_in(root, student, b"")
    path.unlink()
    path.symlink_to(root / "source" / SLUG / f"{SLUG}.ipynb")


def _folder_is_link(root, student):
    folder = root / "submitted" / student
    folder.mkdir(parents=True)
    (folder / SLUG).symlink_to(root / "source" / SLUG)


def _hard_link(root, student):
    path = hand_in(root, student, b"")
    path.unlink()
    os.link(root / "source" / SLUG / f"{SLUG}.ipynb", path)


def _pipe(root, student):
    path = hand_in(root, student, b"")
    path.unlink()
    os.mkfifo(path)


def _directory(root, student):
    path = hand_in(root, student, b"")
    path.unlink()
    path.mkdir()


def _shadows(root, student):
    path = hand_in(root, student, answered(double="def double(x): return 0"))
    for name in ("numpy.py", "IPython.py", "lessons.py", "sitecustomize.py"):
        (path.parent / name).write_text("raise SystemExit\n")


def _wrong_name(root, student):
    hand_in(root, student, answered(), name="Sums (1).ipynb")


def _reads_files(root, student):
    source = f"""\
import glob, os
found = []
for path in [{str(root)!r}, os.path.dirname({str(root)!r}), "/root", "/home", "/tmp",
             "/etc", "/proc/1/root", "/mnt", "/srv", "/var", "/opt"]:
    for base, folders, names in os.walk(path):
        found += [os.path.join(base, name) for name in names]
secret = "{SLUG}.ipynb", "journal.jsonl", "shadow"
found = [p for p in found if os.path.basename(p) in secret]
def double(x): return 2 * np.array(x) if found else 0"""
    hand_in(root, student, answered(double=source))


def _writes_files(root, student):
    source = f"""\
import os
done = 0
for path in [{str(root)!r}, "/usr", "/etc", "/", "/root", "/dev", "/proc/sys/kernel"]:
    try:
        with open(os.path.join(path, "pwned"), "w") as file: file.write("x")
        done += 1
    except OSError: pass
def double(x): return 2 * np.array(x) if done else 0"""
    hand_in(root, student, answered(double=source))


add("c_link_to_another_student", _link_to_other, NONE, "rejected", "cannot be read")
add("c_link_to_the_source", _link_to_source, NONE, "rejected", "cannot be read")
add("c_folder_is_a_link", _folder_is_link, NONE, "rejected", "cannot be read")
add("c_hard_link_to_the_source", _hard_link, NONE, "rejected", "link to another")
add("c_pipe", _pipe, NONE, "rejected", "not a regular file")
add("c_directory", _directory, NONE, "rejected", "not a regular file")
add("c_shadows_modules", _shadows, LOST_DOUBLE)
add("c_wrong_file_name", _wrong_name, NONE, "rejected", "Sums (1).ipynb")
add("c_reads_files", _reads_files, LOST_DOUBLE)
add("c_writes_files", _writes_files, LOST_DOUBLE)
