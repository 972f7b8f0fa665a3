#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Crashes: the daemon is killed, or the disk goes away, while workers change the tree; see README.md.

    crash.py SCRATCH DAEMON [--kills N] [--cuts N] [--seed SEED] [--only GENERATION] [--keep] [--no-disk]

SCRATCH is an empty directory on a file system that can carry an upper layer. A generation is fresh
layers and up to five crashes one after the other, each on what the last one left. Its kind and all that
its workers choose follow from the seed and its number; when the crash comes does so in milliseconds,
not in operations. Prints a line per generation and, last, the counts.
"""
import argparse
import fcntl
import hashlib
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import time

import judge
import load
import model

WORKERS = 4
PER_GENERATION = 5
EXT4_IOC_SHUTDOWN = 0x8004587D
FLUSH_LOG, NO_FLUSH = 1, 2
REDIRECT = "redirect_dir=on"


def run(*words):
    return subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)


def must(*words):
    done = run(*words)
    if done.returncode:
        raise RuntimeError("%s: %s" % (" ".join(words), done.stdout.strip()))


def hash_tree(*tops):
    """Everything in layers that nobody may change."""
    total = hashlib.sha256()
    for top in tops:
        for directory, names, files in sorted(os.walk(top)):
            for name in sorted(names + files):
                path = os.path.join(directory, name)
                st = os.lstat(path)
                xattrs = [(x, os.getxattr(path, x, follow_symlinks=False))
                          for x in sorted(os.listxattr(path, follow_symlinks=False))]
                total.update(repr((path, st.st_mode, st.st_uid, st.st_size, st.st_mtime_ns, st.st_nlink,
                                   xattrs)).encode())
                if name in files and os.path.isfile(path) and not os.path.islink(path):
                    with open(path, "rb") as f:
                        total.update(f.read())
    return total.hexdigest()


def make_lower(rng, top, layer, roots):
    """Files, directories and symbolic links below each root; some names in both layers."""
    def fill(prefix, depth):
        for name in ["f%d" % i for i in range(8) if rng.random() < 0.6]:
            with open(prefix + name, "wb") as f:
                size = rng.choice([0, 1, 900, 5000, 70000, 300000 if depth == 1 else 40])
                f.write(rng.randbytes(size))
        for name in ["n%d" % i for i in range(8) if rng.random() < 0.15]:
            os.symlink("in layer %d" % layer, prefix + name)
        for name in ["d%d" % i for i in range(4) if depth < 3 and rng.random() < 0.6]:
            os.mkdir(prefix + name)
            if layer == 1 and rng.random() < 0.2:
                os.setxattr(prefix + name, "trusted.overlay.opaque", b"y")
            fill(prefix + name + "/", depth + 1)

    os.mkdir(top)
    for directory in ["shared"] + ["w%d" % w for w in range(WORKERS)]:
        os.mkdir(top + "/" + directory)
    for mine in roots:
        for root in mine:
            fill(top + "/" + root, 1)


class Generation:
    """Fresh layers; crash() as often as wanted, check() after each."""

    def __init__(self, scratch, daemon, seed, number, options):
        self.rng = random.Random("%s/%d" % (seed, number))
        self.top, self.daemon, self.options = scratch, daemon, options
        self.cut = options["cut"]
        self.mnt, self.disk = scratch + "/mnt", scratch + "/disk"
        self.upper, self.work = self.disk + "/upper", self.disk + "/work"
        self.lower = [scratch + "/l1", scratch + "/l2"]
        self.roots = [["w%d/" % w, "shared/w%d-" % w] for w in range(WORKERS)]
        self.serial, self.process, self.states = 0, None, None
        self.cut_at = None   # when the disk went
        self.operations = 0
        os.mkdir(self.mnt)
        os.mkdir(self.disk)
        for layer, lower in enumerate(self.lower, 1):
            make_lower(self.rng, lower, layer, self.roots)
        self.lower_hash = hash_tree(*self.lower)
        if self.cut:
            self.make_disk()
        os.mkdir(self.upper)
        os.mkdir(self.work)
        os.sync()

    def make_disk(self):
        image = self.top + "/image"
        with open(image, "wb") as f:
            f.truncate(96 << 20)
        must("mkfs.ext4", "-q", "-E", "lazy_itable_init=0", image)
        self.mount_disk()

    def mount_disk(self):
        must("mount", "-o", "loop,commit=1", self.top + "/image", self.disk)

    def mount(self):
        """Mounts, and returns when it answers. Returns what was said where it was refused."""
        words = [REDIRECT, "lowerdir=" + ":".join(self.lower), "upperdir=" + self.upper,
                 "workdir=" + self.work]
        if self.options["volatile"]:
            words.append("volatile")
        said = open(self.top + "/said", "w+b")
        self.process = subprocess.Popen([self.daemon, "-f", "-o", ",".join(words), self.mnt],
                                        stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        end = time.monotonic() + 20
        while not os.path.ismount(self.mnt) and self.process.poll() is None:
            if time.monotonic() > end:
                raise judge.Wrong("after 20 seconds nothing is mounted")
            time.sleep(0.002)
        if self.process.poll() is None:
            return None
        self.process = None
        said.seek(0)
        return said.read().decode()

    def mount_again(self):
        """After a crash: with volatile it is refused until the mark has gone, where it is on the disk."""
        said, mark = None, self.work + "/work/incompat/volatile"
        if self.options["volatile"]:
            marked = os.path.lexists(mark)
            said = self.mount()
            if (said is not None) != marked:
                raise judge.Wrong("volatile, %s mark: %s" % ("with a" if marked else "no", said or "mounted"))
            if marked:
                shutil.rmtree(self.work + "/work/incompat")
                said = self.mount()
        else:
            said = self.mount()
        if said is not None:
            raise judge.Wrong("it cannot be mounted again: " + said)

    def umount(self):
        must("umount", self.mnt)
        if self.process.wait(20):
            raise judge.Wrong("the daemon ended with status %d" % self.process.returncode)
        self.process = None

    def start_workers(self):
        signs = load.CUT if self.cut else load.DEAD
        pids = []
        for w in range(WORKERS):
            chooser = model.Chooser(random.Random(self.rng.random()), self.states[w].copy(), self.roots[w],
                                    self.serial + w * 1000000)
            pid = os.fork()
            if not pid:
                status = 1
                try:
                    load.work(self.mnt, self.top + "/log%d" % w, chooser, signs)
                    status = 0
                finally:
                    os._exit(status)
            pids.append(pid)
        self.serial += WORKERS * 1000000
        return pids

    def crash(self):
        """Load, then the end of the daemon, and before it perhaps of the disk."""
        if self.process is None:
            self.mount_again()
        if self.states is None:
            self.take_states(judge.dump(self.mnt))
        delay = self.rng.random() * (1.2 if self.cut else 0.3)
        how = self.rng.choice([FLUSH_LOG, NO_FLUSH])
        pids = self.start_workers()
        time.sleep(delay)
        if self.cut:
            fd = os.open(self.disk, os.O_RDONLY)
            self.cut_at = time.monotonic_ns()
            fcntl.ioctl(fd, EXT4_IOC_SHUTDOWN, struct.pack("=I", how))
            os.close(fd)
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process = None
        broken = [w for w, pid in enumerate(pids) if os.waitpid(pid, 0)[1]]
        must("umount", self.mnt)
        if self.cut:
            must("umount", self.disk)
            self.mount_disk()
        if broken:
            raise judge.Wrong("workers %s ended by themselves" % broken)

    def take_states(self, found):
        self.states = []
        for w in range(WORKERS):
            state, self.serial = judge.state_of(found, self.paths_of(found, w), self.serial)
            self.states.append(state)

    def paths_of(self, found, w):
        return [p for p in found if p.startswith(tuple(self.roots[w]))]

    def check(self):
        """All that has to be true after a crash."""
        self.mount_again()
        found = judge.dump(self.mnt)
        lossy = self.cut and self.options["volatile"]
        rest = set(found) - {"shared"}
        for w in range(WORKERS):
            mine = {p: found[p] for p in self.paths_of(found, w)}
            rest -= set(mine) | {"w%d" % w}
            done, pending, failed = load.read_log(self.top + "/log%d" % w, self.cut_at)
            if failed:
                raise judge.Wrong("worker %d: %s" % (w, failed))
            self.operations += len(done)
            history = judge.History(self.states[w], done, pending)
            judge.find_state(history, mine, self.cut, lossy)
            judge.judge_absent(history, self.mnt, mine)
        if rest:
            raise judge.Wrong("nobody made %s" % sorted(rest))
        self.take_states(found)
        self.check_layers(found)

    def check_layers(self, found):
        """The lower is untouched, work/ is clean, kernel overlayfs sees the same."""
        self.umount()
        allowed = {"work"} | ({"work/incompat", "work/incompat/volatile", "work/incompat/volatile/dirty"}
                              if self.options["volatile"] else set())
        left = {os.path.relpath(os.path.join(d, p), self.work)
                for d, names, files in os.walk(self.work) for p in names + files} - allowed
        if left:
            raise judge.Wrong("the work directory holds %s" % left)
        if hash_tree(*self.lower) != self.lower_hash:
            raise judge.Wrong("a lower layer has changed")
        if "overlay" in open("/proc/filesystems").read():
            layers = ":".join([self.upper] + self.lower)
            must("mount", "-t", "overlay", "-o", "ro,redirect_dir=follow,lowerdir=" + layers, "overlay", self.mnt)
            try:
                theirs = judge.dump(self.mnt)
            finally:
                must("umount", self.mnt)
            differ = sorted(p for p in set(found) | set(theirs) if p not in found or p not in theirs or
                            found[p].facts() != theirs[p].facts() or found[p].content != theirs[p].content)
            if differ:
                raise judge.Wrong("kernel overlayfs sees %s otherwise" % differ)

    def clear(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        run("umount", "-l", self.mnt)
        if self.cut:
            run("umount", self.disk)


def kind_of(number, kills, cuts):
    """What the generation does: which crash, and with which options."""
    n_kill = (kills + PER_GENERATION - 1) // PER_GENERATION
    cut = number >= n_kill
    left = cuts - (number - n_kill) * PER_GENERATION if cut else kills - number * PER_GENERATION
    return {"cut": cut, "volatile": number % 3 == 2 if not cut else (number - n_kill) % 2 == 1,
            "rounds": max(0, min(left, PER_GENERATION))}


def run_generation(arguments, number, options):
    """Returns how many crashes passed, and what went wrong."""
    scratch = arguments.scratch + "/%d" % number
    os.mkdir(scratch)
    name = "%s%s" % ("power cut" if options["cut"] else "kill -9", ", volatile" if options["volatile"] else "")
    generation, passed, wrong = None, 0, None
    try:
        generation = Generation(scratch, arguments.daemon, arguments.seed, number, options)
        for _ in range(options["rounds"]):
            generation.crash()
            generation.check()
            passed += 1
    except (judge.Wrong, RuntimeError, OSError) as e:
        wrong = "%s: %s" % (type(e).__name__, e)
    operations = generation.operations if generation else 0
    if generation:
        generation.clear()
    print("%s generation %d (%s): %d crashes survived, %d operations%s" % (
        "FAIL" if wrong else "ok  ", number, name, passed, operations,
        "\n     crash %d: %s" % (passed + 1, wrong) if wrong else ""), flush=True)
    if not wrong or not arguments.keep:
        shutil.rmtree(scratch)
    return passed, bool(wrong)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("scratch")
    parser.add_argument("daemon")
    parser.add_argument("--kills", type=int, default=15)
    parser.add_argument("--cuts", type=int, default=6)
    parser.add_argument("--seed", default=str(random.SystemRandom().randrange(10 ** 9)))
    parser.add_argument("--only", type=int)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--no-disk", action="store_true")
    arguments = parser.parse_args()
    print("crash: seed %s, %d kills, %d power cuts" % (arguments.seed, arguments.kills, arguments.cuts))
    passed = failed = number = skipped = 0
    while (options := kind_of(number, arguments.kills, arguments.cuts))["rounds"]:
        if options["cut"] and arguments.no_disk:
            skipped += options["rounds"]
        elif arguments.only in (None, number):
            survived, wrong = run_generation(arguments, number, options)
            passed, failed = passed + survived, failed + wrong
        number += 1
    print("crash: %d passed, %d failed, %d skipped" % (passed, failed, skipped))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
