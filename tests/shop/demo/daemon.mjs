// SPDX-License-Identifier: Apache-2.0
// One supervised process: its own process group, its output in one log file, a mark in its
// environment by which leftovers are found, and the death of the orchestrator as its own.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const kMark = 'LEVEE_DEMO_SCRATCH';
const kTailLines = 15;
const kSetpriv = '/usr/bin/setpriv';

export class Daemon {
    /// graceMs: from the stop signal to SIGKILL. restartAfterMs: comes back after an exit that
    /// nobody asked for. onChange(daemon, text): started again or gone.
    constructor({ name, command, args = [], env = {}, scratch, graceMs = 3000, stopSignal = 'SIGTERM',
        restartAfterMs = null, onChange = () => {} }) {
        Object.assign(this, { name, command, args, scratch, graceMs, stopSignal, restartAfterMs, onChange });
        this.env = { ...process.env, ...env, [kMark]: scratch };
        this.log = path.join(scratch, 'log', `${name}.log`);
        this.child = null;
        this.isWanted = false;
    }

    get pid() {
        return this.child?.pid ?? null;
    }

    get isRunning() {
        return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
    }

    /// Resolves when the process exists; rejects when its program cannot be run.
    start() {
        this.isWanted = true;
        const out = fs.openSync(this.log, 'a');
        const [command, ...args] = withParentDeathSignal([this.command, ...this.args]);
        const child = spawn(command, args, { detached: true, stdio: ['ignore', out, out], env: this.env });
        fs.closeSync(out);
        this.child = child;
        this.exited = new Promise((resolve) => child.once('exit', resolve));
        child.once('exit', (code, signal) => this.onExit(code, signal));
        return new Promise((resolve, reject) => {
            child.once('spawn', resolve);
            child.once('error', (error) => reject(new Error(`${this.name}: ${error.message}`)));
        });
    }

    onExit(code, signal) {
        if (!this.isWanted)
            return;
        const how = signal ? `was ended by ${signal}` : `exited with code ${code}`;
        this.onChange(this, how);
        if (this.restartAfterMs !== null) {
            this.restart = setTimeout(async () => {
                await this.start().catch(() => {});
                this.onChange(this, 'is back');
            }, this.restartAfterMs);
        }
    }

    /// Ends the process group; resolves when the process is gone. Safe to call at any time.
    async stop() {
        this.isWanted = false;
        clearTimeout(this.restart);
        if (this.child === null || this.child.pid === undefined)
            return;
        if (this.isRunning) {
            signalGroup(this.child.pid, this.stopSignal);
            await Promise.race([this.exited, sleep(this.graceMs, undefined, { ref: false })]);
        }
        signalGroup(this.child.pid, 'SIGKILL');
        await this.exited;
    }

    /// The end of its log, for a person.
    tail() {
        try {
            return fs.readFileSync(this.log, 'utf8').trimEnd().split('\n').slice(-kTailLines).join('\n');
        } catch {
            return '';
        }
    }
}

/// Waits until probe() resolves to true. Fails with a reason and the log's tail at the deadline, as
/// soon as the daemon is gone, or when `signal` aborts.
export async function waitUntil(what, probe, { daemon, deadlineMs = 20000, signal } = {}) {
    const deadline = Date.now() + deadlineMs;
    const fail = (why) => {
        const tail = daemon?.tail();
        throw new Error(`${what}: ${why}${tail ? `\n--- end of ${daemon.log}\n${tail}\n---` : ''}`);
    };
    while (!await probe().catch(() => false)) {
        signal?.throwIfAborted();
        if (daemon && !daemon.isRunning && daemon.restartAfterMs === null)
            fail('the process is gone');
        if (Date.now() >= deadline)
            fail(`not after ${deadlineMs / 1000} s`);
        await sleep(50);
    }
}

function signalGroup(pid, signal) {
    try {
        process.kill(-pid, signal);
    } catch {
        // The group is gone already.
    }
}

function withParentDeathSignal(argv) {
    return fs.existsSync(kSetpriv) ? [kSetpriv, '--pdeathsig', 'TERM', ...argv] : argv;
}
