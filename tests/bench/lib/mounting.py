# SPDX-License-Identifier: GPL-2.0-or-later
"""Mounting and unmounting what is measured, in namespaces of our own, so that nothing can be left behind."""
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(os.path.dirname(HERE))
INSIDE = 'FUSE_OVERLAY_BENCH_INSIDE'

libc = ctypes.CDLL(None, use_errno=True)


class Problem(Exception):
    """Something that the user must be told."""


def enter_namespaces():
    """Starts this program again with mounts and process ids of its own, if that has not been done. Whatever
    it mounts and starts ends with it, however it ends."""
    if os.environ.get(INSIDE):
        return
    environment = dict(os.environ, **{INSIDE: '1'})
    os.execvpe('unshare', ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc',
                           '--propagation', 'private', '--', sys.executable, '-B'] + sys.argv, environment)


def end_on_signals():
    def stop(number, _frame):
        sys.exit(128 + number)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def our_binary():
    """The daemon to be measured: FUSE_OVERLAY, or that of the build, or the installed one."""
    named = os.environ.get('FUSE_OVERLAY')
    if named:
        return os.path.abspath(named)
    built = os.path.join(ROOT, 'build/src/mount/fuse-overlay')
    if os.access(built, os.X_OK):
        return built
    installed = shutil.which('fuse-overlay')
    if installed:
        return installed
    raise Problem('there is no fuse-overlay: build it (ninja -C build), or set FUSE_OVERLAY to its path')


def call_mount(source, target, kind, flags=0, data=''):
    if libc.mount(source.encode(), target.encode(), kind.encode(), flags, data.encode()) < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), target)


def unmount(target, tries=100):
    for _ in range(tries):
        if libc.umount2(target.encode(), 0) == 0:
            return
        if ctypes.get_errno() != 16:
            break
        time.sleep(0.05)
    error = ctypes.get_errno()
    raise OSError(error, os.strerror(error), target)


def device_of(path):
    return os.stat(path).st_dev


def mount_tracefs(directory):
    """A tracefs: the one that is there, or a mount of our own at directory. None where there is none."""
    for there in ('/sys/kernel/tracing', '/sys/kernel/debug/tracing'):
        if os.path.isdir(there + '/instances'):
            return there
    os.mkdir(directory)
    try:
        call_mount('tracefs', directory, 'tracefs')
    except OSError:
        return directory            # whoever looks for the trace point says that it is not there
    return directory


class Daemon:
    """A FUSE overlay in the foreground: its process, its connection."""

    def __init__(self, command, mountpoint, log=None):
        self.mountpoint = mountpoint
        before = device_of(mountpoint)
        self.log = log or subprocess.DEVNULL
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                                        start_new_session=True)
        self.pid = self.process.pid
        until = time.monotonic() + 20
        while True:
            try:
                device = device_of(mountpoint)
            except OSError:
                device = before
            if device != before:
                break
            if self.process.poll() is not None:
                raise Problem('%s ended with status %d' % (' '.join(command), self.process.returncode))
            if time.monotonic() > until:
                self.process.kill()
                raise Problem('%s does not mount' % ' '.join(command))
            time.sleep(0.001)
        self.connection = os.minor(device)

    def resident(self, kind='RssAnon:'):
        """Bytes of memory: its own (RssAnon), or all that is mapped (VmRSS)."""
        with open('/proc/%d/status' % self.pid, encoding='ascii') as file:
            for line in file:
                if line.startswith(kind):
                    return int(line.split()[1]) * 1024
        return 0

    def cpu_seconds(self):
        with open('/proc/%d/stat' % self.pid, encoding='ascii') as file:
            fields = file.read().rpartition(')')[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')

    def unmount(self):
        unmount(self.mountpoint)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
