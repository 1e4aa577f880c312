// SPDX-License-Identifier: Apache-2.0
// Finds and ends what an earlier or failed run has left, by the mark in each process's environment.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { kMark } from './daemon.mjs';

/// Processes that a run with this scratch directory started and that still live.
export function findLeftovers(scratch) {
    const mark = `${kMark}=${scratch}`;
    return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)
        .filter((pid) => pid !== process.pid && isMarked(pid, mark));
}

function isMarked(pid, mark) {
    try {
        return fs.readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark);
    } catch {
        return false;  // gone, or somebody else's
    }
}

/// Ends them all. Returns how many there were; throws when one survives SIGKILL for five seconds.
export async function endLeftovers(scratch) {
    const found = findLeftovers(scratch);
    for (let left = found, tries = 0; left.length > 0; left = findLeftovers(scratch), tries += 1) {
        if (tries === 100)
            throw new Error(`still alive after SIGKILL: process ${left.join(', ')}`);
        for (const pid of left) {
            try {
                process.kill(pid, 'SIGKILL');
            } catch {
                // It went by itself.
            }
        }
        await sleep(50);
    }
    return found.length;
}

/// When a process started, in clock ticks since boot: with the pid it names one process for good.
export function startTime(pid) {
    try {
        const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
        return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    } catch {
        return null;
    }
}

/// The pid of the live orchestrator that owns this scratch directory, or null.
export function liveOwner(scratch) {
    try {
        const { pid, pidStartTime } = JSON.parse(fs.readFileSync(path.join(scratch, 'state.json'), 'utf8'));
        return pid !== process.pid && startTime(pid) === pidStartTime ? pid : null;
    } catch {
        return null;
    }
}
