// SPDX-License-Identifier: Apache-2.0
// What every pack's stage has: a scratch folder, daemons, and a way to repeat something until the test is over.
//
//     start()    the real daemon and its exporter; returns the ports by those that the pack's scrape text names
//     load()     an ordinary day: afterwards every signal has a number, but for those in `silent`
//     incidents  by rule: what breaks the daemon so that the rule fires, in the order in which they happen
//     unprovoked rules that nothing here can provoke: by rule, why. Their tests.yaml has them.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { accepts, findProgram } from '../../shop/demo/backends.mjs';
import { Daemon, waitUntil } from '../../shop/demo/daemon.mjs';

export const sh = (program) => findProgram(program) ?? program;

export class Stage {
    silent = {};
    unprovoked = {};
    #repeats = new AbortController();
    #sockets = new Set();
    #daemons = [];

    constructor(name, { scratch, pick }) {
        Object.assign(this, { name, scratch, pick });
        this.folder = path.join(scratch, name);
        fs.mkdirSync(this.folder);
    }

    file(name, text) {
        const file = path.join(this.folder, name);
        if (text !== undefined)
            fs.writeFileSync(file, text);
        return file;
    }

    async daemon(name, command, args, { port, env = {}, deadlineMs = 60000 } = {}) {
        const daemon = new Daemon({ name: `${this.name}-${name}`, command: sh(command), args: args.map(String), env,
            scratch: this.scratch, graceMs: 500 });
        this.#daemons.push(daemon);
        await daemon.start();
        if (port !== undefined)
            await waitUntil(`${daemon.name} accepts connections`, () => accepts(port), { daemon, deadlineMs });
        return daemon;
    }

    /// Standard output of a program that must succeed.
    run(program, args, env = {}) {
        return new Promise((resolve, reject) => {
            execFile(sh(program), args.map(String), { env: { ...process.env, ...env }, timeout: 60000 },
                (error, stdout, stderr) => error ? reject(new Error(`${program}: ${error.message}${stderr}`))
                    : resolve(stdout));
        });
    }

    /// Does it again and again until the test is over; what it throws is not of interest.
    repeat(everyMs, action) {
        const { signal } = this.#repeats;
        (async () => {
            while (!signal.aborted) {
                await Promise.resolve().then(action).catch(() => {});
                await sleep(everyMs, undefined, { ref: false });
            }
        })();
    }

    /// Connections that say `text`, or nothing, and stay. Resolves with a function that closes them; its `sockets` are
    /// the connections.
    async connect(count, port, text = '') {
        const sockets = Array.from({ length: count }, () => net.connect(port, '127.0.0.1'));
        await Promise.all(sockets.map((socket) => new Promise((resolve) => {
            this.#sockets.add(socket);
            socket.on('error', resolve);
            socket.on('data', () => {});
            socket.once('close', resolve);
            socket.once('connect', () => socket.write(text, resolve));
        })));
        return Object.assign(() => sockets.forEach((socket) => socket.destroy()), { sockets });
    }

    async stop() {
        this.#repeats.abort();
        for (const socket of this.#sockets)
            socket.destroy();
        await Promise.all(this.#daemons.map((daemon) => daemon.stop()));
    }
}

/// The answer, whatever it says; the time-out is no error.
export async function ask(url, timeoutMs = 20000) {
    try {
        const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
        await response.text();
    } catch {
        // Broken is what it shall be.
    }
}
