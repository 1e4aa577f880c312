// SPDX-License-Identifier: Apache-2.0
// wrk as a value: as many requests as so many connections can make, one after the other on each.
import { spawn } from 'node:child_process';
import { findProgram } from '../../shop/demo/backends.mjs';

const number = (text, pattern) => Number(pattern.exec(text)?.[1] ?? 0);

/// A running load, in a session of its own: whoever else is started meanwhile, like an operator's command, does not have to
/// share a session's part of the cores with it. stop() ends it; `done` resolves to {rate: requests/s, requests, bad: other than 2xx, broken: connections
/// that failed, were cut or timed out under a request}.
export function startWrk(url, { connections = 32, seconds = 3600, headers = [], signal } = {}) {
    const child = spawn(findProgram('wrk'), ['-t1', `-c${connections}`, `-d${seconds}s`,
        ...headers.flatMap((header) => ['-H', header]), url], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const kill = () => child.kill('SIGKILL');
    signal?.addEventListener('abort', kill, { once: true });
    let out = '';
    child.stdout.on('data', (chunk) => { out += chunk; });
    const done = new Promise((resolve, reject) => {
        child.once('error', reject);
        child.once('close', () => {
            signal?.removeEventListener('abort', kill);
            const errors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(out)?.slice(1) ?? [];
            const rate = number(out, /Requests\/sec:\s+([\d.]+)/);
            if (rate > 0)
                resolve({ rate, requests: number(out, /(\d+) requests in/), bad: number(out, /Non-2xx or 3xx responses: (\d+)/),
                    broken: errors.reduce((sum, each) => sum + Number(each), 0) });
            else
                reject(new Error(`wrk has no figures: ${out.trim()}`));
        });
    });
    return { done, stop: () => (child.kill('SIGINT'), done) };
}

export const runWrk = (url, settings) => startWrk(url, settings).done;

/// The fewest connections that reach this share of what 32 do. {capacity: requests/s, connections}
export async function shareOfCapacity(url, share, settings, seconds) {
    const { rate: capacity } = await runWrk(url, { ...settings, seconds });
    for (let connections = 1; ; connections += 1) {
        const { rate } = await runWrk(url, { ...settings, connections, seconds: Math.ceil(seconds / 2) });
        if (rate >= share * capacity || connections === 32)
            return { capacity, connections };
    }
}
