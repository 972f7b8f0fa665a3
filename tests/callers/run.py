#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Calls the program as others do (corpus.py), on real directories: run.py AS PROGRAM DIRECTORY [PATTERN...]

Each call is made three times: what it mounts is used and unmounted in the caller's way; it is unmounted lazily
while a file is open; and the daemon is killed, then the same call is made again. Every time the mount, the daemon
and what the caller waits for have to be gone.
"""
import ctypes
import errno
import fnmatch
import os
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from corpus import CALLS  # noqa: E402

FUSE_MAGIC = 0x65735546
MNT_DETACH = 2
libc = ctypes.CDLL(None, use_errno=True)


class Failed(Exception):
    pass


class Skipped(Exception):
    pass


def check(condition, what):
    if not condition:
        raise Failed(what)


def until(condition, what, seconds=10.0):
    end = time.monotonic() + seconds
    while not condition():
        check(time.monotonic() < end, what)
        time.sleep(0.01)


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as out:
        out.write(text)


def read(path):
    with open(path) as file:
        return file.read()


def layer(path, on_top):
    os.makedirs(path)
    if on_top:
        write(path + "/f", "top\n")
        write(path + "/.wh.gone", "")
        write(path + "/d/one", "")
    else:
        write(path + "/f", "below\n")
        write(path + "/gone", "")
        write(path + "/g", "below\n")
        write(path + "/d/two", "")


def mounts(target):
    """(flags, type, source) of what is mounted there."""
    found = []
    for line in read("/proc/self/mountinfo").splitlines():
        before, after = line.split(" - ")
        fields = before.split(" ")
        point = fields[4].encode().decode("unicode_escape")
        if point == target:
            kind, source = after.split(" ")[:2]
            found.append((set(fields[5].split(",")), kind, source))
    return found


def f_type(path):
    """statfs's type, as containers/storage looks at it."""
    buffer = ctypes.create_string_buffer(256)
    check(libc.statfs(os.fsencode(path), buffer) == 0, "statfs")
    return ctypes.cast(buffer, ctypes.POINTER(ctypes.c_long))[0]


