# SPDX-License-Identifier: GPL-2.0-or-later
"""What a worker's part of the tree must look like after each of its operations.

A state is names (path: id) and nodes (id: Node). An operation is a list, as it stands in the log:

    ["create", path, id]         ["write", path, offset, length, tag]   ["truncate", path, size]
    ["mkdir", path, id]          ["chmod", path, mode]                  ["setxattr", path, value]
    ["symlink", path, target, id]["rename", old, new]                   ["exchange", old, new]
    ["link", old, new]           ["unlink", path]                       ["rmdir", path]
    ["fsync", path]              ["fsyncdir", path]

apply() changes a state by one; choose() finds the next ones, from what there is.
"""
import copy
import random

XATTR = "user.crash"


class Node:
    """A file, directory or symbolic link. content is bytes (file), None, or a target (str)."""

    def __init__(self, kind, mode, content=None, value=None):
        self.kind, self.mode, self.content, self.value = kind, mode, content, value

    def facts(self):
        return (self.kind, self.mode, self.value, self.content if self.kind == "l" else None)


class State:
    def __init__(self):
        self.names, self.nodes = {}, {}

    def copy(self):
        """Contents are shared: bytes do not change."""
        other = State()
        other.names = dict(self.names)
        other.nodes = {i: copy.copy(n) for i, n in self.nodes.items()}
        return other

    def node(self, path):
        return self.nodes[self.names[path]]

    def below(self, path):
        return [p for p in self.names if p.startswith(path + "/")]


def pattern(tag, length):
    """Bytes that stand nowhere else."""
    return random.Random(tag).randbytes(length)


def move(state, old, new):
    moved = {new + p[len(old):]: state.names.pop(p) for p in state.below(old)}
    moved[new] = state.names.pop(old)
    state.names.update(moved)


def exchange(state, old, new):
    move(state, old, "\0")
    move(state, new, old)
    move(state, "\0", new)


def put_bytes(old, offset, data):
    head = old[:offset].ljust(offset, b"\0")
    return head + data + old[offset + len(data):]


def apply(state, op):
    what, path = op[0], op[1] if len(op) > 1 else None
    if what == "create":
        state.names[path], state.nodes[op[2]] = op[2], Node("f", 0o644, b"")
    elif what == "mkdir":
        state.names[path], state.nodes[op[2]] = op[2], Node("d", 0o755)
    elif what == "symlink":
        state.names[path], state.nodes[op[3]] = op[3], Node("l", 0o777, op[2])
    elif what == "write":
        node = state.node(path)
        node.content = put_bytes(node.content, op[2], pattern(op[4], op[3]))
    elif what == "truncate":
        node = state.node(path)
        node.content = node.content[:op[2]].ljust(op[2], b"\0")
    elif what == "chmod":
        state.node(path).mode = op[2]
    elif what == "setxattr":
        state.node(path).value = op[2]
    elif what == "rename":
        move(state, path, op[2])
    elif what == "exchange":
        exchange(state, path, op[2])
    elif what == "link":
        state.names[op[2]] = state.names[path]
    elif what in ("unlink", "rmdir"):
        del state.names[path]


def changed_nodes(state, op):
    """The ids of files whose content this operation changes; state is the one before it."""
    if op[0] in ("write", "truncate") and op[1] in state.names:
        return [state.names[op[1]]]
    return []


