// SPDX-License-Identifier: Apache-2.0
// The agent as the world sees it: its HTTP pages, and the command line against its API.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { eventually, programs } from './programs.mjs';

/// Resolves to {code, stdout, stderr}, whatever the exit code.
export function run(program, args, options = {}) {
    return new Promise((resolve, reject) => {
        const child = execFile(program, args.map(String), { timeout: 60000, maxBuffer: 256 * 1024 * 1024, ...options },
            (error, stdout, stderr) => {
                if (error && typeof error.code !== 'number')
                    reject(new Error(`${program} ${args.join(' ')}: ${error.message}`));
                else
                    resolve({ code: error ? error.code : 0, stdout, stderr });
            });
        child.stdin.end(options.input);
    });
}

/// The open-loop load generator; resolves to its report.
export async function load(url, args) {
    const { code, stdout, stderr } = await run(programs.loadgen, ['--url', url, '--arrivals', 'even', '--quiet',
        ...args], { timeout: 120000 });
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
}

export class AgentView {
    /// http: "http://127.0.0.1:7401"; grpc: "127.0.0.1:7400".
    constructor({ http, grpc }) {
        Object.assign(this, { http, grpc });
    }

    levee(...args) {
        return run(programs.levee, ['--agent', this.grpc, ...args]);
    }

    async leveeJson(...args) {
        const { code, stdout, stderr } = await this.levee(...args, '-o', 'json');
        assert.equal(code, 0, stderr);
        return JSON.parse(stdout);
    }

    async page(path, options) {
        const response = await fetch(this.http + path, options);
        return { status: response.status, text: await response.text() };
    }

    async state() {
        return JSON.parse((await this.page('/api/v1/state')).text);
    }

    /// The state of a moment after the call: it is published once a second.
    async freshState() {
        const asked = Date.now();
        return eventually('a fresh state', async () => {
            const state = await this.state();
            assert.ok(state.millis >= asked, `the state of ${asked - state.millis} ms ago`);
            return state;
        });
    }

    /// The oldest first.
    async events() {
        return (await this.leveeJson('get', 'events')).sort((a, b) => a.id - b.id);
    }

    async guard(subject) {
        const { guards } = await this.freshState();
        const found = guards.find((guard) => guard.subject === subject);
        assert.ok(found, `no guard ${subject}`);
        return found;
    }

    /// The value of one series, e.g. `levee_scrapes_total{result="timeout"}`.
    async metric(series) {
        const line = (await this.page('/metrics')).text.split('\n').find((each) => each.startsWith(`${series} `));
        assert.ok(line, `no series ${series}`);
        return Number(line.slice(line.lastIndexOf(' ') + 1));
    }

    async gatewayPid() {
        const { gateway_detail: detail, gateway_up: up } = (await this.freshState()).agent;
        const pid = /^process (\d+)$/.exec(detail)?.[1];
        assert.ok(up && pid, `the gateway is not up: ${detail}`);
        return Number(pid);
    }

    /// Throws when a guard is not proven to be in force.
    async assertEnforced() {
        const { guards } = await this.freshState();
        assert.ok(guards.length > 0);
        assert.deepEqual(guards.map((g) => [g.subject, g.enforcement]), guards.map((g) => [g.subject, 'enforcing']));
        return guards;
    }
}

export function isAlive(pid) {
    try {
        return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
        return false;
    }
}
