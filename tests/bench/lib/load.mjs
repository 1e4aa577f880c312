// SPDX-License-Identifier: Apache-2.0
// levee-loadgen as a value: its report.
import { spawn } from 'node:child_process';

/// A running load. `done` resolves to the report; stop() ends it early, in-flight requests included.
export function startLoad(programs, { url, args = [], post, signal }) {
    const body = post === undefined ? []
        : ['--method', 'POST', '--header', 'content-type: application/json', '--body', JSON.stringify(post)];
    const child = spawn(programs.loadgen, ['--url', url, '--quiet', ...body, ...args.map(String)],
        { stdio: ['ignore', 'pipe', 'pipe'] });
    const kill = () => child.kill('SIGKILL');
    signal?.addEventListener('abort', kill, { once: true });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => { out += chunk; });
    child.stderr.on('data', (chunk) => { err += chunk; });
    const done = new Promise((resolve, reject) => {
        child.once('error', reject);
        child.once('close', (code) => {
            signal?.removeEventListener('abort', kill);
            if (code === 0)
                resolve(JSON.parse(out));
            else
                reject(new Error(`levee-loadgen ended with ${code}: ${err.trim()}`));
        });
    });
    return { done, stop: () => (child.kill('SIGINT'), done) };
}

export const runLoad = (programs, settings) => startLoad(programs, settings).done;
