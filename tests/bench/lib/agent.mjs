// SPDX-License-Identifier: Apache-2.0
// The agent from outside: the program `levee`, and its state over HTTP.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { followLines } from './shell.mjs';

const run = promisify(execFile);

export class AgentView {
    constructor(programs, shop) {
        this.programs = programs;
        this.state_ = shop.state;
        this.address = shop.urls.agentSocket;
        this.http = shop.urls.agent;
        this.seen = new Map();
    }

    async levee(...args) {
        return (await run(this.programs.levee, ['--agent', this.address, ...args])).stdout;
    }

    /// The published snapshot: guards, targets, agent ...
    async state() {
        return (await fetch(`${this.http}/api/v1/state`)).json();
    }

    async guard(subject) {
        return (await this.state()).guards.find((guard) => guard.subject === subject);
    }

    async gatewayPid() {
        return Number(/process (\d+)/.exec((await this.state()).agent.gateway_detail)[1]);
    }

    /// All events met so far; the agent gives the last 50, so call it now and then.
    async events() {
        for (const event of JSON.parse(await this.levee('get', 'events', '-o', 'json')))
            this.seen.set(event.id, event);
        return [...this.seen.values()].sort((a, b) => a.id - b.id);
    }

    /// The text is merged into the rules in force.
    async applyRules(text, reason) {
        const file = path.join(this.state_.scratch, 'bench-rules.yaml');
        fs.writeFileSync(file, text);
        return this.levee('rules', 'apply', '-f', file, '--reason', reason);
    }

    /// A gRPC subscriber: `levee get events -w`. [{at: arrival, text: "subject: what"}]
    watchEvents() {
        const arrivals = [];
        const stop = followLines(this.programs.levee, ['--agent', this.address, 'get', 'events', '-w'],
            (at, line) => arrivals.push({ at, text: line.replace(/^\S+\s+\S+\s+/, '') }));
        return { arrivals, stop };
    }
}
