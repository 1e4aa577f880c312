// SPDX-License-Identifier: Apache-2.0
// What processes use, from /proc.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

const kTicks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/// CPU seconds used so far by the process, all its threads; and by its children that have ended.
export function cpuSeconds(pid, withEnded = false) {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, withEnded ? 15 : 13);
    return ticks.reduce((sum, each) => sum + Number(each), 0) / kTicks;
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

/// The process and all that it started.
function tree(pid) {
    const all = [pid];
    for (const each of all)
        for (const task of fs.readdirSync(`/proc/${each}/task`))
            all.push(...fs.readFileSync(`/proc/${each}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number));
    return all;
}

/// The same of processes with their children; what a child used that has ended counts, its memory does not.
export class TreeMeter {
    constructor(pids) {
        this.pids = pids;
        this.began = performance.now();
        this.before = this.#cpu();
    }

    end() {
        const seconds = (performance.now() - this.began) / 1000;
        const after = this.#cpu();
        return Object.fromEntries(Object.entries(this.pids).map(([name, pid]) => [name, {
            cpu: (after[name] - this.before[name]) / seconds,
            rssKib: tree(pid).reduce((sum, each) => sum + rssKib(each), 0) }]));
    }

    #cpu() {
        return Object.fromEntries(Object.entries(this.pids).map(([name, pid]) => [name,
            tree(pid).reduce((sum, each) => sum + cpuSeconds(each, true), 0)]));
    }
}
