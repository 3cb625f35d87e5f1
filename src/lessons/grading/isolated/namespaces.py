"""The wall: a process that sees no network, no other process and few files.

Built from what the Linux kernel gives: namespaces for mounts, processes, network and
messages, a root directory of its own, no capabilities, limits, and a filter of system
calls. Everything goes through `ctypes`, because a process that has imported TensorFlow
must be walled in without starting another program: that is what makes it fast.

Started by root, the process becomes an ordinary user that owns nothing. Started by an
ordinary user, it stays that user in a user namespace of its own, in which all files but
a few are not mounted.
"""

import contextlib
import ctypes
import dataclasses
import os
import pathlib
import resource
import struct
import sys

from lessons.grading.isolated import seccomp

_LIBC = ctypes.CDLL(None, use_errno=True)
_NEWNS, _NEWUTS, _NEWIPC, _NEWUSER = 0x20000, 0x4000000, 0x8000000, 0x10000000
_NEWPID, _NEWNET, _NEWCGROUP = 0x20000000, 0x40000000, 0x2000000
_RDONLY, _NOSUID, _NODEV, _NOEXEC, _REMOUNT, _BIND, _REC = 1, 2, 4, 8, 32, 4096, 16384
_PRIVATE, _DETACH = 1 << 18, 2
_SET_PDEATHSIG, _SET_DUMPABLE, _CAPBSET_DROP, _SET_NO_NEW_PRIVS = 1, 4, 24, 38
_SYSCALLS = {"x86_64": (155, 442, 126), "aarch64": (41, 442, 91)}
# No /dev/zero: mapped and shared, it is memory that nobody accounts for.
_DEVICES = ("null", "full", "random", "urandom")
_SYSTEM = ("usr", "bin", "sbin", "lib", "lib64", "lib32")
_SETTINGS = ("ld.so.cache", "localtime", "fonts", "alternatives", "nsswitch.conf")
HOME = "/home/student"
OWN = "/.own"  # the one file system that can be written, with a limited size
FIRST_USER, NUM_USERS = 61_000, 1000  # ids that no account has, one for each slot


@dataclasses.dataclass(frozen=True)
class Limits:
    """What one process may use; see `resource`.

    Attributes:
        memory: bytes of data of one process.
        processes: processes and threads of the sandbox's user.
        cpu: seconds of one process.
        file_size: bytes of one file.
        disk: bytes of all files together.
        inodes: files and folders together.
        open_files: of one process.
    """

    memory: int = 2 << 30
    processes: int = 128
    cpu: int = 300
    file_size: int = 64 << 20
    disk: int = 256 << 20
    inodes: int = 8192
    open_files: int = 256


class IsolationError(Exception):
    """This machine does not let the wall be built."""


def _check(result, what):
    if result:
        code = ctypes.get_errno()
        raise IsolationError(f"{what}: {os.strerror(code)}")


def _mount(source, target, kind, flags=0, options=None):
    words = [None if w is None else os.fsencode(w) for w in (source, target, kind)]
    options = None if options is None else options.encode()
    _check(_LIBC.mount(*words, flags, options), f"mount of {target}")


def _numbers():
    try:
        return _SYSCALLS[os.uname().machine]
    except KeyError:
        raise IsolationError(f"no filter for {os.uname().machine} processors") from None


def unshare(user):
    """Leave the namespaces of this process; children get the new process namespace.

    Args:
        user: number of the user inside.
    """
    flags = _NEWNS | _NEWPID | _NEWNET | _NEWIPC | _NEWUTS | _NEWCGROUP
    owner, group = os.getuid(), os.getgid()
    if owner == 0 and _LIBC.unshare(flags) == 0:
        return
    _check(_LIBC.unshare(flags | _NEWUSER), "new namespaces")
    pathlib.Path("/proc/self/setgroups").write_text("deny")
    pathlib.Path("/proc/self/uid_map").write_text(f"{user} {owner} 1")
    pathlib.Path("/proc/self/gid_map").write_text(f"{user} {group} 1")


def visible_paths():
    """The files a student's code may read: system, interpreter, this package."""
    package = pathlib.Path(__file__).resolve().parents[2]
    roots = [f"/{name}" for name in _SYSTEM]
    roots += [f"/etc/{name}" for name in _SETTINGS]
    interpreter = {sys.prefix, sys.base_prefix, sys.exec_prefix, str(package)}
    interpreter |= {os.path.realpath(path) for path in interpreter}
    return roots + sorted(interpreter)


