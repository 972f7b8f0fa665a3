#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Many at once, under sanitizers and valgrind, and mounting again and again; see README.md.

    stress.py SCRATCH [--plain DAEMON] [--asan DAEMON] [--tsan DAEMON] [--valgrind DAEMON]
              [--seconds N] [--cycles N] [--seed SEED]

Each daemon that is given is stressed (--plain: mounted and unmounted N times). A line per part, then the
counts.
"""
import argparse
import os
import random
import signal
import shutil
import subprocess
import sys
import time
import traceback

import chaos
import pressure

PROCESSES = 8
LIMIT = 48 * pressure.MIB     # of memory, for a daemon and its clients
REPORT = 77


class Failure(Exception):
    pass


class Overlay:
    """Layers and a mount, below a directory of their own."""
    more_options = ""

    def __init__(self, top, command, variables=()):
        self.top, self.command, self.environment = top, command, dict(os.environ, **dict(variables))
        for name in ("l", "u", "w", "m"):
            os.makedirs(top + "/" + name)
        chaos.fill(top + "/l")
        self.mnt, self.process = top + "/m", None
        self.lower_before = dump(top + "/l", "--private", "--hash")

    def words(self):
        layers = "lowerdir=%s/l,upperdir=%s/u,workdir=%s/w" % (self.top, self.top, self.top)
        return ["-o", layers + self.more_options, self.mnt]

    def mount(self):
        """In the foreground, as our child: so that its end can be judged."""
        log = open(self.top + "/log", "ab")
        self.process = subprocess.Popen(self.command + ["-f"] + self.words(), env=self.environment,
                                        stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + 60
        while not os.path.ismount(self.mnt):
            if self.process.poll() is not None or time.monotonic() > end:
                raise Failure("nothing is mounted: " + self.said())
            time.sleep(0.01)

    def said(self):
        text = ""
        for name in sorted(os.listdir(self.top)):
            if name.startswith(("log", "sanitizer")):
                with open(self.top + "/" + name, errors="replace") as f:
                    text += f.read()
        return text

    def umount(self):
        subprocess.run(["umount", self.mnt], check=True)
        status = self.process.wait(120)
        self.process = None
        if status or "Sanitizer" in self.said() or "runtime error:" in self.said():
            raise Failure("the daemon ended with status %d:\n%s" % (status, self.said()[:6000]))

    def check_layers(self):
        if dump(self.top + "/l", "--private", "--hash") != self.lower_before:
            raise Failure("the lower layer has changed")
        left = os.listdir(self.top + "/w/work")
        if left:
            raise Failure("the work directory holds %s" % left)

    def clear(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        subprocess.run(["umount", "-l", self.mnt], stderr=subprocess.DEVNULL, check=False)


def dump(*words):
    return subprocess.run([os.environ["TREEDUMP"], *words[1:], words[0]], stdout=subprocess.PIPE, check=True).stdout


def fork_each(works):
    """Runs each in a process; returns how many failed, each having said why."""
    pids = []
    for work in works:
        sys.stdout.flush()
        pid = os.fork()
        if not pid:
            status = 1
            try:
                work()
                status = 0
            except BaseException:   # a process that was forked must not go on as its parent
                traceback.print_exc()
            finally:
                os._exit(status)
        pids.append(pid)
    return pids


def make_chaos(overlay, seed, seconds, processes=PROCESSES):
    """All at once, with the kernel's caches dropped all the time. Returns nothing, or raises."""
    workers = [chaos.Chaos(overlay.mnt, "%s/%d" % (seed, n)) for n in range(processes)]
    end = time.monotonic() + seconds
    pids = fork_each([lambda w=w: w.go_on(seconds) for w in workers])
    dropper = fork_each([lambda: chaos.drop_caches_until(lambda: time.monotonic() > end)])[0]
    failed = sum(1 for pid in pids if os.waitpid(pid, 0)[1])
    os.waitpid(dropper, 0)
    if failed:
        raise Failure("%d of %d processes met an error that nobody else can have caused" % (failed, processes))


