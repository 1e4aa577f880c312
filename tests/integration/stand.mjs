// SPDX-License-Identifier: Apache-2.0
// A real agent and its HAProxy before small services of the test's own: what is enough wherever the shop is not the
// point.
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { Daemon, waitUntil } from '../shop/demo/daemon.mjs';
import { portPicker } from '../shop/demo/ports.mjs';
import { AgentView } from './agent_view.mjs';
import { programs, removeScratch, sweepAtEnd } from './programs.mjs';

const at = (port) => `127.0.0.1:${port}`;

function fine(request, response) {
    response.end('fine\n');
}

/// A service that answers what the test says: set `answer` to a function (request, response).
export class Backend {
    answer = fine;
    served = 0;

    async start() {
        this.server = http.createServer((request, response) => {
            this.served += 1;
            request.resume();
            this.answer(request, response);
        });
        this.server.listen(0, '127.0.0.1');
        await once(this.server, 'listening');
        this.port = this.server.address().port;
        return this;
    }

    fail() {
        this.answer = (request, response) => {
            response.statusCode = 500;
            response.end('broken\n');
        };
    }

    heal() {
        this.answer = fine;
    }

    stop() {
        this.server.closeAllConnections();
        this.server.close();
    }
}

/// One agent in a scratch folder. The call goes client -> out (breaker) -> in (limit) -> backend.
export class Stand {
    constructor() {
        this.scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'levee-stand-'));
        for (const name of ['log', 'rules.d'])
            fs.mkdirSync(path.join(this.scratch, name));
        this.configFile = this.file('agent.yaml');
        sweepAtEnd(this.scratch);
    }

    file(name) {
        return path.join(this.scratch, name);
    }

    write(name, text) {
        fs.writeFileSync(this.file(name), text);
        return this.file(name);
    }

    /// targets: ports that are scraped; rules: the text of a rule file; gateway: false for none; listeners: more lines of
    /// the gateway's list, from the function (pick) of a port picker; resolvers: a server of names.
    async start({ targets = [], rules = '', gateway = true, listeners = async () => '',
        resolvers = null } = {}) {
        const pick = portPicker();
        this.ports = {};
        for (const name of ['http', 'grpc', 'otlpHttp', 'otlpGrpc', 'in', 'out'])
            this.ports[name] = await pick();
        this.backend = await new Backend().start();
        this.view = new AgentView({ http: `http://${at(this.ports.http)}`, grpc: at(this.ports.grpc) });
        this.urls = { in: `http://${at(this.ports.in)}/`, out: `http://${at(this.ports.out)}/` };
        this.settings = { targets, gateway, resolvers, listeners: await listeners(pick) };
        this.writeConfig();
        this.write('rules.d/test.yaml', rules);
        this.agent = new Daemon({ name: 'agent', command: programs.agent, args: ['--config', this.configFile],
            scratch: this.scratch, graceMs: 10000 });
        await this.startAgent();
        return this;
    }

    /// The configuration with other jobs and, verbatim at its end, more text.
    writeConfig({ jobs = { targets: this.settings.targets }, more = '' } = {}) {
        const { ports, backend } = this;
        const gateway = `gateway:
${this.settings.resolvers ? `  resolvers: ["${this.settings.resolvers}"]\n` : ''}  listeners:
    - {service: payment, bind: "${at(ports.in)}", targets: ["${at(backend.port)}"]}
    - {client: checkout, service: payment, bind: "${at(ports.out)}", targets: ["${at(ports.in)}"]}
${this.settings.listeners}`;
        const job = ([name, list]) => `  - {job_name: ${name}, scrape_interval: 1s, static_configs: [`
            + `{targets: [${list.map((port) => JSON.stringify(at(port))).join(', ')}]}]}\n`;
        const filled = Object.entries(jobs).filter(([, list]) => list.length > 0);
        this.write('agent.yaml', `host: stand
listen: {http: "${at(ports.http)}", grpc: "${at(ports.grpc)}", unix: "${this.file('agent.sock')}"}
state_dir: "${this.file('state')}"
ingest: {otlp: {http: "${at(ports.otlpHttp)}", grpc: "${at(ports.otlpGrpc)}"}}
lifecycle_api: true
rule_files: ["rules.d/*.yaml"]
${this.settings.gateway ? gateway : ''}${filled.length > 0 ? `scrape_configs:\n${filled.map(job).join('')}` : ''}${more}`);
    }

    async startAgent() {
        await this.agent.start();
        await waitUntil('levee-agent is ready', async () => (await fetch(`${this.view.http}/-/ready`)).ok,
            { daemon: this.agent, deadlineMs: 60000 });
    }

    /// Sends the agent alone a signal and waits for its end.
    async endAgent(signal) {
        process.kill(this.agent.pid, signal);
        await this.agent.exited;
    }

    async stop() {
        await this.agent?.stop();
        this.backend?.stop();
        await removeScratch(this.scratch);
    }
}
