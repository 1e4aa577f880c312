// SPDX-License-Identifier: Apache-2.0
// What processes use, from /proc.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

const kTicks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/// CPU seconds used so far by the process, all its threads.
export function cpuSeconds(pid) {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / kTicks;
}

export function rssKib(pid) {
    return Number(/^VmRSS:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
}

/// Open file descriptors.
export function fdCount(pid) {
    return fs.readdirSync(`/proc/${pid}/fd`).length;
}

/// Shares of one core between start and end(), and the memory at the end.
export class UsageMeter {
    /// pids: {name: pid}
    constructor(pids) {
        this.pids = pids;
        this.began = performance.now();
        this.before = Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuSeconds(pid)]));
    }

    /// {name: {cpu: share of a core, rssKib}}
    end() {
        const seconds = (performance.now() - this.began) / 1000;
        return Object.fromEntries(Object.entries(this.pids).map(([name, pid]) =>
            [name, { cpu: (cpuSeconds(pid) - this.before[name]) / seconds, rssKib: rssKib(pid) }]));
    }
}
