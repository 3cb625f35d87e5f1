"""A process that has imported what an exercise needs, and forks whoever uses it.

    python -m lessons.grading.isolated.zygote FD PARENT FOLDER GROUP [MODULE ...]

Importing TensorFlow takes seconds, forking a process that has it takes milliseconds.
On the Unix socket FD it is told to fork a worker, which runs a student's code, or a
host, which runs the instructor's tests; both are walled in, each by itself. The process
itself never sees either: what it holds in memory, its children can read.

Forking is only sound from a process with a single thread; `start` makes sure of it.
"""

import contextlib
import fcntl
import importlib
import json
import os
import shutil
import signal
import socket
import sys
import traceback

from lessons.grading.isolated import cgroups, namespaces, worker

LONGEST = 65536  # bytes of a request


def start(descriptor, parent, folder, group, modules):
    """Import, then serve requests until the socket is closed.

    Args:
        descriptor: of a connected Unix socket (SOCK_SEQPACKET).
        parent: number of the grader's process.
        folder: path of one of its own. Only this process makes it, and it removes it in
            the end, also if the grader is killed, whenever that is. As long as it
            lives, it holds a lock on the folder.
        group: file of the control group's members, or nothing. When the grader is
            killed, this process ends the members and removes the group.
        modules: names; what cannot be imported is left out.
    """
    try:
        signal.signal(signal.SIGTERM, lambda *_: _leave(folder, group))
        namespaces.die_with_parent(signal.SIGTERM)
        if os.getppid() == parent:  # otherwise it has been killed in between
            os.mkdir(folder, 0o700)
            place = os.open(folder, os.O_RDONLY)
            fcntl.flock(place, fcntl.LOCK_EX)
            _serve(descriptor, folder, modules)
    finally:
        _leave(folder, group)


def _serve(descriptor, folder, modules):
    for name in modules:
        with contextlib.suppress(Exception):  # the code that needs it will say
            importlib.import_module(name)
    importlib.import_module("lessons.grading.trusted.host")  # once, not in each host
    worker.prepare()  # last: what is there by then is shared with all children
    control = socket.socket(fileno=descriptor)
    signal.signal(signal.SIGCHLD, _reap)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the grader
    threads = len(os.listdir("/proc/self/task"))
    control.send(json.dumps({"threads": threads}).encode())
    if threads == 1:
        base = os.path.join(folder, "root")
        os.mkdir(base)
        while request := control.recv(LONGEST):
            _fork(control, json.loads(request), base)


def _leave(folder, group):
    """End at once; what this process has forked ends with it."""
    shutil.rmtree(folder, ignore_errors=True)
    if group:
        cgroups.Group(os.path.dirname(group), version=None).end()
    os._exit(0)


def _reap(*_):
    """Wait for children that have ended: what they cost is then counted."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _fork(control, request, base):
    """Make the child that is asked for; answers with its number and its sockets."""
    ours, theirs = socket.socketpair()
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        _in_child(request, base, theirs, writable, keep=(ours, readable, control))
    answer = json.dumps({"pid": child}).encode()
    socket.send_fds(control, [answer], [ours.fileno(), readable])
    for end in (ours, theirs):
        end.close()
    os.close(readable)
    os.close(writable)


def _in_child(request, base, connection, output, keep):
    """Become a worker or a host; never returns."""
    status = 1
    with contextlib.suppress(BaseException):
        try:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            namespaces.die_with_parent()
            _only_these(connection.fileno(), output)
            if request["kind"] == "open host":
                _serve_host(connection, output)
            elif request["kind"] == "open worker":  # the instructor said --unsafe
                os.setsid()
                worker.serve(connection, output)
            else:
                if request.get("group"):  # before anything of the student's is there
                    with open(request["group"], "w") as members:
                        members.write("0")
                serve = _serve_host if request["kind"] == "host" else worker.serve
                _behind_the_wall(request, base, connection, output, serve)
            status = 0
        except namespaces.IsolationError as error:
            worker.refuse(connection, str(error))
        except BaseException:
            traceback.print_exc()
    os._exit(status)


def _only_these(*descriptors):
    """Close all but the standard streams and these."""
    last = 3
    for descriptor in sorted(descriptors):
        os.closerange(last, descriptor)
        last = descriptor + 1
    os.closerange(last, 65536)


def _serve_host(connection, output):
    from lessons.grading.trusted import host

    host.serve(connection)


def _behind_the_wall(request, base, connection, output, serve):
    """Fork the first process of new namespaces; that one forks who serves."""
    user = request["user"]
    namespaces.unshare(user)
    first = os.fork()
    if first:
        # Told to end, this process ends the other and waits for it: left to the
        # machine's first process, it might lie about for seconds.
        signal.signal(signal.SIGTERM, lambda *_: os.kill(first, signal.SIGKILL))
        os.waitpid(first, 0)
        return
    try:
        # The first process of a namespace must outlive the others: all end with it.
        # It also ignores signals it has no handler for, which a worker must not.
        namespaces.die_with_parent()
        limits = namespaces.Limits(**request["limits"])
        paths = namespaces.visible_paths()
        os.setsid()
        namespaces.build_root(base, paths, request["masked"], limits)
        namespaces.give_up_rights(user, limits)
    except (namespaces.IsolationError, OSError) as error:
        worker.refuse(connection, str(error))
        os._exit(1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    child = os.fork()
    if child == 0:
        serve(connection, output)
        os._exit(0)
    connection.close()
    while True:
        ended, _ = os.waitpid(-1, 0)
        if ended == child:
            os._exit(0)


if __name__ == "__main__":
    start(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:5], sys.argv[5:])
