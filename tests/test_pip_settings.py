"""The set-up works whatever a person has told pip, and reaches packages as told.

Real pip.conf files, a real pip, a real environment; the only package is made here.
"""

import hashlib
import os
import pathlib
import subprocess
import sys
import sysconfig
import zipfile

import pytest

# Settings that stop a plain pip here, or send the package elsewhere.
UNFIT = {
    "user": "yes",
    "target": "{elsewhere}/target",
    "prefix": "{elsewhere}/prefix",
    "root": "{elsewhere}/root",
    "dry-run": "yes",
    "require-hashes": "yes",
    "constraint": "{elsewhere}/constraints.txt",
    "requirement": "{elsewhere}/requirements.txt",
    "editable": "{elsewhere}/package",
    "no-binary": ":all:",
    "python": "{elsewhere}/python",
    "platform": "any_other",
    "python-version": "2.7",
    "log": "{elsewhere}/no/such/folder/log",
    "report": "{elsewhere}/no/such/folder/report",
    "use-feature": "no-such-feature",
    "src": "{elsewhere}/src",
    "no-deps": "yes",
    "pre": "yes",
    "ignore-installed": "yes",
    "force-reinstall": "yes",
    "upgrade": "yes",
    "quiet": "3",
}
STOPS = ("user", "target", "prefix", "root", "dry-run", "constraint", "no-binary")


@pytest.fixture
def settings(bootstrap):
    return bootstrap.watched_pip.pip_settings


@pytest.fixture
def shop(tmp_path):
    """A folder with one wheel, which is all that there is to install."""
    folder = tmp_path / "shop"
    folder.mkdir()
    info = "thing-1.0.dist-info"
    with zipfile.ZipFile(folder / "thing-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("thing.py", "VALUE = 1\n")
        wheel.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n"
        )
        wheel.writestr(
            f"{info}/WHEEL",
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n"
            "Tag: py3-none-any\n",
        )
        wheel.writestr(
            f"{info}/RECORD",
            f"thing.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n",
        )
    return folder


@pytest.fixture
def lock(tmp_path, shop):
    (wheel,) = shop.iterdir()
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    path = tmp_path / "requirements.lock"
    path.write_text(f"thing==1.0 \\\n    --hash=sha256:{digest}\n")
    return path


@pytest.fixture
def environment(tmp_path):
    """An empty virtual environment with this environment's pip; its interpreter."""
    folder = tmp_path / "venv"
    command = [sys.executable, "-m", "venv", "--without-pip", str(folder)]
    subprocess.run(command, check=True)
    (packages,) = folder.glob("lib/*/site-packages")
    source = pathlib.Path(sysconfig.get_path("purelib"), "pip")
    (packages / "pip").symlink_to(source)
    return folder / "bin" / "python"


@pytest.fixture(autouse=True)
def person(tmp_path, monkeypatch):
    """A person's home folder without any setting of pip."""
    for name in list(os.environ):
        if name.startswith("PIP_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / "config"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "home" / "system"))
    (tmp_path / "home" / "config" / "pip").mkdir(parents=True)
    (tmp_path / "constraints.txt").write_text("thing==2.0\n")


def unfit(tmp_path, names=tuple(UNFIT)):
    return {name: UNFIT[name].format(elsewhere=tmp_path) for name in names}


def write_conf(path, sections):
    lines = []
    for section, options in sections.items():
        lines += [f"[{section}]", *(f"{key} = {text}" for key, text in options.items())]
    path.write_text("\n".join(lines) + "\n")


def installed(environment):
    command = [str(environment), "-I", "-c", "import thing; print(thing.__file__)"]
    answer = subprocess.run(command, capture_output=True, text=True)
    return answer.stdout.startswith(str(environment.parents[1]))


def set_up(bootstrap, environment, lock, log):
    arguments = ["install", "--require-hashes", "-r", str(lock)]
    status = bootstrap.watched_pip.run(str(environment), arguments, str(log))
    assert status == 0, log.read_text()
    assert installed(environment), log.read_text()


def test_unfit_settings_in_files_are_not_followed_and_the_shop_is_found(
    bootstrap, environment, shop, lock, tmp_path, monkeypatch
):
    file = tmp_path / "pip.conf"
    reach = {"no-index": "yes", "find-links": str(shop)}
    sections = {"global": unfit(tmp_path) | reach, "install": unfit(tmp_path)}
    write_conf(file, sections)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(file))
    log = tmp_path / "log"
    set_up(bootstrap, environment, lock, log)
    said = log.read_text().splitlines()[0].partition(": ")[2]
    assert set(UNFIT) <= set(said.split(", "))