class Case:
    def __init__(self, call, who, program, top):
        self.call, self.who, self.program = call, who, os.path.realpath(program)
        self.top = top
        self.fd, self.detached, self.mounted_fd = None, [], None
        self.helpers = []
        graph = top + "/overlay"
        layer(graph + "/a/diff", True)
        layer(graph + "/b/diff", False)
        os.makedirs(graph + "/l")
        os.symlink("../a/diff", graph + "/l/AAAA")
        os.symlink("../b/diff", graph + "/l/BBBB")
        for name in ("diff", "work", "merged", "empty"):
            os.makedirs(graph + "/id/" + name)
        # As engines leave it; without capabilities nobody could write there.
        os.chmod(graph + "/id/diff", 0o755 if who == "plain" else 0o555)
        for src in (top + "/src", top + "/sr:c"):
            layer(src, True)
            write(src + "/g", "below\n")
        for name in ("upper", "work", "lower", "merge"):
            os.makedirs(top + "/c/" + name)
        self.graph = graph

    def fill(self, word):
        words = {"{G}": self.graph, "{P}": self.program, "{Q}": os.path.dirname(self.program) + "/fuse-overlayfs",
                 "{N}": "fuse-overlay", "{NF}": "fuse-overlayfs", "{S}": self.top + "/src", "{C}": self.top + "/c",
                 "{S\\:}": self.top + "/sr\\:c", "{FD}": str(self.mounted_fd),
                 "{500}": ":".join("%s/l/%026d" % (self.graph, i) for i in range(498))}
        for name, value in words.items():
            word = word.replace(name, value)
        return os.path.normpath(word) if word.endswith("/c/../src") else word

    @property
    def target(self):
        return self.fill(self.call.target)

    def find_daemons(self):
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                if os.path.samefile("/proc/%s/exe" % pid, self.program):
                    found.append(int(pid))
            except OSError:
                pass
        return found

    # --- what callers do beforehand ---

    def prepare(self):
        word, _, more = self.call.before.partition(":")
        if word:
            getattr(self, "prepare_" + word.replace("-", "_"))(*([more] if more else []))

    def prepare_forget_volatile(self):
        shutil.rmtree(self.graph + "/id/work/work/incompat", ignore_errors=True)

    def prepare_mapped_layers(self):
        where = self.graph + "/id/mapped/0/l/"
        for name in ("AAAA", "BBBB"):
            os.makedirs(where + name, exist_ok=True)
            subprocess.run(["mount", "--bind", self.graph + "/l/" + name, where + name], check=True)
            self.detached.append(where + name)

    def prepare_second_diff(self):
        if not os.path.exists(self.graph + "/a/diff1"):
            os.rename(self.graph + "/a/diff", self.graph + "/a/diff1")
            os.mkdir(self.graph + "/a/diff")

    def prepare_500(self):
        for i in range(498):
            os.makedirs("%s/n%d/diff" % (self.graph, i), exist_ok=True)
            link = "%s/l/%026d" % (self.graph, i)
            if not os.path.lexists(link):
                os.symlink("../n%d/diff" % i, link)

    def helper(self, name):
        path = "/usr/sbin/" + name
        if not os.path.exists(path):
            try:
                os.symlink(self.program, path)
            except OSError as error:
                raise Skipped("no link in /usr/sbin: %s" % error) from error
            self.helpers.append(path)

    def prepare_own_helper(self):
        self.helper("mount.fuse-overlay")

    def prepare_own_fuse_helper(self):
        self.helper("mount.fuse.fuse-overlay")

    def prepare_fstab(self, options):
        if not os.access("/etc/fstab", os.W_OK) and self.who == "root":
            raise Skipped("/etc/fstab cannot be replaced here")
        line = "overlay %s fuse.fuse-overlay %s,lowerdir=%s:%s,upperdir=%s,workdir=%s 0 0\n" % (
            self.target, options, self.graph + "/l/AAAA", self.graph + "/l/BBBB", self.fill(self.call.upper),
            os.path.dirname(self.fill(self.call.upper)) + "/work")
        # The caller of the whole suite has made this file everybody's, and its own.
        write("/etc/fstab", line.replace("a b", "a\\040b"))

    def prepare_fstab_blanks(self):
        for name in ("diff", "work", "merged"):
            os.makedirs(self.graph + "/a b/" + name, exist_ok=True)
        self.prepare_fstab("rw")

    def prepare_mounted_descriptor(self):
        self.mounted_fd = os.open("/dev/fuse", os.O_RDWR)
        os.set_inheritable(self.mounted_fd, True)
        data = "fd=%d,rootmode=40000,user_id=0,group_id=0,default_permissions,allow_other" % self.mounted_fd
        check(libc.mount(b"mine", os.fsencode(self.target), b"fuse.mine", 0, data.encode()) == 0, "mount(2)")

    # --- the call ---

    def start(self):
        """Calls, and waits as the caller does. Returns the process if it goes on in the foreground."""
        self.prepare()
        argv = [self.fill(word) for word in self.call.argv]
        if self.call.ambient:
            argv = ["setpriv", "--reuid", os.environ["CALLERS_USER"], "--clear-groups", "--inh-caps",
                    "+sys_admin,+sys_ptrace", "--ambient-caps", "+sys_admin,+sys_ptrace"] + argv
        # A descriptor that leaks from the caller's own caller, with a lock on it.
        leak_in, leak_out = os.pipe()
        keep = [leak_out] + ([self.mounted_fd] if self.mounted_fd is not None else [])
        streams = {"engine": (subprocess.DEVNULL, subprocess.PIPE), "null": (subprocess.DEVNULL,) * 2,
                   "output": (subprocess.PIPE, subprocess.STDOUT), "poll": (subprocess.PIPE, subprocess.STDOUT)}
        out, err = streams[self.call.how]
        process = subprocess.Popen(argv, cwd=self.graph, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                   pass_fds=keep)
        os.close(leak_out)
        if self.mounted_fd is not None:
            os.close(self.mounted_fd)
            self.mounted_fd = None
        try:
            if self.call.how == "poll":
                until(lambda: process.poll() is not None or self.is_mounted(), "not in mountinfo after 2 s", 2.0)
                if process.poll() is not None:
                    raise Failed("ended: %s" % process.stdout.read().decode())
            else:
                self.wait_for_end_of_output(process)
                check(os.read(leak_in, 1) == b"", "a descriptor is kept")
        finally:
            os.close(leak_in)
            for path in self.detached:
                check(libc.umount2(os.fsencode(path), MNT_DETACH) == 0, "the layers' mounts")
            self.detached = []
        return process if self.call.how == "poll" else None

    @staticmethod
    def wait_for_end_of_output(process):
        try:
            said = b"".join(filter(None, process.communicate(timeout=20)))
        except subprocess.TimeoutExpired as late:
            process.kill()
            raise Failed("the output has no end: the caller hangs") from late
        check(process.returncode == 0, "exit status %d: %s" % (process.returncode, said.decode()))
        check(said == b"" or "-v" in process.args, "said: %s" % said.decode())

    def is_mounted(self):
        return bool(mounts(self.target))

    # --- what is there then ---

    def look(self):
        call, target = self.call, self.target
        found = mounts(target)
        check(len(found) == 1, "%d mounts" % len(found))
        flags, kind, source = found[0]
        check((kind, source) == (call.type, call.source), "type and source: %s %s" % (kind, source))
        wanted = set(call.flags.split()) | {"rw" if call.writable else "ro"}
        if self.who == "plain":
            wanted |= {"nosuid", "nodev"}
        elif call.name.startswith("by-hand"):
            wanted |= {"nodev"}
        shown = flags & {"rw", "ro", "nosuid", "nodev", "noexec"}
        check(shown == wanted, "flags: %s" % " ".join(sorted(flags)))
        check(f_type(target) == FUSE_MAGIC, "statfs")
        check(os.stat(target).st_dev != os.stat(os.path.dirname(target)).st_dev, "st_dev is the parent's")
        self.look_at_files()

    def look_at_files(self):
        call, target = self.call, self.target
        names = sorted(name for name in os.listdir(target) if name != "new")
        check(" ".join(names) == call.shows, "names: %s" % names)
        check(not os.path.lexists(target + "/gone"), "a deleted file is back")
        if call.shows:
            check(read(target + "/f") == "top\n", "content")
            check(read(target + "/g") == "below\n", "content of the layer below")
        if not call.writable:
            try:
                write(target + "/new", "")
                raise Failed("it is writable")
            except OSError as error:
                check(error.errno == errno.EROFS, "not EROFS but %s" % error)
            return
        if call.ambient: # cannot give files to root, who looks
            return
        write(target + "/new", "new\n")
        if call.upper:
            check(read(self.fill(call.upper) + "/new") == "new\n", "in the upper")

    # --- the end ---

    def put(self):
        if subprocess.run(["fusermount3", "-u", self.target], stderr=subprocess.DEVNULL, check=False).returncode:
            check(libc.umount2(os.fsencode(self.target), MNT_DETACH) == 0, "umount -l")
        os.makedirs(self.target + ".1")
        os.rename(self.target + ".1", self.target)

    def unmount(self, end):
        if end == "put":
            self.put()
        elif end == "umount":
            # Who finds the mount in mountinfo may meet the daemon just making sure that it answers.
            until(lambda: libc.umount2(os.fsencode(self.target), 0) == 0 or ctypes.get_errno() != errno.EBUSY or
                  self.call.how != "poll", "umount(2): busy", 1.0)
            check(not self.is_mounted(), "umount(2): %s" % os.strerror(ctypes.get_errno()))
        elif end == "umount8":
            subprocess.run(["umount", self.target], check=True)
        else:
            subprocess.run(["fusermount3", "-u", self.target], check=True)

    def check_gone(self, process):
        check(not self.is_mounted(), "still mounted")
        if process:
            try:
                status = process.wait(timeout=10)
            except subprocess.TimeoutExpired as late:
                raise Failed("does not end") from late
            said = process.stdout.read().decode()
            process.stdout.close()
            check((status, said) == (0, ""), "exit status %d: %s" % (status, said))
        until(lambda: not self.find_daemons(), "a daemon is left")

    def use_and_unmount(self):
        process = self.start()
        self.look()
        self.unmount(self.call.end)
        self.check_gone(process)

    def unmount_lazily(self):
        process = self.start()
        name = next(iter(self.call.shows.split()[1:]), "new")
        file = open(self.target + "/" + name)
        if self.who == "plain":
            subprocess.run(["fusermount3", "-uz", self.target], check=True)
        else:
            check(libc.umount2(os.fsencode(self.target), MNT_DETACH) == 0, "umount -l")
        check(not self.is_mounted(), "still mounted")
        check(file.read() != "", "an open file after a lazy unmount")
        check(self.find_daemons(), "no daemon, but a file is open")
        file.close()
        self.check_gone(process)

    def kill_and_call_again(self):
        process = self.start()
        # mount.fuse3 and mount(8) have ended; one daemon is left.
        daemons = self.find_daemons()
        check(len(daemons) == 1, "%d daemons" % len(daemons))
        os.kill(daemons[0], signal.SIGKILL)
        if process:
            process.wait()
            process.stdout.close()
        until(lambda: not self.find_daemons(), "cannot be killed")
        until(self.answers_dead, "a killed daemon's mount answers")
        if self.is_mounted():
            self.unmount("umount" if self.call.end == "umount8" and self.who != "plain" else self.call.end)
        check(not self.is_mounted(), "a mount is left after the kill")
        self.use_and_unmount()

    def answers_dead(self):
        try:
            os.statvfs(self.target)
            return not self.is_mounted()
        except OSError as error:
            return error.errno == errno.ENOTCONN

    def clean_up(self):
        for path in self.detached + [self.target] * 3:
            libc.umount2(os.fsencode(path), MNT_DETACH)
        for pid in self.find_daemons():
            os.kill(pid, signal.SIGKILL)
        for path in self.helpers:
            os.unlink(path)


