# SPDX-License-Identifier: GPL-2.0-or-later
"""
Counting what an operation costs: FUSE messages, and system calls of the daemon.

Messages are told by the kernel, at its trace point fuse/fuse_request_send, in a trace instance of our own
and filtered by the mount's connection, so that neither we nor others who trace are disturbed.

System calls are told by strace, which is attached to the daemon and writes a file per thread. A read(2) of
/dev/fuse that returns is a message; its first eight bytes are its length and its opcode; what the thread
calls until its next such read is what that message cost. Reading the message and answering it (read, writev)
are not counted: they are the price of the message. Nor are locks and memory for malloc (NOT_WORK).

A daemon that has answered may still be at work (closing a descriptor): a step ends when its threads' files
have stopped growing.
"""
import codecs
import collections
import glob
import os
import re
import subprocess
import tempfile
import threading
import time

OPCODES = dict(enumerate(
    '0 LOOKUP FORGET GETATTR SETATTR READLINK SYMLINK 7 MKNOD MKDIR UNLINK RMDIR RENAME LINK OPEN READ WRITE '
    'STATFS RELEASE 19 FSYNC SETXATTR GETXATTR LISTXATTR REMOVEXATTR FLUSH INIT OPENDIR READDIR RELEASEDIR '
    'FSYNCDIR GETLK SETLK SETLKW ACCESS CREATE INTERRUPT BMAP DESTROY IOCTL POLL NOTIFY_REPLY BATCH_FORGET '
    'FALLOCATE READDIRPLUS RENAME2 LSEEK COPY_FILE_RANGE SETUPMAPPING REMOVEMAPPING SYNCFS TMPFILE STATX '
    'COPY_FILE_RANGE_64'.split()))

# Nobody waits for these, and when the kernel sends them is its own affair.
UNASKED = ('FORGET', 'BATCH_FORGET', 'INTERRUPT')


# Locks, and memory that malloc gets or a new thread needs: they come now and then, whatever the operation.
NOT_WORK = ('futex', 'mmap', 'munmap', 'mprotect', 'madvise', 'brk', 'mremap', 'rt_sigprocmask', 'clone3', 'clone')


class Unavailable(Exception):
    """Why something cannot be counted here."""


def opcode_name(number):
    return OPCODES.get(number, str(number))


class MessageTrace:
    """The messages of one connection, by the trace point."""

    def __init__(self, tracefs, connection):
        self.dir = None
        base = os.path.join(tracefs, 'instances')
        if not os.path.isdir(os.path.join(tracefs, 'events/fuse/fuse_request_send')):
            raise Unavailable('this kernel has no trace point fuse/fuse_request_send (it came with Linux 6.10)')
        try:
            self.dir = os.path.join(base, 'fuse-overlay-bench.%d.%d' % (os.getpid(), connection))
            os.mkdir(self.dir)
            event = 'events/fuse/fuse_request_send/'
            self._write('buffer_size_kb', '8192')
            self._write(event + 'filter', 'connection==%d' % connection)
            self._write(event + 'enable', '1')
            self._write('tracing_on', '1')
        except OSError as error:
            self.close()
            raise Unavailable('tracefs: %s' % error) from error

    def _write(self, name, text):
        with open(os.path.join(self.dir, name), 'w', encoding='ascii') as file:
            file.write(text)

    def start(self):
        self._write('trace', '')

    def stop(self):
        counts = collections.Counter()
        with open(os.path.join(self.dir, 'trace'), encoding='ascii', errors='replace') as file:
            for line in file:
                found = re.search(r'fuse_request_send: connection \d+ req \d+ opcode (\d+) ', line)
                if found:
                    counts[opcode_name(int(found[1]))] += 1
                elif 'LOST' in line and 'EVENTS' in line:
                    raise RuntimeError('the trace buffer was too small')
        return counts

    def close(self):
        if self.dir and os.path.isdir(self.dir):
            try:
                self._write('events/fuse/fuse_request_send/enable', '0')
            except OSError:
                pass
            os.rmdir(self.dir)