def build_root(base, paths, masked, limits):
    """Mount a small read-only world and make it the root directory.

    Args:
        base: an empty directory to mount it on.
        paths: what is visible, read-only; those that do not exist are left out.
        masked: directories below them that are empty inside.
        limits: a `Limits`.
    """
    pivot_root, *_ = _numbers()
    # /proc of the old root goes with it: names of mounts must not reach the others.
    _mount(None, "/", None, _REC | _PRIVATE)
    _mount("tmpfs", base, "tmpfs", _NOSUID | _NODEV, "size=4m,mode=755")
    # From here on by relative paths: should somebody remove the directory, the mount
    # goes with it, and by its name all would be made again in the world outside.
    os.chdir(base)
    base = "."
    os.mkdir(base + OWN)
    options = f"size={limits.disk},nr_inodes={limits.inodes},mode=711"
    _mount("tmpfs", base + OWN, "tmpfs", _NOSUID | _NODEV, options)
    for number, name in enumerate(("/tmp", HOME, "/dev/shm")):
        os.makedirs(base + name, exist_ok=True)
        part = f"{base}{OWN}/{number}"
        os.mkdir(part)
        os.chmod(part, 0o1777)
        _mount(part, base + name, None, _BIND)
    # After the writable folders, since a checkout may lie in one of them.
    for path in paths:
        _show(base, path)
    for path in masked:
        if os.path.isdir(base + path):
            _mount("tmpfs", base + path, "tmpfs", _RDONLY | _NOSUID, "size=0,mode=755")
    for name in _DEVICES:
        target = f"{base}/dev/{name}"
        os.close(os.open(target, os.O_CREAT | os.O_RDONLY))
        _mount(f"/dev/{name}", target, None, _BIND)
    os.makedirs(f"{base}/proc")
    # A container may forbid it; most programs can do without.
    with contextlib.suppress(IsolationError):
        flags = _NOSUID | _NODEV | _NOEXEC
        _mount("proc", f"{base}/proc", "proc", flags)
    _write_accounts(base)
    os.makedirs(f"{base}/old")
    _check(_LIBC.syscall(pivot_root, base.encode(), f"{base}/old".encode()), "pivot")
    os.chdir("/")
    _check(_LIBC.umount2(b"/old", _DETACH), "leaving the old root")
    os.rmdir("/old")
    _mount(None, "/", None, _REMOUNT | _BIND | _RDONLY | _NOSUID | _NODEV)
    os.chdir(HOME)


def _show(base, path):
    """Bind one path read-only, or repeat it where it is a symbolic link."""
    target = base + path
    if os.path.lexists(target) or not os.path.exists(path):
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.islink(path):
        os.symlink(os.readlink(path), target)
        return
    if os.path.isdir(path):
        os.mkdir(target)
    else:
        os.close(os.open(target, os.O_CREAT | os.O_RDONLY))
    _mount(path, target, None, _BIND | _REC)
    _, mount_setattr, _ = _numbers()
    # struct mount_attr: set read-only, no set-uid programs, no devices; for all below.
    wanted = struct.pack("QQQQ", _RDONLY | _NOSUID | _NODEV, 0, 0, 0)
    recursive, here = 0x8000, -100
    _check(
        _LIBC.syscall(mount_setattr, here, target.encode(), recursive, wanted, 32),
        f"read-only {path}",
    )


def _write_accounts(base):
    os.makedirs(f"{base}/etc", exist_ok=True)
    for name, text in (
        ("passwd", f"student:x:{{0}}:{{0}}:student:{HOME}:/bin/sh\n"),
        ("group", "student:x:{0}:\n"),
    ):
        path = pathlib.Path(f"{base}/etc/{name}")
        path.write_text(text.format(FIRST_USER))


def give_up_rights(user, limits):
    """Become `user`, without capabilities and for good, under limits and the filter."""
    *_, capset = _numbers()
    for name, most in (
        ("RLIMIT_CORE", 0),
        ("RLIMIT_CPU", limits.cpu),
        ("RLIMIT_DATA", limits.memory),
        ("RLIMIT_FSIZE", limits.file_size),
        ("RLIMIT_NOFILE", limits.open_files),
        ("RLIMIT_NPROC", limits.processes),
        ("RLIMIT_MSGQUEUE", 0),
        ("RLIMIT_MEMLOCK", 1 << 20),
        ("RLIMIT_SIGPENDING", 256),
    ):
        resource.setrlimit(getattr(resource, name), (most, most)) if hasattr(
            resource, name
        ) else None
    for capability in range(64):
        if _LIBC.prctl(_CAPBSET_DROP, capability, 0, 0, 0):
            break
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    header = struct.pack("Ii", 0x20080522, 0)
    _check(_LIBC.syscall(capset, header, bytes(24)), "giving up capabilities")
    _check(_LIBC.prctl(_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    _LIBC.prctl(_SET_DUMPABLE, 1, 0, 0, 0)  # or /proc/self would belong to root
    die_with_parent()
    seccomp.install(_LIBC)


def die_with_parent(number=9):
    """Get a signal when the parent ends; forgotten when this process's user changes."""
    _check(_LIBC.prctl(_SET_PDEATHSIG, int(number), 0, 0, 0), "dying with the parent")