def run(call, who, program, top):
    os.mkdir(top)
    if call.ambient:
        os.chown(top, int(os.environ["CALLERS_USER"]), -1)
    case = Case(call, who, program, top)
    if call.ambient:
        subprocess.run(["chown", "-R", os.environ["CALLERS_USER"], top], check=True)
    try:
        for turn in (case.use_and_unmount, case.unmount_lazily, case.kill_and_call_again):
            turn()
        return "PASS", ""
    except Skipped as why:
        return "SKIP", str(why)
    except (Failed, OSError, subprocess.CalledProcessError) as why:
        place = why.__traceback__.tb_next
        return "FAIL", "%s: %s" % (place.tb_frame.f_code.co_name if place else "", why)
    finally:
        case.clean_up()
        shutil.rmtree(top, ignore_errors=True)


def main():
    who, program, top = sys.argv[1:4]
    patterns = sys.argv[4:] or ["*"]
    os.makedirs(top, exist_ok=True)
    failed = 0
    for call in CALLS:
        mine = call.runs_as.split()
        if not (who in mine or (who == "root" and "ambient" in mine)):
            continue
        if not any(fnmatch.fnmatch(call.name, pattern) for pattern in patterns):
            continue
        begin = time.monotonic()
        mark, why = run(call, who, program, "%s/%s" % (top, call.name))
        failed += mark == "FAIL"
        print("%s callers/%s/%s %.1f s%s" % (mark, who, call.name, time.monotonic() - begin, why and ": " + why),
              flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
