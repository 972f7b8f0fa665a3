# SPDX-License-Identifier: GPL-2.0-or-later
"""Is the tree that is found after a crash one that may be found?

The names, types, modes and attributes must be those after the first k operations of a worker, for one
k. Killed, k is the number of operations that were answered, or one more where one was under way. After
a power cut, what was not synced may be lost, but only from the end: the upper's file system keeps its
journal in order, so k is at least the last operation that was made durable.

The content of a file must be what it was after those k. The file that was being written when the
daemon died may be a mixture of old and new. After a power cut, each byte must be one that the file had
there since it was last synced, or zero where the file ended before it in the meantime (its size comes to
the disk before its data do); its size is one of the sizes, or between them. With volatile, bytes may
be zero everywhere and sizes smaller: nothing was promised.
"""
import os
import stat

import model

KINDS = {stat.S_IFREG: "f", stat.S_IFDIR: "d", stat.S_IFLNK: "l"}


class Wrong(Exception):
    pass


class Found:
    """One name of the tree as it is."""

    def __init__(self, path):
        st = os.lstat(path)
        self.kind = KINDS.get(stat.S_IFMT(st.st_mode), "?")
        self.mode, self.nlink, self.ino = stat.S_IMODE(st.st_mode), st.st_nlink, st.st_ino
        self.value = self.content = None
        if self.kind == "l":
            self.content = os.readlink(path)
        elif model.XATTR in os.listxattr(path, follow_symlinks=False):
            self.value = os.getxattr(path, model.XATTR).decode()
        if self.kind == "f":
            with open(path, "rb") as f:
                self.content = f.read()
            if len(self.content) != st.st_size:
                raise Wrong("%s: %d bytes can be read, its size is %d" %
                            (path, len(self.content), st.st_size))

    def facts(self):
        return (self.kind, self.mode, self.value, self.content if self.kind == "l" else None)


def dump(top):
    """{path: Found}; a name that is listed twice, or listed and not there, is wrong."""
    found, todo = {}, [""]
    while todo:
        directory = todo.pop()
        names = os.listdir(os.path.join(top, directory) if directory else top)
        if len(names) != len(set(names)):
            raise Wrong("%s lists a name twice: %s" % (directory or "/", sorted(names)))
        for name in names:
            path = directory + "/" + name if directory else name
            try:
                found[path] = Found(top + "/" + path)
            except OSError as e:
                raise Wrong("%s is listed, but: %s" % (path, e.strerror)) from e
            if found[path].kind == "d":
                todo.append(path)
    return found


def state_of(found, paths, serial):
    """A worker's state, made of what is found. ids are made of inode numbers: links share one."""
    state, ids = model.State(), {}
    for path in sorted(paths):
        f = found[path]
        if f.ino not in ids or f.kind == "d":
            serial += 1
            ids[f.ino] = serial
        state.names[path] = ids[f.ino]
        state.nodes[ids[f.ino]] = model.Node(f.kind, f.mode, f.content, f.value)
    return state, serial


class History:
    """A worker's states one after the other, and what each file contained."""

    def __init__(self, begin, done, pending):
        self.states, self.durable = [begin.copy()], 0
        # id: [(index of the state from which on, content)]; id: index of the last sync
        self.contents = {i: [(0, n.content)] for i, n in begin.nodes.items() if n.kind == "f"}
        self.synced, self.mentioned = {}, set(begin.names)
        self.touched = {}    # id, or path of a directory: the last operation on it
        self.answered = len(done)
        self.under_way = None
        for op in done:
            self.add(op)
        if pending is not None:
            self.under_way = pending
            self.add(pending, answered=False)

    def add(self, op, answered=True):
        before = self.states[-1]
        after = before.copy()
        model.apply(after, op)
        self.states.append(after)
        index = len(self.states) - 1
        self.mentioned.update(after.names)
        if op[0] == "create":
            self.contents[op[2]] = [(index, b"")]
        for i in model.changed_nodes(before, op):
            self.contents[i].append((index, after.nodes[i].content))
        if answered:
            self.note_touch(op, index, before, after)
            self.note_sync(op, index, before)

    def note_touch(self, op, index, before, after):
        if op[0] in ("fsync", "fsyncdir", "late"):
            return
        if op[0] in ("rename", "exchange") and before.node(op[1]).kind == "d":
            self.touched.clear()
        for state in (before, after):
            if op[1] in state.names:
                self.touched[state.names[op[1]]] = index
        if op[0] not in ("write", "truncate", "chmod", "setxattr"):
            for path in op[1:3] if op[0] in ("rename", "exchange", "link") else op[1:2]:
                self.touched[path.rpartition("/")[0]] = index

    def note_sync(self, op, index, state):
        """What an answered sync promises. The journal is one and in order: with the last operation on
        what was synced, all earlier ones are durable."""
        if op[0] == "fsync":
            node_id = state.names[op[1]]
            self.synced[node_id] = index
            self.durable = max(self.durable, self.touched.get(node_id, 0))
        elif op[0] == "fsyncdir":
            self.durable = max(self.durable, self.touched.get(op[1], 0))

    def possible(self, node_id, since):
        """Contents of a file since a state, that one's included."""
        all_of = self.contents[node_id]
        first = max((k for k, (index, _) in enumerate(all_of) if index <= since), default=0)
        return [c for _, c in all_of[first:]]


