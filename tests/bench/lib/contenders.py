# SPDX-License-Identifier: GPL-2.0-or-later
"""Who is compared. Each gets the same lower layers and a directory of its own, and shows a tree at self.path."""
import os
import shutil
import subprocess

from mounting import Daemon, call_mount, our_binary, unmount


def remove_tree(path):
    subprocess.run(['rm', '-rf', '--one-file-system', path], check=True)


class Contender:
    name = title = ''
    in_user_namespace = False

    @staticmethod
    def is_here():
        return True

    def __init__(self, lowers, directory):
        self.lowers = lowers
        self.path = directory + '/mnt'
        self.upper = directory + '/upper'
        self.work = directory + '/work'
        self.daemon = None
        for path in (self.path, self.upper, self.work):
            os.makedirs(path)

    def options(self):
        return 'lowerdir=%s,upperdir=%s,workdir=%s' % (':'.join(self.lowers), self.upper, self.work)

    def mount(self):
        raise NotImplementedError

    def unmount(self):
        unmount(self.path)

    def cpu_seconds(self):
        return self.daemon.cpu_seconds() if self.daemon else 0.0


class Plain(Contender):
    """A directory, into which the lower layers have been copied."""
    name, title = 'plain', 'plain directory'

    def __init__(self, lowers, directory):
        super().__init__(lowers, directory)
        for lower in reversed(lowers):
            subprocess.run(['cp', '-a', lower + '/.', self.path], check=True)

    def mount(self):
        pass

    def unmount(self):
        pass


class Kernel(Contender):
    name, title = 'kernel', 'kernel overlayfs'

    @staticmethod
    def is_here():
        with open('/proc/filesystems', encoding='ascii') as file:
            return os.geteuid() == 0 and 'overlay\n' in file.read().replace('\t', '\n')

    def options(self):
        # Relative paths: the kernel takes a page of options, which 200 long paths exceed.
        common = os.path.dirname(self.lowers[0])
        return 'lowerdir=%s,upperdir=%s,workdir=%s' % (
            ':'.join(os.path.relpath(lower, common) for lower in self.lowers), self.upper, self.work)

    def mount(self):
        here = os.getcwd()
        os.chdir(os.path.dirname(self.lowers[0]))
        try:
            call_mount('overlay', self.path, 'overlay', 0, self.options())
        finally:
            os.chdir(here)


class WithDaemon(Contender):
    def command(self):
        raise NotImplementedError

    def mount(self):
        self.daemon = Daemon(self.command(), self.path)

    def unmount(self):
        self.daemon.unmount()
        self.daemon = None


class FuseOverlayfs(WithDaemon):
    name, title = 'fuse-overlayfs', "fuse-overlayfs (the distribution's)"

    @staticmethod
    def is_here():
        return shutil.which('fuse-overlayfs') is not None

    def command(self):
        return ['fuse-overlayfs', '-f', '-o', self.options(), self.path]


class OursAsRoot(WithDaemon):
    name, title = 'root', 'fuse-overlay, root'

    def command(self):
        return [our_binary(), '-f', '-o', self.options() + self.extra, self.path]

    extra = os.environ.get('FUSE_OVERLAY_OPTIONS', '')


class OursAsUser(OursAsRoot):
    name, title = 'user', 'fuse-overlay, user namespace'
    in_user_namespace = True


ALL = {contender.name: contender for contender in (Plain, Kernel, FuseOverlayfs, OursAsRoot, OursAsUser)}