def check_tree(overlay):
    """What is mounted is the same after remounting, and the layers are in order."""
    before = dump(overlay.mnt, "--hash", "--no-nlink")
    overlay.umount()
    overlay.check_layers()
    overlay.mount()
    after = dump(overlay.mnt, "--hash", "--no-nlink")
    overlay.umount()
    if before != after:
        raise Failure("unmounted and mounted again, the tree differs")


def stress(overlay, seed, seconds, processes=PROCESSES):
    """Chaos; then the tree is the same after remounting, the layers are in order, nothing was reported."""
    overlay.mount()
    make_chaos(overlay, seed, seconds, processes)
    check_tree(overlay)
    return "%d processes, %d seconds" % (processes, seconds)


def squeezed(overlay, seed, seconds):
    """Chaos while memory is short for the daemon and its clients."""
    limit = pressure.Limit(LIMIT)
    try:
        with open(overlay.top + "/l/large", "wb") as f:
            f.write(os.urandom(pressure.MIB) * (2 * LIMIT // pressure.MIB))
        overlay.lower_before = dump(overlay.top + "/l", "--private", "--hash")
        overlay.mount()
        limit.enter(overlay.process.pid)
        end = time.monotonic() + seconds

        def inside(work):
            limit.enter()
            work()
        workers = [chaos.Chaos(overlay.mnt, "%s/%d" % (seed, n)) for n in range(PROCESSES)]
        works = [lambda w=w: inside(lambda: w.go_on(seconds)) for w in workers]
        works.append(lambda: inside(lambda: pressure.read_until(overlay.mnt + "/large", lambda: time.monotonic() > end)))
        failed = sum(1 for pid in fork_each(works) if os.waitpid(pid, 0)[1])
        reached = limit.reached()
        if failed:
            raise Failure("%d of %d processes met an error that nobody else can have caused" % (failed, len(works)))
        if reached < 100:
            raise Failure("memory was short only %d times: this tests nothing" % reached)
        check_tree(overlay)
    finally:
        overlay.clear()
        limit.end()
    return "%d processes, %d seconds, in %d MiB, which were used up %d times" % (
        PROCESSES, seconds, LIMIT // pressure.MIB, reached)


def traces(overlay):
    """What may leak outside of a daemon that has ended."""
    with open("/proc/self/mountinfo") as f:
        mounts = f.read().count(overlay.top)
    processes = [p for p in os.listdir("/proc") if p.isdigit()]
    return {"mounts": mounts, "processes": len(processes), "descriptors": len(os.listdir("/proc/self/fd")),
            "files": sum(len(names) for _, _, names in os.walk(overlay.top))}


def cycle(overlay, number):
    """Mount as people do, use, unmount; returns when the daemon has gone."""
    subprocess.run(overlay.command + overlay.words(), check=True, stdin=subprocess.DEVNULL)
    path = "%s/d0/f%d" % (overlay.mnt, number % 3)
    with open(path, "ab") as f:
        f.write(b"x")
    os.rename(path, overlay.mnt + "/d1/moved")
    os.unlink(overlay.mnt + "/d1/moved")
    os.mkdir(overlay.mnt + "/new")
    os.listdir(overlay.mnt + "/d1")
    subprocess.run(["umount", overlay.mnt], check=True)
    deadline = time.monotonic() + 20
    name = os.path.basename(overlay.command[0])[:15]
    while name in names_of_processes():
        reap()
        if time.monotonic() > deadline:
            raise Failure("after 20 seconds the daemon still runs")
        time.sleep(0.002)
    # The next cycle begins with the same layers.
    shutil.rmtree(overlay.top + "/u")
    os.mkdir(overlay.top + "/u")


def reap():
    """We are the first process of a namespace: daemons become our children."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def names_of_processes():
    names = []
    for directory in os.listdir("/proc"):
        if directory.isdigit():
            try:
                with open("/proc/%s/stat" % directory) as f:
                    names.append(f.read().split("(", 1)[1].rpartition(")")[0])
            except OSError:
                pass
    return names


def cycles(overlay, count):
    cycle(overlay, 0)
    before = traces(overlay)
    for number in range(count):
        cycle(overlay, number)
    after = traces(overlay)
    if before != after:
        raise Failure("after %d cycles there are %s, before there were %s" % (count, after, before))
    overlay.check_layers()
    return "%d cycles of mount, use and unmount" % count


def usage(pid):
    """Descriptors, and private memory in KiB, once the kernel has forgotten its inodes."""
    for _ in range(3):
        with open("/proc/sys/vm/drop_caches", "w") as f:
            f.write("2")
        time.sleep(0.3)
    with open("/proc/%d/smaps_rollup" % pid) as f:
        private = sum(int(line.split()[1]) for line in f if line.startswith("Private_"))
    return len(os.listdir("/proc/%d/fd" % pid)), private


def long_life(overlay, seed, seconds):
    """One daemon: what it has grown by after the first chaos, it must not grow by again and again."""
    overlay.mount()
    seen = []
    for turn in range(4):
        make_chaos(overlay, "%s/%d" % (seed, turn), seconds / 4)
        seen.append(usage(overlay.process.pid))
    overlay.umount()
    descriptors, memory = [s[0] for s in seen], [s[1] for s in seen]
    if max(descriptors[1:]) > descriptors[0] + 40 or memory[-1] > memory[0] + 2048:
        raise Failure("descriptors %s, KiB of memory %s" % (descriptors, memory))
    return "one daemon, after each chaos: descriptors %s, KiB %s" % (descriptors, memory)


def parts(arguments):
    """name, command, variables, what is done."""
    seed, seconds, top = arguments.seed, arguments.seconds, arguments.scratch
    log = "log_path=%s/%%s/sanitizer" % top
    if arguments.plain:
        yield "cycles", [arguments.plain], {}, lambda o: cycles(o, arguments.cycles)
        yield "long-life", [arguments.plain], {}, lambda o: long_life(o, seed, seconds)
        yield "squeezed", [arguments.plain], {}, lambda o: squeezed(o, seed, seconds)
    if arguments.asan:
        yield "asan", [arguments.asan], {
            "ASAN_OPTIONS": log % "asan" + ":detect_leaks=1:exitcode=%d" % REPORT,
            "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1:" + log % "asan"}, \
            lambda o: stress(o, seed, seconds)
    if arguments.tsan:
        yield "tsan", ["setarch", "-R", arguments.tsan], {
            "TSAN_OPTIONS": log % "tsan" + ":exitcode=%d:second_deadlock_stack=1" % REPORT +
            ":suppressions=%s/tsan.suppressions" % os.path.dirname(os.path.abspath(__file__))}, \
            lambda o: stress(o, seed, seconds)
    if arguments.valgrind:
        yield "valgrind", ["valgrind", "-q", "--sim-hints=fuse-compatible", "--leak-check=full", "--errors-for-leak-kinds=definite",
                           "--error-exitcode=%d" % REPORT, arguments.valgrind], {}, \
            lambda o: stress(o, seed, max(5, seconds // 2), 3)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("scratch")
    for name in ("plain", "asan", "tsan", "valgrind"):
        parser.add_argument("--" + name)
    parser.add_argument("--seconds", type=int, default=12)
    parser.add_argument("--cycles", type=int, default=100)
    parser.add_argument("--options", help="more mount options")
    parser.add_argument("--skipped", type=int, default=0)
    parser.add_argument("--seed", default=str(random.SystemRandom().randrange(10 ** 9)))
    arguments = parser.parse_args()
    if arguments.options:
        Overlay.more_options = "," + arguments.options
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    print("stress: seed %s" % arguments.seed, flush=True)
    passed = failed = 0
    skipped = arguments.skipped
    for name, command, variables, do in parts(arguments):
        overlay, begin = Overlay(arguments.scratch + "/" + name, command, variables), time.monotonic()
        try:
            said = do(overlay)
            passed += 1
            print("ok    %s: %s (%d s)" % (name, said, time.monotonic() - begin), flush=True)
        except pressure.Unavailable as e:
            skipped += 1
            print("SKIP stress: %s: %s" % (name, e), flush=True)
        except (Failure, OSError, subprocess.SubprocessError) as e:
            failed += 1
            print("FAIL  %s: %s\n%s" % (name, e, overlay.said()[:6000]), flush=True)
        finally:
            overlay.clear()
    print("stress: %d passed, %d failed, %d skipped" % (passed, failed, skipped))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
