# SPDX-License-Identifier: GPL-2.0-or-later
"""Memory pressure for some processes alone: a memory cgroup with a limit, of either version."""
import os
import time

MIB = 1 << 20


class Unavailable(Exception):
    """There is no memory cgroup to be had; says why."""


def read(path):
    with open(path) as f:
        return f.read()


def own_group():
    """Where this process is in the hierarchy that limits memory, and of which version it is."""
    with open("/proc/self/cgroup") as f:
        entries = [line.rstrip("\n").split(":", 2) for line in f]
    for wanted, version in (("memory", 1), ("", 2)):
        for _, controllers, path in entries:
            if wanted not in controllers.split(","):
                continue
            kind = ("cgroup", "memory") if version == 1 else ("cgroup2", "")
            for line in read("/proc/self/mountinfo").splitlines():
                before, after = line.split(" - ")
                if after.split()[0] == kind[0] and kind[1] in after.split()[2].split(",") + [""]:
                    group = before.split()[4] + path
                    if version == 1 or "memory" in read(group + "/cgroup.subtree_control").split():
                        return group, version
    raise Unavailable("no cgroup here can limit memory")


class Limit:
    """While it lasts, whoever has entered may use so much memory, page cache and inodes included."""

    def __init__(self, size):
        try:
            parent, self.version = own_group()
            self.path = "%s/fuse-overlay-stress-%d-%d" % (parent, os.getpid(), time.monotonic_ns())
            os.mkdir(self.path)
        except OSError as e:
            raise Unavailable("no memory cgroup can be made: %s" % e) from e
        name = "memory.limit_in_bytes" if self.version == 1 else "memory.max"
        try:
            with open(self.path + "/" + name, "w") as f:
                f.write(str(size))
        except OSError as e:
            os.rmdir(self.path)
            raise Unavailable("the memory cgroup takes no limit: %s" % e) from e

    def enter(self, pid=0):
        with open(self.path + "/cgroup.procs", "w") as f:
            f.write(str(pid or os.getpid()))

    def reached(self):
        """How often there was no more, and something had to be given back first."""
        if self.version == 1:
            return int(read(self.path + "/memory.failcnt"))
        return dict((k, int(v)) for k, v in (s.split() for s in read(self.path + "/memory.events").splitlines()))["max"]

    def end(self):
        """Whoever was in it has ended by now."""
        deadline = time.monotonic() + 10
        while True:
            try:
                return os.rmdir(self.path)
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)


def read_until(path, stop):
    """Reads a file larger than the limit again and again, so that all else in the group is given back."""
    while not stop():
        with open(path, "rb", buffering=0) as f:
            while f.read(MIB) and not stop():
                pass
