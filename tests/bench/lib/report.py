# SPDX-License-Identifier: GPL-2.0-or-later
"""Medians, spreads and ratios: as a table, as JSON, as a drawing."""
import html
import json
import math
import statistics


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


class Results:
    """seconds[workload][contender]: round -> seconds. cpu: likewise, the daemon's CPU seconds. A time during
    which others dropped the machine's caches counts only where there is no other."""

    def __init__(self, contenders, machine):
        self.contenders = contenders            # name -> title, in order
        self.machine = machine
        self.seconds = {}
        self.cpu = {}
        self.disturbed = set()                  # (workload, contender, round)
        self.messages = {}                      # workload -> contender -> opcode -> number

    def add(self, workload, contender, turn, seconds, cpu, disturbed):
        self.seconds.setdefault(workload, {}).setdefault(contender, {})[turn] = seconds
        self.cpu.setdefault(workload, {}).setdefault(contender, {})[turn] = cpu
        if disturbed:
            self.disturbed.add((workload, contender, turn))

    def values(self, workload, contender):
        """round -> seconds, of the rounds that count."""
        values = self.seconds[workload].get(contender, {})
        return {turn: value for turn, value in values.items()
                if (workload, contender, turn) not in self.disturbed} or values

    def median(self, workload, contender):
        values = self.values(workload, contender).values()
        return statistics.median(values) if values else None

    def spread(self, workload, contender):
        """(largest - smallest) / median."""
        values = self.values(workload, contender).values()
        return (max(values) - min(values)) / statistics.median(values) if values else None

    def ratio(self, workload, contender, to):
        """The median of the rounds' ratios: what slows down a whole round counts for nothing."""
        mine, other = (self.values(workload, name) for name in (contender, to))
        if not mine or not other:
            return None
        common = [mine[turn] / max(other[turn], 1e-6) for turn in mine if turn in other]
        return statistics.median(common) if common else \
            statistics.median(mine.values()) / max(statistics.median(other.values()), 1e-6)

    def mean_ratio(self, contender, to):
        ratios = [self.ratio(workload, contender, to) for workload in self.seconds]
        ratios = [ratio for ratio in ratios if ratio]
        return geometric_mean(ratios) if ratios else None


def table(results, limits, each, mean):
    """The table, and a list of the limits that are missed."""
    lines, missed = [], []
    shown = list(results.contenders)
    head = '%-46s' % 'workload' + ''.join('%16s' % name for name in shown) + \
        '%9s%7s%9s%9s' % ('/kernel', 'limit', 'user/k', '/f-o-fs')
    lines += ['Median seconds, and in percent how far the rounds lie apart. /kernel, /f-o-fs: root to kernel '
              'overlayfs, to fuse-overlayfs;', 'user/k: user namespace to kernel overlayfs. A * has missed its '
              'limit.', '', head, '-' * len(head)]

    def number(value, limit=None):
        if value is None:
            return '-'
        return '%.2f%s' % (value, '*' if limit and value > limit else '')

    for workload in results.seconds:
        row = '%-46s' % workload
        for name in shown:
            median = results.median(workload, name)
            row += '%16s' % ('-' if median is None else
                             '%.3f %3.0f%%' % (median, 100 * results.spread(workload, name)))
        limit = limits.get(workload)
        ratio, user = results.ratio(workload, 'root', 'kernel'), results.ratio(workload, 'user', 'kernel')
        old = results.ratio(workload, 'root', 'fuse-overlayfs')
        row += '%9s%7s%9s%9s' % (number(ratio, limit), number(limit), number(user, limit and limit * 1.1),
                                 number(old, each))
        lines.append(row)
        if ratio and limit and ratio > limit:
            missed.append('%s: %.2f times kernel overlayfs (limit %.2f)' % (workload, ratio, limit))
        if user and limit and user > limit * 1.1:
            missed.append('%s, in a user namespace: %.2f times kernel overlayfs (limit %.2f)' %
                          (workload, user, limit * 1.1))
        if old and old > each:
            missed.append('%s: %.2f of fuse-overlayfs (limit %.2f)' % (workload, old, each))
    n = sum(len(values) for of in results.seconds.values() for values in of.values())
    if results.disturbed:
        lines.append('of %d times, %d were taken while others dropped the caches: they count only where there is '
                     'no other' % (n, len(results.disturbed)))
    for name, to, limit in (('root', 'kernel', None), ('user', 'kernel', None), ('root', 'fuse-overlayfs', mean),
                            ('fuse-overlayfs', 'kernel', None)):
        value = results.mean_ratio(name, to)
        if value:
            lines.append('geometric mean of %s to %s: %s' % (name, to, number(value, limit)))
            if limit and value > limit:
                missed.append('geometric mean: %.2f of fuse-overlayfs (limit %.2f)' % (value, limit))
    return lines, missed


