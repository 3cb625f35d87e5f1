"""The files that say what gets installed agree with each other."""

import pathlib
import re
import tomllib

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = pathlib.Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-gpu.lock", "requirements-bench.lock")
INPUTS = ("requirements.in", "requirements-gpu.in", "requirements-bench.in")
# The ends of the project's range of Pythons, on the platforms a reader may have.
PYTHONS = ("3.11.9", "3.12.4", "3.13.1")
PLATFORMS = {
    "linux": {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"},
    "macos": {
        "sys_platform": "darwin",
        "os_name": "posix",
        "platform_system": "Darwin",
        "platform_machine": "arm64",
    },
}


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def requirements_of(name):
    """Requirements of a `.in` file, by canonical name."""
    lines = (ROOT / name).read_text().splitlines()
    bare = [line.split("#")[0].strip() for line in lines]
    parsed = [Requirement(line) for line in bare if line and not line.startswith("-")]
    return {(canonicalize_name(r.name), *sorted(r.extras)): r for r in parsed}


def pins_of(name):
    """`(requirement, hashes)` for every entry of a lock file."""
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
    pins = []
    for entry in entries:
        requirement, *hashes = re.split(r"\s*\\\n\s*--hash=", entry)
        pins.append((Requirement(requirement), hashes))
    return pins


def environments():
    """Markers of every Python and platform, as parameters of a test."""
    return [
        pytest.param(
            {**markers, "python_full_version": python, "python_version": python[:4]},
            id=f"{platform}-{python}",
        )
        for python in PYTHONS
        for platform, markers in PLATFORMS.items()
    ]


def installed(pins, environment):
    """Versions that pip would install in an environment, by canonical name."""
    return {
        canonicalize_name(pin.name): next(iter(pin.specifier)).version
        for pin, _ in pins
        if pin.marker is None or pin.marker.evaluate(environment)
    }


def test_requirements_in_lists_what_pyproject_needs():
    needed = project()["dependencies"] + project()["optional-dependencies"]["dev"]
    expected = {canonicalize_name(Requirement(line).name): line for line in needed}
    found = {key[0]: str(value) for key, value in requirements_of(INPUTS[0]).items()}
    assert found == expected


@pytest.mark.parametrize("extra", ["gpu", "bench"])
def test_extras_are_the_same_in_pyproject_and_their_requirements(extra):
    listed = project()["optional-dependencies"][extra]
    expected = {canonicalize_name(Requirement(line).name) for line in listed}
    found = {key[0] for key in requirements_of(f"requirements-{extra}.in")}
    assert found == expected


@pytest.mark.parametrize("environment", environments())
@pytest.mark.parametrize(("source", "lock"), [*zip(INPUTS, LOCKS, strict=True)])
def test_lock_satisfies_its_requirements(source, lock, environment):
    versions = installed(pins_of(lock), environment)
    wanted = {**requirements_of("requirements.in"), **requirements_of(source)}
    for (name, *_), requirement in wanted.items():
        if requirement.marker is None or requirement.marker.evaluate(environment):
            assert name in versions
            assert requirement.specifier.contains(versions[name], prereleases=True)


@pytest.mark.parametrize("environment", environments())
@pytest.mark.parametrize("lock", LOCKS[1:])
def test_larger_locks_keep_the_pins_of_the_first(lock, environment):
    base = installed(pins_of(LOCKS[0]), environment)
    larger = installed(pins_of(lock), environment)
    assert {name: larger.get(name) for name in base} == base


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_is_exact_and_has_a_hash(lock):
    pins = pins_of(lock)
    assert len(pins) > 100
    for pin, hashes in pins:
        assert [specifier.operator for specifier in pin.specifier] == ["=="], pin
        assert hashes, pin
        for value in hashes:
            assert re.fullmatch(r"sha256:[0-9a-f]{64}", value), pin


@pytest.mark.parametrize("name", [*LOCKS, *INPUTS, "environment.yml"])
def test_no_file_names_an_index_or_an_address(name):
    for line in (ROOT / name).read_text().splitlines():
        code = line.split("#")[0]
        assert "://" not in line
        assert not re.search(r"--(index|extra-index|find-links|trusted)", code)
        assert not re.match(r"\s*-[if]\b", code)


def conda():
    return yaml.safe_load((ROOT / "environment.yml").read_text())


def test_conda_file_has_python_pip_and_the_lock_only():
    python, pip, section = conda()["dependencies"]
    assert set(conda()) == {"name", "dependencies"}  # no channel: the user's own
    assert (conda()["name"], python.split()[0], pip) == ("lessons", "python", "pip")
    assert section == {"pip": ["-r requirements.lock"]}


def test_conda_file_is_taken_by_hash_mode():
    """Nothing in pip's one file lacks a hash: no editable, nothing unpinned."""
    (_, _, section) = conda()["dependencies"]
    files = [line.removeprefix("-r ") for line in section["pip"]]
    assert all(hashes for file in files for _, hashes in pins_of(file))


def test_python_range_is_the_same_everywhere(bootstrap):
    requires = SpecifierSet(project()["requires-python"])
    range_of_conda = SpecifierSet(conda()["dependencies"][0].split()[1])
    assert range_of_conda == requires
    for minor in range(20):
        allowed = bootstrap.OLDEST <= (3, minor) <= bootstrap.NEWEST
        assert requires.contains(f"3.{minor}.0") == allowed


def test_python_is_found_by_the_same_range(bootstrap):
    script = (ROOT / "scripts" / "find_python.sh").read_text()
    assert f"{bootstrap.OLDEST} <= sys.version_info[:2] <= {bootstrap.NEWEST}" in script


def test_bootstrap_installs_the_locks_there_are(bootstrap):
    assert sorted(extra.lock for extra in bootstrap.EXTRAS.values()) == sorted(LOCKS)


def test_markers_are_told_apart():
    """The tests above rest on this: a marker of another Python leaves a pin out."""
    old = {"python_full_version": "3.11.9", "python_version": "3.11"}
    assert Marker("python_full_version < '3.12'").evaluate(old)
    assert not Marker("python_full_version >= '3.12'").evaluate(old)