def test_unfit_settings_in_variables_are_not_followed_and_the_shop_is_found(
    bootstrap, environment, shop, lock, tmp_path, monkeypatch
):
    for name, value in unfit(tmp_path).items():
        monkeypatch.setenv("PIP_" + name.upper().replace("-", "_"), value)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shop))
    monkeypatch.setenv("PYTHONHOME", str(tmp_path))
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    set_up(bootstrap, environment, lock, tmp_path / "log")


def test_the_same_settings_stop_a_plain_pip(
    environment, shop, lock, tmp_path, monkeypatch
):
    """The control of the two tests above: each of these settings matters to pip."""
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    for name in STOPS:
        reach = {"no-index": "yes", "find-links": str(shop)}
        write_conf(tmp_path / "pip.conf", {"global": unfit(tmp_path, [name]) | reach})
        command = [str(environment), "-m", "pip", "install", "-r", str(lock)]
        subprocess.run(command, capture_output=True)
        assert not installed(environment), name


def test_the_last_word_is_the_one_that_pip_would_take(settings, tmp_path, monkeypatch):
    home, own = tmp_path / "home" / "config" / "pip", tmp_path / "pip.conf"
    write_conf(home / "pip.conf", {"global": {"timeout": "1", "proxy": "of.home:1"}})
    taken, _ = followed(settings)
    assert (taken["PIP_TIMEOUT"], taken["PIP_PROXY"]) == ("1", "of.home:1")

    of_install = {"timeout": "3", "index-url": "https://b.example/simple"}
    sections = {"global": {"timeout": "2", "cert": "/c.pem"}, "install": of_install}
    write_conf(own, sections | {"freeze": {"retries": "9"}})
    monkeypatch.setenv("PIP_CONFIG_FILE", str(own))
    monkeypatch.setenv("PIP_INDEX_URL", "https://c.example/simple")
    monkeypatch.setenv("PIP_USER", "1")
    taken, left_out = followed(settings)
    assert taken["PIP_TIMEOUT"] == "3"
    assert taken["PIP_CERT"] == "/c.pem"
    assert taken["PIP_INDEX_URL"] == "https://c.example/simple"
    assert taken.get("PIP_RETRIES") != "9"  # of another command
    assert taken.get("PIP_PROXY") != "of.home:1"  # a named file replaces the home's
    assert "user" in left_out


def followed(settings):
    """What the set-up's pip is given of a person's settings, and what it is not."""
    variables, left_out = settings.environment(sys.executable)
    assert variables.pop("PIP_CONFIG_FILE") == os.devnull
    taken = {name: value for name, value in variables.items() if name[:4] == "PIP_"}
    return taken, left_out


@pytest.mark.parametrize(
    ("option", "value", "taken"),
    [
        ("find-links", "/a\n/b", "/a\n/b"),
        ("no-cache-dir", "yes", "yes"),
        ("use-feature", "fast-deps truststore", "truststore"),
        ("use-feature", "fast-deps", None),
        ("only-binary", ":all:", None),
        ("index-url", "", None),
    ],
)
def test_what_is_followed(settings, option, value, taken):
    followed, left_out = settings.choose({option: value})
    assert followed.get(option) == taken
    assert left_out == ([] if taken else [option])


def test_a_file_that_cannot_be_read_is_left_to_pip_to_report(
    bootstrap, environment, lock, tmp_path, monkeypatch
):
    (tmp_path / "pip.conf").write_text("index-url = without a section\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    log = tmp_path / "log"
    arguments = ["install", "--require-hashes", "-r", str(lock)]
    assert bootstrap.watched_pip.run(str(environment), arguments, str(log)) != 0
    assert "pip.conf" in log.read_text()