def names_differ(state, found):
    """None, or the first difference between a state's names and those that are found."""
    for path in sorted(set(state.names) | set(found)):
        if path not in found:
            return "%s is not there" % path
        if path not in state.names:
            return "%s is there" % path
        want, have = state.node(path).facts(), found[path].facts()
        if want != have:
            return "%s is %s, should be %s" % (path, have, want)
    return links_differ(state, found)


def links_differ(state, found):
    groups = {}
    for path, i in state.names.items():
        if state.nodes[i].kind == "f":
            groups.setdefault(i, []).append(path)
    for paths in groups.values():
        if len({found[p].ino for p in paths}) != 1:
            return "%s are no longer one file" % paths
        if found[paths[0]].nlink != len(paths):
            return "%s: link count %d, names %s" % (paths[0], found[paths[0]].nlink, paths)
    return None


def is_mixture(content, versions, lossy):
    """Is each byte one of these versions'? lossy: or zero, and sizes may be smaller."""
    sizes = [len(v) for v in versions]
    if content in versions:
        return True
    if len(content) > max(sizes) or (len(content) < min(sizes) and not lossy):
        return False
    for at in range(0, len(content), 512):
        chunk = content[at:at + 512]
        if any(v[at:at + 512] == chunk for v in versions):
            continue
        for k, byte in enumerate(chunk, at):
            may_be_zero = lossy or min(sizes) <= k
            if not (byte == 0 and may_be_zero) and not any(v[k:k + 1] == bytes([byte]) for v in versions):
                return False
    return True


def contents_differ(history, k, found, cut, lossy):
    state = history.states[k]
    for path, i in state.names.items():
        if state.nodes[i].kind != "f":
            continue
        content = found[path].content
        if cut:
            versions = history.possible(i, 0 if lossy else history.synced.get(i, 0))
        else:
            versions = [state.nodes[i].content]
            if history.under_way and i in model.changed_nodes(history.states[-2], history.under_way):
                versions = history.possible(i, history.answered)
        if not is_mixture(content, versions, lossy):
            return "%s: %d bytes that are none of its %d contents (of %s bytes)" % (
                path, len(content), len(versions), [len(v) for v in versions])
    return None


def find_state(history, found, cut=False, lossy=False):
    """Which k it is. Raises Wrong with the difference from the last that it might have been."""
    last = len(history.states) - 1
    first = (0 if lossy else history.durable) if cut else history.answered
    why = None
    for k in range(last, first - 1, -1):
        differs = names_differ(history.states[k], found) or \
            contents_differ(history, k, found, cut, lossy)
        if not differs:
            return k
        why = why or differs
        if k > first and not cut:
            why = differs
    raise Wrong("no state from %d to %d; after %s: %s" %
                (first, last, history.under_way or "the last answer", why))


def judge_absent(history, top, found):
    """Names that are not listed are not found by lookup either."""
    for path in history.mentioned - set(found):
        if os.path.lexists(top + "/" + path):
            raise Wrong("%s is there, but not listed" % path)
