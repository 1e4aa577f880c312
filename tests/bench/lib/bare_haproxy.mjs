// SPDX-License-Identifier: Apache-2.0
// A HAProxy that answers 503 to everything: the least that any gateway on this machine takes.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { findProgram } from '../../shop/demo/backends.mjs';
import { waitUntil } from '../../shop/demo/daemon.mjs';
import { portPicker } from '../../shop/demo/ports.mjs';

/// {port, stop()}
export async function startBareHaproxy(folder) {
    const port = await portPicker()();
    const file = path.join(folder, 'bare.cfg');
    fs.writeFileSync(file, `defaults
    mode http
    timeout client 10s
    timeout connect 1s
    timeout server 10s
frontend bare
    bind 127.0.0.1:${port}
    http-request return status 503 content-type text/plain string "no"
`);
    const program = findProgram('haproxy');
    const child = spawn(program, ['-db', '-f', file], { stdio: 'ignore',
        env: { ...process.env, LEVEE_DEMO_SCRATCH: folder } });
    await waitUntil('a bare HAProxy answers', async () => (await fetch(`http://127.0.0.1:${port}/`)).status === 503);
    return { port, stop: () => child.kill('SIGKILL') };
}