class Chooser:
    """Chooses operations that must succeed on a state. Names that a worker may use begin with roots."""

    def __init__(self, rng, state, roots, serial):
        self.rng, self.state, self.roots, self.serial = rng, state, roots, serial

    def new_id(self):
        self.serial += 1
        return self.serial

    def of_kind(self, kinds):
        return [p for p, i in self.state.names.items() if self.state.nodes[i].kind in kinds]

    def new_name(self):
        """A name that is not there, often one that was there before."""
        rng, dirs = self.rng, [p for p in self.of_kind("d") if p.count("/") < 5]
        for _ in range(20):
            where = rng.choice(self.roots + [d + "/" for d in dirs])
            path = where + "%s%d" % (rng.choice("fnd"), rng.randrange(8))
            if path not in self.state.names:
                return path
        return rng.choice(self.roots) + "x%d" % self.new_id()

    def change(self):
        """One change of a file's data."""
        rng, files = self.rng, self.of_kind("f")
        if not files:
            return []
        path = rng.choice(files)
        size = len(self.state.node(path).content)
        if rng.random() < 0.3:
            return [["truncate", path, rng.choice([0, size // 2, size + 100, rng.randrange(9000)])]]
        offset = rng.choice([0, size, rng.randrange(size + 1)])
        return [["write", path, offset, rng.choice([1, 10, 700, 5000, 40000]), self.new_id()]]

    def replace(self):
        """As editors save: a new file is written, synced, and renamed over the old one."""
        rng, files = self.rng, self.of_kind("f")
        if not files:
            return []
        path, new = rng.choice(files), self.new_name()
        ops = [["create", new, self.new_id()], ["write", new, 0, rng.randrange(1, 20000), self.new_id()]]
        if rng.random() < 0.7:
            ops += [["fsync", new]]
        ops += [["rename", new, path]]
        return ops if path != new else []

    def make(self):
        new, number = self.new_name(), self.new_id()
        what = self.rng.choice(["create", "create", "mkdir", "symlink"])
        if what == "symlink":
            return [[what, new, "to %d" % number, number]]
        return [[what, new, number]]

    def attribute(self):
        rng, any_path = self.rng, self.of_kind("fd")
        if not any_path:
            return []
        path = rng.choice(any_path)
        if rng.random() < 0.5:
            return [["chmod", path, rng.choice([0o700, 0o755, 0o750, 0o711])]]
        return [["setxattr", path, "v%d" % self.new_id()]]

    def remove(self):
        gone = self.of_kind("fld")
        if not gone:
            return []
        path = self.rng.choice(gone)
        if self.state.node(path).kind != "d":
            return [["unlink", path]]
        below = self.state.below(path)
        if len(below) > 6:
            return []
        below.sort(key=lambda p: -p.count("/"))
        kind = {p: self.state.node(p).kind for p in below}
        return [["rmdir" if kind[p] == "d" else "unlink", p] for p in below] + [["rmdir", path]]

    def rename(self):
        rng, paths = self.rng, self.of_kind("fld")
        if len(paths) < 2:
            return []
        old, new = rng.choice(paths), self.new_name()
        kind = self.state.node(old).kind
        if kind != "d" and rng.random() < 0.4:
            new = rng.choice(self.of_kind("fl"))
            # Renaming one name of a file to another does nothing.
            if self.state.names[new] == self.state.names[old]:
                return []
        elif rng.random() < 0.2:
            other = rng.choice(paths)
            if not (other + "/").startswith(old + "/") and not (old + "/").startswith(other + "/") and \
                    self.state.names[old] != self.state.names[other]:
                return [["exchange", old, other]]
        if (new + "/").startswith(old + "/"):
            return []
        return [["rename", old, new]]

    def link(self):
        files = self.of_kind("f")
        return [["link", self.rng.choice(files), self.new_name()]] if files else []

    def sync(self):
        """Never syncfs(2): the kernel does not pass it on to a FUSE file system."""
        rng, files = self.rng, self.of_kind("f")
        if not files:
            return []
        path = rng.choice(files)
        ops = [["fsync", path]]
        if rng.random() < 0.5:
            ops += [["fsyncdir", path.rpartition("/")[0]]]
        return ops

    def choose(self):
        kinds = [self.change] * 5 + [self.replace] * 4 + [self.make] * 4 + [self.attribute] * 3 + \
            [self.remove] * 3 + [self.rename] * 4 + [self.link, self.sync]
        if len(self.state.names) > 60:
            kinds += [self.remove] * 6
        while True:
            ops = self.rng.choice(kinds)()
            if ops:
                return ops
