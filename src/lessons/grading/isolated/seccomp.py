"""A filter of system calls: what no exercise needs and attacks use is refused.

The filter is a small program for the kernel's packet filter (BPF). Refused calls fail
with EPERM, so that a library that only tries can go on.
"""

import ctypes
import os
import struct

_LOAD, _EQUAL, _GREATER, _BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050001  # EPERM
_MISSING = 0x00050026  # ENOSYS: the C library then uses the older call
_AND = 0x54
_NUMBER, _MACHINE, _FIRST = 0, 4, 16  # offsets in struct seccomp_data
_SECOND, _THIRD, _FOURTH = 24, 32, 40
_SHARED_ANONYMOUS = 0x21  # of mmap: memory that outlives the process and is in no file
_BUFFER_SIZES = (7, 8, 32, 33)  # of sockets: to send and to receive, also forced
_PIPE_SIZE = 1031  # of fcntl
_NEW_NAMESPACES = 0x7E020080  # every CLONE_NEW... flag
_UNIX = 1

# machine: (audit number, numbers of the calls)
_MACHINES = {
    "x86_64": (
        0xC000003E,
        {
            "socket": 41,
            "clone": 56,
            "clone3": 435,
            "mmap": 9,
            "setsockopt": 54,
            "fcntl": 72,
            "refused": (
                29,  # shmget: memory that no file system limits, as below
                30,  # shmat
                64,  # semget
                68,  # msgget
                319,  # memfd_create
                447,  # memfd_secret
                101,  # ptrace
                103,  # syslog
                134,  # uselib
                135,  # personality
                136,  # ustat
                139,  # sysfs
                153,  # vhangup
                155,  # pivot_root
                161,  # chroot
                163,  # acct
                165,  # mount
                166,  # umount2
                167,  # swapon
                168,  # swapoff
                169,  # reboot
                170,  # sethostname
                171,  # setdomainname
                172,  # iopl
                173,  # ioperm
                175,  # init_module
                176,  # delete_module
                179,  # quotactl
                180,  # nfsservctl
                206,  # io_setup
                209,  # io_submit
                212,  # lookup_dcookie
                237,  # mbind
                238,  # set_mempolicy
                240,  # mq_open
                246,  # kexec_load
                248,  # add_key
                249,  # request_key
                250,  # keyctl
                256,  # migrate_pages
                272,  # unshare
                278,  # vmsplice
                279,  # move_pages
                298,  # perf_event_open
                300,  # fanotify_init
                303,  # name_to_handle_at
                304,  # open_by_handle_at
                308,  # setns
                310,  # process_vm_readv
                311,  # process_vm_writev
                312,  # kcmp
                313,  # finit_module
                320,  # kexec_file_load
                321,  # bpf
                323,  # userfaultfd
                425,  # io_uring_setup
                426,  # io_uring_enter
                427,  # io_uring_register
                428,  # open_tree
                429,  # move_mount
                430,  # fsopen
                431,  # fsconfig
                432,  # fsmount
                433,  # fspick
                438,  # pidfd_getfd
                442,  # mount_setattr
                443,  # quotactl_fd
            ),
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "socket": 198,
            "clone": 220,
            "clone3": 435,
            "mmap": 222,
            "setsockopt": 208,
            "fcntl": 25,
            "refused": (
                *(186, 190, 194, 196, 279, 447),  # memory that no file system limits
                *(0, 2, 18, 39, 40, 41, 42, 51, 58, 60, 75, 89, 92, 97, 104, 105, 106),
                *(116, 117, 142, 161, 162, 180, 217, 218, 219, 224, 225, 235, 236, 237),
                *(238, 239, 241, 262, 264, 265, 268, 270, 271, 272, 273, 280, 282, 294),
                *(425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442, 443),
            ),
        },
    ),
}


def program(machine):
    """The filter as bytes, eight per instruction.

    Raises:
        KeyError: there is no list of calls for this machine.
    """
    audit, calls = _MACHINES[machine]
    lines = [
        (_LOAD, 0, 0, _MACHINE),
        (_EQUAL, 1, 0, audit),
        (_RETURN, 0, 0, _KILL),  # a call by another table of numbers
        (_LOAD, 0, 0, _NUMBER),
    ]
    if machine == "x86_64":  # the x32 table has a high bit set
        lines += [(_GREATER, 0, 1, 0x40000000), (_RETURN, 0, 0, _REFUSE)]
    lines += [(_EQUAL, 0, 1, calls["clone3"]), (_RETURN, 0, 0, _MISSING)]
    lines += [  # threads and processes, but no namespaces
        (_EQUAL, 0, 4, calls["clone"]),
        (_LOAD, 0, 0, _FIRST),
        (_BITS, 0, 1, _NEW_NAMESPACES),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
    lines += [  # sockets within the machine only: some kinds know no namespaces
        (_EQUAL, 0, 4, calls["socket"]),
        (_LOAD, 0, 0, _FIRST),
        (_EQUAL, 1, 0, _UNIX),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
    # Memory that belongs to no process and no limited folder, and larger buffers.
    lines += _with_argument(calls["mmap"], _FOURTH, [_SHARED_ANONYMOUS], mask=True)
    lines += _with_argument(calls["setsockopt"], _THIRD, _BUFFER_SIZES)
    lines += _with_argument(calls["fcntl"], _SECOND, [_PIPE_SIZE])
    for number in calls["refused"]:
        lines += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    lines.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("HBBI", *line) for line in lines)


def _with_argument(number, offset, values, mask=False):
    """Refuse a call if one argument is one of the values (has all bits of it)."""
    tests = [(_LOAD, 0, 0, offset)]
    for value in values:
        tests += [(_AND, 0, 0, value)] if mask else []
        tests += [(_EQUAL, 0, 1, value), (_RETURN, 0, 0, _REFUSE)]
    tests.append((_RETURN, 0, 0, _ALLOW))
    return [(_EQUAL, 0, len(tests), number), *tests]


def install(libc):
    """Put the filter on this thread and all it starts; it cannot be taken off.

    Args:
        libc: the C library, with errno.
    """
    code = program(os.uname().machine)
    buffer = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    wanted = Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    set_seccomp, mode_filter = 22, 2
    if libc.prctl(set_seccomp, mode_filter, ctypes.byref(wanted), 0, 0):
        raise OSError(ctypes.get_errno(), "the filter of system calls was refused")