class Message:
    """One message that the daemon read, and the system calls that it made for it."""

    def __init__(self, opcode):
        self.opcode = opcode
        self.when = None        # the first system call after it had been read
        self.calls = []         # (name, arguments, result)

    def count(self, name=None):
        """System calls: with this name, or all that are work."""
        return sum(1 for call in self.calls if (call[0] == name if name else call[0] not in NOT_WORK))

    def __str__(self):
        return '\n'.join(['    %s' % self.opcode] +
                         ['        %s(%s) = %s' % call for call in self.calls if call[0] != 'futex'])


LINE = re.compile(r'^(\d+\.\d+) (\w+)\((.*)\)\s+= (.*)$')

# What strace is too old to name.
NEWER_CALLS = {'syscall_0x1c4': 'fchmodat2', 'syscall_0x1cf': 'setxattrat', 'syscall_0x1d0': 'getxattrat',
               'syscall_0x1d1': 'listxattrat', 'syscall_0x1d2': 'removexattrat'}


class CallTrace:
    """The system calls of a daemon, by strace."""

    def __init__(self, pid):
        self.pid = pid
        self.process = None
        self.temp = tempfile.TemporaryDirectory(prefix='fuse-overlay-strace.')
        self.offsets = {}
        self.fuse_fds = {fd for fd in os.listdir('/proc/%d/fd' % pid)
                         if os.readlink('/proc/%d/fd/%s' % (pid, fd)) == '/dev/fuse'}
        try:
            self.process = subprocess.Popen(
                ['strace', '-ff', '-qq', '-ttt', '-s', '64', '-o', self.temp.name + '/s', '-p', str(pid)],
                stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        except OSError as error:
            self.temp.cleanup()
            raise Unavailable('strace: %s' % error) from error
        until = time.monotonic() + 10
        while not self._is_attached():
            if self.process.poll() is not None or time.monotonic() > until:
                reason = self.process.stderr.read().decode().strip() if self.process.poll() is not None else ''
                self.close()
                raise Unavailable('strace cannot attach to the daemon: %s' % (reason or 'it takes too long'))
            time.sleep(0.01)

    def _is_attached(self):
        for path in glob.glob('/proc/%d/task/*/status' % self.pid):
            with open(path, encoding='ascii') as file:
                if '\nTracerPid:\t0\n' in file.read():
                    return False
        return True

    def _grown(self, sizes):
        """Brings sizes up to date. Returns whether any thread has done more than wait: a watchdog's futex calls
        go on for a while after each message."""
        grown = False
        for path in glob.glob(self.temp.name + '/s.*'):
            before, now = sizes.get(path, 0), os.path.getsize(path)
            sizes[path] = now
            if now > before and not grown:
                with open(path, 'rb') as file:
                    file.seek(before)
                    grown = any(b' futex(' not in line for line in file.read(now - before).splitlines())
        return grown

    def _settle(self):
        sizes = dict(self.offsets)
        self._grown(sizes)
        time.sleep(0.015)
        while self._grown(sizes):
            time.sleep(0.015)
        return sizes

    def messages_since(self, when):
        """The messages that were read since then; those before are forgotten."""
        messages = []
        for path, end in sorted(self._settle().items()):
            with open(path, 'rb') as file:
                file.seek(self.offsets.get(path, 0))
                text = file.read(end - self.offsets.get(path, 0))
            text = text[:text.rfind(b'\n') + 1]         # the last line is that of a call still waiting
            self.offsets[path] = self.offsets.get(path, 0) + len(text)
            self._parse(text.decode('utf-8', 'replace'), messages)
        return [message for message in messages if message.when and message.when >= when]

    def _parse(self, text, messages):
        current = None
        for line in text.splitlines():
            found = LINE.match(line)
            if not found:
                continue
            begin, name, arguments, result = found.groups()
            fd = arguments.split(',', 1)[0]
            if current is not None and current.when is None:
                current.when = float(begin)
            if fd in self.fuse_fds and name == 'read':
                current = None
                if not result.startswith(('-', '?')): # interrupted: nothing was read
                    current = self._message(arguments)
                    messages.append(current)
            elif current is not None and not (fd in self.fuse_fds and name in ('writev', 'write')):
                current.calls.append((NEWER_CALLS.get(name, name), arguments, result))

    @staticmethod
    def _message(arguments):
        quoted = re.search(r'"((?:[^"\\]|\\.)*)"', arguments)[1]
        data = codecs.escape_decode(quoted.encode('latin-1'))[0]
        return Message(opcode_name(int.from_bytes(data[4:8], 'little')))

    def close(self):
        if self.process:
            if self.process.poll() is None:
                self.process.terminate()
            self.process.wait()
            self.process.stderr.close()
        self.temp.cleanup()


def summary(counter):
    return ' '.join('%s%s' % (name, ' %d' % n if n > 1 else '')
                    for name, n in sorted(counter.items(), key=lambda item: -item[1])) or '-'


class Cost:
    """What one step cost. messages: Counter by opcode; work: a list of Message, or None."""

    def __init__(self, messages, work):
        self.work = work
        self.messages = messages
        self.disturbed = False          # others had the kernel drop its caches, each time it was tried
        if messages is None and work is not None:
            self.messages = collections.Counter(message.opcode for message in work)

    def sent(self, *opcodes):
        """Messages with these opcodes, or all that somebody waits for."""
        return sum(n for name, n in self.messages.items()
                   if (name in opcodes if opcodes else name not in UNASKED))

    def calls(self, *opcodes, name=None):
        """System calls for messages with these opcodes, or for all that somebody waits for."""
        return sum(message.count(name) for message in self.work
                   if (message.opcode in opcodes if opcodes else message.opcode not in UNASKED))

    def describe_messages(self):
        return '?' if self.messages is None else summary(self.messages)

    def describe_calls(self):
        if self.work is None:
            return '?'
        return summary(collections.Counter(call[0] for message in self.work for call in message.calls
                                           if call[0] not in NOT_WORK and message.opcode not in UNASKED))


def caches_dropped(kind='drop_'):
    """How often somebody has had the kernel drop its caches (drop_slab, drop_pagecache or both), since the machine
    started."""
    with open('/proc/vmstat', encoding='ascii') as file:
        return [line for line in file if line.startswith(kind)]


class Counting:
    """Both, for one daemon; what is not to be had here is missing, with the reason."""

    def __init__(self, tracefs, connection, pid):
        self.messages = self.calls = None
        self.no_messages = self.no_calls = None
        self.n_tries = 0
        try:
            self.messages = MessageTrace(tracefs, connection)
        except Unavailable as reason:
            self.no_messages = str(reason)
        try:
            self.calls = CallTrace(pid)
        except Unavailable as reason:
            self.no_calls = str(reason)

    def count(self, prepare, step, exceeds, tries=25):
        """What step() costs, straight after prepare(). Where somebody drops the kernel's caches in between,
        both are done again: they must bear that. A drop is told only when it is over; so what exceeds its limit
        is counted up to three times."""
        again = 2
        for _ in range(tries):
            self.n_tries += 1
            dropped = caches_dropped()
            prepare()
            if self.messages:
                self.messages.start()
            when = time.time()
            step()
            counts = self.messages.stop() if self.messages else None
            undisturbed = caches_dropped() == dropped
            work = self.calls.messages_since(when) if self.calls else None
            cost = Cost(counts, work)
            cost.disturbed = not undisturbed
            if undisturbed and not (exceeds(cost) and again):
                break
            again -= undisturbed
        return cost

    def close(self):
        if self.calls:
            self.calls.close()
        if self.messages:
            self.messages.close()


class EventCount(MessageTrace):
    """The same, for millions of messages: a large buffer, read while it fills."""

    def __init__(self, tracefs, connection):
        self.counts = collections.Counter()
        self.stopping = threading.Event()
        self.reader = None
        super().__init__(tracefs, connection)

    def _read(self):
        with open(os.path.join(self.dir, 'trace_pipe'), 'rb', buffering=0) as file:
            os.set_blocking(file.fileno(), False)
            rest = b''
            while True:
                last = self.stopping.is_set()
                try:
                    data = file.read(1 << 16)
                except BlockingIOError:
                    data = None
                if data:
                    lines = (rest + data).split(b'\n')
                    rest = lines.pop()
                    for line in lines:
                        found = re.search(rb' opcode (\d+) ', line)
                        if found:
                            self.counts[opcode_name(int(found[1]))] += 1
                elif last:
                    return
                else:
                    time.sleep(0.01)

    def start(self):
        super().start()
        self.counts.clear()
        self.stopping.clear()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def stop(self):
        self.stopping.set()
        self.reader.join()
        return collections.Counter(self.counts)