def growth_table(results, growth, seconds):
    """What must not cost more where there is more of something, and what has a limit in seconds. The table, and a list
    of the limits that are missed."""
    lines, missed = ['%-84s%9s%9s' % ('how much longer', 'as root', 'limit')], []
    for large, small, limit in growth:
        if not (results.seconds.get(large, {}).get('root') and results.seconds.get(small, {}).get('root')):
            continue
        ratio = results.median(large, 'root') / results.median(small, 'root')
        lines.append('%-84s%8.2f%s%9.2f' % ('%s / %s' % (large, small), ratio, '*' if ratio > limit else ' ', limit))
        if ratio > limit:
            missed.append('%s: %.2f times %s (limit %.2f)' % (large, ratio, small, limit))
    for workload, limit in seconds.items():
        value = results.median(workload, 'root') if workload in results.seconds else None
        if value and value > limit:
            missed.append('%s: %.3f seconds (limit %.3f)' % (workload, value, limit))
    return lines, missed


def cpu_table(results):
    """The daemons' CPU seconds, and messages where they were counted."""
    daemons = [name for name in results.contenders if name not in ('plain', 'kernel')]
    lines = ['%-46s' % "CPU seconds of the daemon" + ''.join('%16s' % name for name in daemons)]
    for workload, of in results.cpu.items():
        lines.append('%-46s' % workload + ''.join(
            '%16s' % ('%.2f' % statistics.median(of[name].values()) if name in of else '-') for name in daemons))
    for workload, of in results.messages.items():
        for name, counts in of.items():
            lines.append('%-46s %s: %s' % (workload, name, ' '.join(
                '%s %d' % item for item in sorted(counts.items(), key=lambda item: -item[1]))))
    return lines


def as_json(results, limits):
    return json.dumps({
        'machine': results.machine, 'contenders': results.contenders, 'limits': limits,
        'workloads': {workload: {
            name: {'seconds': list(values.values()), 'median': results.median(workload, name),
                   'disturbed': sum((workload, name, turn) in results.disturbed for turn in values),
                   'cpu_seconds': list(results.cpu[workload][name].values()),
                   'to_kernel': results.ratio(workload, name, 'kernel'),
                   'to_fuse_overlayfs': results.ratio(workload, name, 'fuse-overlayfs'),
                   'messages': results.messages.get(workload, {}).get(name)}
            for name, values in of.items()} for workload, of in results.seconds.items()},
    }, indent=1)


COLOURS = {'plain': '#bbbbbb', 'fuse-overlayfs': '#d95f02', 'root': '#1b6ca8', 'user': '#7fb3d5', 'kernel': '#444444'}


def as_svg(results):
    """Bars to the right of the line are slower than kernel overlayfs, bars to the left faster; logarithmic."""
    shown = [name for name in results.contenders if name != 'kernel']
    low, high = 1 / 8, 64
    left, width, bar = 260, 640, 7
    row = bar * len(shown) + 6
    workloads = [w for w in results.seconds if results.median(w, 'kernel')]
    height = 70 + row * len(workloads) + 20

    def x(ratio):
        at = (math.log(min(max(ratio, low), high)) - math.log(low)) / (math.log(high) - math.log(low))
        return left + at * width

    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" '
           'font-size="11">' % (left + width + 30, height),
           '<!-- SPDX-License-Identifier: GPL-2.0-or-later -->',
           '<rect width="100%" height="100%" fill="white"/>',
           '<text x="10" y="18" font-size="14">Time, as a multiple of that of kernel overlayfs '
           '(logarithmic; shorter is faster)</text>']
    at = 10
    for name in shown:
        title = html.escape(results.contenders[name])
        out.append('<rect x="%d" y="28" width="10" height="10" fill="%s"/><text x="%d" y="37">%s</text>' %
                   (at, COLOURS.get(name, '#000'), at + 14, title))
        at += 30 + 7 * len(title)
    for tick in (0.125, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64):
        out.append('<line x1="%.1f" x2="%.1f" y1="58" y2="%d" stroke="%s"/><text x="%.1f" y="54" '
                   'text-anchor="middle">%g</text>' %
                   (x(tick), x(tick), height - 20, '#000' if tick == 1 else '#ddd', x(tick), tick))
    y = 64
    for workload in workloads:
        out.append('<text x="%d" y="%d" text-anchor="end">%s</text>' %
                   (left - 8, y + row / 2 + 1, html.escape(workload)))
        for i, name in enumerate(shown):
            ratio = results.ratio(workload, name, 'kernel')
            if ratio:
                a, b = sorted((x(1), x(ratio)))
                out.append('<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"><title>%s: %.2f</title></rect>'
                           % (a, y + i * bar, max(b - a, 1), bar - 1, COLOURS.get(name, '#000'), name, ratio))
        y += row
    return '\n'.join(out + ['</svg>']) + '\n'
