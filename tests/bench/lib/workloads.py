# SPDX-License-Identifier: GPL-2.0-or-later
"""
What is measured. A group of workloads shares its data (data(): the lower layers, made once, the same for
all contenders) and a mount (run()). Each `with stage('name'):` is one workload; `cold=True` means that the
mount has been made anew and the kernel's caches have been dropped before the clock starts.

Python itself makes the plain system calls: what it adds is the same for all contenders, and makes the
ratios a little smaller than C would show them.
"""
import concurrent.futures
import glob
import json
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import tarfile
import time

SMALL = b'0123456789abcde\n' * 64          # 1 KiB


def shell(command, cwd=None):
    subprocess.run(['sh', '-ec', command], cwd=cwd, check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def write(path, data, flags=os.O_WRONLY | os.O_CREAT | os.O_TRUNC):
    fd = os.open(path, flags, 0o644)
    os.write(fd, data)
    os.close(fd)


def read(path):
    fd = os.open(path, os.O_RDONLY)
    while os.read(fd, 131072):
        pass
    os.close(fd)


def names(n, per_directory=100):
    """n relative names, dN/fM, as (directory, name)."""
    return [('d%d' % (i // per_directory), 'f%d' % i) for i in range(n)]


def fill(base, n, data=SMALL, per_directory=100):
    """n files in directories of a hundred; returns their paths."""
    paths = []
    made = set()
    for directory, name in names(n, per_directory):
        directory = os.path.join(base, directory)
        if directory not in made:
            os.makedirs(directory, exist_ok=True)
            made.add(directory)
        paths.append(directory + '/' + name)
        if data is not None:
            write(paths[-1], data)
    return paths


def paths_of(base, n, per_directory=100):
    return ['%s/%s/%s' % (base, directory, name) for directory, name in names(n, per_directory)]


class Group:
    """scale multiplies the numbers of files and bytes."""
    name = ''
    needs = ()          # programs
    leaves_out = ()     # contenders

    @staticmethod
    def missing():
        """What else it wants that is not here, in words; '' = nothing."""
        return ''

    def __init__(self, scale):
        self.scale = scale

    def n(self, full, least=1):
        return max(least, int(full * self.scale))

    def data(self, base):
        """Makes the lower layers under base; returns their paths, topmost first."""
        os.makedirs(base + '/lower')
        return [base + '/lower']

    def run(self, m, stage):
        """Runs the workloads on the tree at m."""
        raise NotImplementedError


class Small(Group):
    name = 'small'

    def data(self, base):
        fill(base + '/lower/files', self.n(20000, 200))
        fill(base + '/lower/up', self.n(20000, 200))
        return [base + '/lower']

    def run(self, m, stage):
        n = self.n(20000, 200)
        old = paths_of(m + '/files', n)
        up = paths_of(m + '/up', n)
        with stage('small: read, cold', cold=True):
            for path in old:
                read(path)
        with stage('small: read, warm'):
            for path in old:
                read(path)
        with stage('small: open+close'):
            for path in old:
                os.close(os.open(path, os.O_RDONLY))
        with stage('small: stat after reading'):
            for path in old:
                os.stat(path)
        with stage('small: stat, warm'):
            for path in old:
                os.stat(path)
        with stage('small: stat, cold', cold=True):
            for path in old:
                os.stat(path)
        with stage('small: miss, repeated', before=lambda: self.miss(old)):
            self.miss(old)
        new = paths_of(m + '/new', n)
        with stage('small: create 1 KiB'):
            fill(m + '/new', n)
        with stage('small: append'):
            for path in new:
                write(path, SMALL, os.O_WRONLY | os.O_APPEND)
        with stage('small: overwrite'):
            for path in new:
                write(path, SMALL, os.O_WRONLY | os.O_TRUNC)
        with stage('small: chmod'):
            for path in new:
                os.chmod(path, 0o600)
        with stage('small: rename'):
            for path in new:
                os.rename(path, path + '.new')
        with stage('small: rm -rf, upper'):
            shell('rm -rf new', m)
        with stage('copy-up: small, by append'):
            for path in up[:n // 2]:
                write(path, b'x', os.O_WRONLY | os.O_APPEND)
        with stage('copy-up: small, by chmod'):
            for path in up[n // 2:]:
                os.chmod(path, 0o600)
        with stage('small: rm -rf, lower'):
            shell('rm -rf files', m)

    @staticmethod
    def miss(paths):
        for path in paths:
            try:
                os.stat(path + '.none')
            except FileNotFoundError:
                pass


class Tree(Group):
    name = 'tree'
    needs = ('find', 'du')

    def data(self, base):
        fill(base + '/lower/tree', self.n(100000, 500), data=b'')
        return [base + '/lower']

    def run(self, m, stage):
        for title, command in (('find', 'find tree'), ('find+stat', 'find tree -printf %s'),
                               ('ls -lR', 'ls -lR tree'), ('du', 'du -s tree')):
            with stage('tree: %s, cold' % title, cold=True):
                shell(command, m)
            with stage('tree: %s, warm' % title):
                shell(command, m)


class Layers(Group):
    """A tree spread over many lower layers."""
    n_layers = 2

    def data(self, base):
        paths = paths_of('tree', self.n(20000, 500))
        layers = ['%s/%d' % (base, i) for i in range(self.n_layers)]
        for i, path in enumerate(paths):
            layer = layers[i % self.n_layers]
            os.makedirs(os.path.dirname('%s/%s' % (layer, path)), exist_ok=True)
            write('%s/%s' % (layer, path), SMALL)
        return layers

    def run(self, m, stage):
        paths = paths_of(m + '/tree', self.n(20000, 500))
        shuffled = random.Random(1).sample(paths, len(paths))
        at = '%d layers' % self.n_layers
        with stage('%s: find, cold' % at, cold=True):
            shell('find tree', m)
        with stage('%s: find+stat, warm' % at, before=lambda: shell('find tree -printf %s', m)):
            shell('find tree -printf %s', m)
        with stage('%s: read at random, cold' % at, cold=True):
            for path in shuffled:
                read(path)
        with stage('%s: read at random, warm' % at):
            for path in shuffled:
                read(path)
        with stage('%s: create' % at):
            for path in paths[:len(paths) // 4]:
                write(path + '.new', SMALL)
        with stage('%s: unlink' % at):
            for path in paths[:len(paths) // 4]:
                os.unlink(path)


class Layers2(Layers):
    name, n_layers = 'layers2', 2


class Layers10(Layers):
    name, n_layers = 'layers10', 10


class Layers50(Layers):
    name, n_layers = 'layers50', 50


class Layers200(Layers):
    name, n_layers = 'layers200', 200


class BigDirectory(Group):
    """Does an operation cost more in a large directory?"""
    name = 'bigdir'

    def data(self, base):
        fill(base + '/lower/big', self.n(100000, 1000), data=b'', per_directory=10 ** 9)
        fill(base + '/lower/small', 2000, data=b'', per_directory=100)
        return [base + '/lower']

    def run(self, m, stage):
        n = self.n(100000, 1000)
        old = paths_of(m + '/big', n, 10 ** 9)
        few = random.Random(1).sample(old, min(2000, n))
        small = paths_of(m + '/small', 2000)
        with stage('directories of 100: stat 2000, cold', cold=True):
            for path in small:
                os.stat(path)
        with stage('directories of 100: create 2000'):
            for path in small:
                write(path + '.new', b'x')
        with stage('directories of 100: unlink 2000'):
            for path in small:
                os.unlink(path)
        with stage('bigdir: first lookup, cold', cold=True):
            os.stat(old[0])
        with stage('bigdir: stat 2000, cold'):
            for path in few:
                os.stat(path)
        with stage('bigdir: create 2000'):
            for i in range(2000):
                write(m + '/big/d0/new%d' % i, b'x')
        with stage('bigdir: unlink 2000'):
            for path in few:
                os.unlink(path)


class Grep(Group):
    name = 'grep'
    needs = ('grep',)

    def data(self, base):
        fill(base + '/lower/text', self.n(20000, 200), data=b'the quick brown fox jumps over a dog\n' * 110)
        return [base + '/lower']

    def run(self, m, stage):
        with stage('grep -r, cold', cold=True):
            shell('! grep -r nothing-of-this text', m)
        with stage('grep -r, second time'):
            shell('! grep -r nothing-of-this text', m)


class Tar(Group):
    name = 'tar'
    needs = ('tar',)

    def data(self, base):
        os.makedirs(base + '/lower')
        os.makedirs(base + '/source')
        fill(base + '/source', self.n(50000, 300), data=SMALL * 2)
        with tarfile.open(base + '/lower/archive.tar', 'w') as tar:
            tar.add(base + '/source', 'tree')
        shutil.rmtree(base + '/source')
        return [base + '/lower']

    def run(self, m, stage):
        read(m + '/archive.tar')
        with stage('tar x'):
            shell('tar xf archive.tar', m)
        with stage('tar c'):
            shell('tar cf - tree | cat', m)
        with stage('cp -a'):
            shell('cp -a tree copy', m)
        with stage('rm -rf of what tar made'):
            shell('rm -rf tree copy', m)


class Git(Group):
    name = 'git'
    needs = ('git',)

    def data(self, base):
        source = base + '/lower/source'
        fill(source, self.n(10000, 200), data=b'a line of a source file\n' * 60)
        shell('export HOME=/nonexistent; git init -q -b main; git config user.name b; git config user.email b; '
              'git config gc.auto 0; git add .; git commit -qm one; git checkout -qb other; '
              'for d in d*; do for f in $d/*[05]; do echo more >>$f; done; done; git commit -qam two; '
              'git checkout -q main; git repack -qad', source)
        return [base + '/lower']

    def run(self, m, stage):
        environment = 'export HOME=/nonexistent GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory ' \
            'GIT_CONFIG_VALUE_0="*"; '
        with stage('git status, cold', cold=True):
            shell(environment + 'git status', m + '/source')
        with stage('git status, warm'):
            shell(environment + 'git status', m + '/source')
        with stage('git checkout'):
            shell(environment + 'git checkout -q other', m + '/source')
        with stage('git clone'):
            shell(environment + 'git clone -q --no-hardlinks source clone', m)


class Compile(Group):
    name = 'compile'
    needs = ('gcc', 'xargs')

    def data(self, base):
        source = base + '/lower/source'
        os.makedirs(source + '/include')
        for i in range(40):
            write('%s/include/h%d.h' % (source, i),
                  b'#include <stdio.h>\n#include <stdlib.h>\nint function%d(int);\n' % i)
        for i in range(self.n(400, 20)):
            write('%s/c%d.c' % (source, i),
                  b''.join(b'#include "h%d.h"\n' % j for j in range(40)) +
                  b'int unit%d(int x) { return function%d(x) + %d; }\n' % (i, i % 40, i))
        return [base + '/lower']

    def run(self, m, stage):
        with stage('compile, in parallel'):
            shell('ls c*.c | xargs -P %d -n 4 gcc -O0 -Iinclude -c' % (os.cpu_count() or 1), m + '/source')


class PythonImports(Group):
    name = 'python'

    def data(self, base):
        library = os.path.dirname(os.__file__)
        shutil.copytree(library, base + '/lower/lib', symlinks=True, ignore=shutil.ignore_patterns(
            'dist-packages', 'site-packages', 'test', 'tests', 'config-*', '__pycache__', 'sitecustomize.py'))
        for i in range(20):
            os.makedirs(base + '/lower/empty%d' % i)
        return [base + '/lower']

    def run(self, m, stage):
        script = 'import sys; m = sys.argv[1]; ' \
            'sys.path[:] = [m + "/empty%d" % i for i in range(20)] + [m + "/lib", m + "/lib/lib-dynload"]; ' \
            'import asyncio, email.mime.text, http.client, json, logging.config, multiprocessing.pool, ' \
            'sqlite3, unittest.mock, urllib.request, xml.dom.minidom, zipfile'
        command = [sys.executable, '-I', '-S', '-c', script, m]
        with stage('python imports, cold', cold=True):
            subprocess.run(command, check=True)
        with stage('python imports, warm', before=lambda: subprocess.run(command, check=True)):
            for _ in range(self.n(20, 3)):
                subprocess.run(command, check=True)


class Sqlite(Group):
    name = 'sqlite'

    def run(self, m, stage):
        import sqlite3
        n = self.n(2000, 100)
        base = sqlite3.connect(m + '/base.db', isolation_level=None)
        base.execute('pragma journal_mode=wal')
        base.execute('pragma synchronous=normal')
        base.execute('create table t (k integer primary key, v text)')
        with stage('sqlite WAL: transactions'):
            for i in range(n):
                base.execute('insert into t values (?, ?)', (i, 'x' * 400))
        base.execute('pragma wal_checkpoint(truncate)')
        base.execute('pragma cache_size=10')
        with stage('sqlite: reads'):
            for i in range(5 * n):
                base.execute('select v from t where k = ?', (i * 7919 % n,)).fetchone()
        base.close()


class Dpkg(Group):
    name = 'dpkg'

    def run(self, m, stage):
        os.makedirs(m + '/d')
        with stage('dpkg-like: write, fsync, rename'):
            self.save(m + '/d/a', self.n(500, 20), True)
        with stage('dpkg-like, without fsync'):
            self.save(m + '/d/b', self.n(10000, 100), False)

    @staticmethod
    def save(prefix, n, sync):
        for i in range(n):
            path = '%s%d' % (prefix, i)
            fd = os.open(path + '.new', os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
            os.write(fd, SMALL)
            if sync:
                os.fsync(fd)
            os.close(fd)
            os.rename(path + '.new', path)


class Fio(Group):
    name = 'fio'
    needs = ('fio',)

    JOBS = (  # title, rw, bs, further words, cold
        ('seq read 1M, cold', 'read', '1m', (), True),
        ('seq read 1M, warm', 'read', '1m', (), False),
        ('seq read 4k, warm', 'read', '4k', (), False),
        ('random read 4k, cold', 'randread', '4k', ('--io_size=%(part)d',), True),
        ('random read 4k, warm', 'randread', '4k', (), False),
        ('random read 4k, warm, 4 jobs', 'randread', '4k', ('--numjobs=4', '--io_size=%(part)d'), False),
        ('mmap random read 4k, warm', 'randread', '4k', ('--ioengine=mmap',), False),
        ('direct random read 4k', 'randread', '4k', ('--direct=1', '--io_size=%(part)d'), False),
        ('direct seq read 1M', 'read', '1m', ('--direct=1',), False),
        ('seq write 1M', 'write', '1m', (), False),
        ('seq write 4k', 'write', '4k', ('--io_size=%(part)d',), False),
        ('random write 4k', 'randwrite', '4k', ('--io_size=%(part)d',), False),
        ('random write 4k, 4 jobs', 'randwrite', '4k', ('--numjobs=4', '--io_size=%(little)d'), False),
        ('mmap random write 4k', 'randwrite', '4k', ('--ioengine=mmap', '--io_size=%(part)d'), False),
        ('random write 4k, fsync every 16', 'randwrite', '4k', ('--fsync=16', '--io_size=%(little)d'), False),
    )

    def size(self):
        return self.n(1 << 30, 1 << 24) & ~0xfffff

    def data(self, base):
        os.makedirs(base + '/lower')
        block = random.Random(1).randbytes(1 << 20)
        with open(base + '/lower/data', 'wb') as file:
            for _ in range(self.size() >> 20):
                file.write(block)
        return [base + '/lower']

    def run(self, m, stage):
        size = self.size()
        sizes = {'part': size // 8, 'little': size // 64}
        shutil.copyfile(m + '/data', m + '/target')
        for title, kind, block, words, cold in self.JOBS:
            path = m + ('/target' if 'write' in kind else '/data')
            command = ['fio', '--name=j', '--filename=' + path, '--rw=' + kind, '--bs=' + block,
                       '--size=%d' % size, '--ioengine=psync', '--invalidate=0', '--output-format=json',
                       '--group_reporting', '--fallocate=none', '--randrepeat=1', '--norandommap=1']
            command += [word % sizes for word in words]
            before = (lambda path=path: read(path)) if 'warm' in title else None
            with stage('fio: ' + title, cold=cold, before=before) as result:
                out = subprocess.run(command, check=True, capture_output=True, cwd='/tmp').stdout
                jobs = json.loads(out[out.index(b'{'):])['jobs']
                result.seconds = max(job['write' if 'write' in kind else 'read']['runtime']
                                     for job in jobs) / 1000.0


class CopyUpLarge(Group):
    name = 'copyup'

    def data(self, base):
        os.makedirs(base + '/lower')
        block = random.Random(1).randbytes(1 << 20)
        for name in ('large', 'larger'):
            with open('%s/lower/%s' % (base, name), 'wb') as file:
                for _ in range(self.n(1024, 16)):
                    file.write(block)
        return [base + '/lower']

    def run(self, m, stage):
        with stage('copy-up: 1 GiB', cold=True):
            write(m + '/large', b'x', os.O_WRONLY | os.O_APPEND)
        with stage('longest wait of others during a large copy-up', cold=True) as result:
            copying = multiprocessing.Process(target=write, args=(m + '/larger', b'x', os.O_WRONLY | os.O_APPEND))
            os.mkdir(m + '/others')
            copying.start()
            result.seconds = self.longest_wait(m + '/others', copying)
            copying.join()

    @staticmethod
    def longest_wait(directory, copying):
        longest, i = 0, 0
        while copying.is_alive():
            start = time.perf_counter()
            write('%s/%d' % (directory, i), b'x')
            os.unlink('%s/%d' % (directory, i))
            longest = max(longest, time.perf_counter() - start)
            i += 1
        return longest


def client(directory, n):
    """What one of several clients does: metadata and data, in a directory of its own."""
    for path in paths_of(directory, n):
        read(path)
    for path in paths_of(directory, n):
        write(path + '.new', SMALL)
    for path in paths_of(directory, n):
        os.unlink(path + '.new')


class Clients(Group):
    name = 'clients'

    def data(self, base):
        for i in range(10):
            fill('%s/lower/c%d' % (base, i), self.n(2000, 400))
        return [base + '/lower']

    def run(self, m, stage):
        n = self.n(2000, 400)
        for k, first in ((1, 8), (2, 6), (8, 0)):
            with concurrent.futures.ProcessPoolExecutor(k) as pool:
                list(pool.map(time.sleep, [0.1] * k))  # its processes are there before the clock runs
                with stage('%d client%s at once' % (k, 's' if k > 1 else ''), cold=True):
                    for job in [pool.submit(client, '%s/c%d' % (m, first + i), n) for i in range(k)]:
                        job.result()


class Apt(Group):
    """Packages are installed in a Debian system: the tree that tests/mainjob makes, with its packages."""
    name = 'apt'
    needs = ('chroot', 'dpkg')
    leaves_out = ('user',)      # its owners have no ids there

    @staticmethod
    def tree():
        found = glob.glob(os.environ.get('FUSE_OVERLAY_CACHE', '/nonexistent') + '/mainjob-*.tar')
        return found[0] if found else None

    @staticmethod
    def missing():
        return '' if Apt.tree() else 'mainjob-*.tar in FUSE_OVERLAY_CACHE (tests/mainjob/run.sh makes it)'

    def data(self, base):
        os.makedirs(base + '/lower')
        shell('tar --numeric-owner --xattrs -C "%s/lower" -xpf "%s"' % (base, self.tree()))
        return [base + '/lower']

    def run(self, m, stage):
        bound = [m + '/dev', m + '/proc']
        # A stage that is cold mounts anew: nothing may be mounted inside before.
        with stage('apt-get install of git, cold', cold=True):
            try:
                for path in bound:
                    shell('mount --rbind --make-rprivate /%s "%s"' % (os.path.basename(path), path))
                packages = 'git' if self.scale < 1 else 'gcc libc6-dev git'
                shell('DEBIAN_FRONTEND=noninteractive chroot . apt-get -q -y --no-download '
                      '--no-install-recommends -o Dpkg::Use-Pty=0 install ' + packages, m)
            finally:
                for path in bound:
                    subprocess.run(['umount', '-l', path], check=True)


class Mounting(Group):
    name = 'mount'

    def data(self, base):
        fill(base + '/lower', 100)
        return [base + '/lower']

    def run(self, m, stage):
        with stage('mount, stat, unmount, 20 times'):
            for _ in range(20):
                stage.contender.unmount()
                stage.contender.mount()
                os.stat(m + '/d0/f0')


ALL = {group.name: group for group in (
    Small, Tree, Layers2, Layers10, Layers50, Layers200, BigDirectory, Grep, Tar, Git, Compile, PythonImports,
    Sqlite, Dpkg, Fio, CopyUpLarge, Clients, Apt, Mounting)}

# What issue 3 of the project asks: the ratio to kernel overlayfs, as root.
LIMITS = {
    'small: read, cold': 1.0, 'small: read, warm': 1.05, 'small: open+close': 1.05, 'small: create 1 KiB': 3.0,
    'small: append': 4.0, 'small: chmod': 2.4, 'small: rename': 2.4, 'small: rm -rf, upper': 2.4,
    'small: rm -rf, lower': 2.4, 'copy-up: small, by append': 0.5, 'copy-up: small, by chmod': 0.5,
    'tree: find, cold': 2.0, 'tree: find, warm': 1.25, 'tree: find+stat, warm': 1.1, 'tree: ls -lR, cold': 2.2,
    'tree: du, warm': 1.05, 'grep -r, second time': 1.05, 'tar x': 3.3, 'tar c': 2.0,
    'rm -rf of what tar made': 2.4, 'git status, warm': 1.1, 'compile, in parallel': 1.3, 'sqlite: reads': 1.05,
    'fio: seq read 1M, cold': 1.5, 'fio: seq read 1M, warm': 1.2, 'fio: seq write 1M': 2.0,
    'fio: random write 4k': 4.0, 'fio: random read 4k, warm': 1.05, 'fio: mmap random write 4k': 1.5,
    'copy-up: 1 GiB': 1.05, 'apt-get install of git, cold': 1.3,
}
# How much longer the first may take than the second, of the same contender.
GROWTH = [('200 layers: ' + what, '2 layers: ' + what, 1.2)
          for what in ('find+stat, warm', 'read at random, warm', 'create', 'unlink')] + [
    ('bigdir: %s 2000%s' % what, 'directories of 100: %s 2000%s' % what, 1.5)
    for what in (('stat', ', cold'), ('create', ''), ('unlink', ''))] + [
    ('2 clients at once', '1 client at once', 2 / 1.7)]
SECONDS = {'longest wait of others during a large copy-up': 0.010}
AGAINST_FUSE_OVERLAYFS = 0.9            # each workload
AGAINST_FUSE_OVERLAYFS_MEAN = 0.35      # the geometric mean of all
