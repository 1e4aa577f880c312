// SPDX-License-Identifier: Apache-2.0
// An agent with its gateway before the fastest service there is, nginx with a fixed answer: where the gateway itself
// is measured, nothing else must be the bottleneck.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findProgram } from '../../shop/demo/backends.mjs';
import { Daemon, waitUntil } from '../../shop/demo/daemon.mjs';
import { endLeftovers } from '../../shop/demo/leftovers.mjs';
import { portPicker } from '../../shop/demo/ports.mjs';
import { AgentView } from './agent.mjs';

const at = (port) => `127.0.0.1:${port}`;

/// What of it is not installed.
export function missingForFastService(others = []) {
    return ['nginx', 'haproxy', ...others].filter((name) => findProgram(name) === null);
}

function nginxText(scratch, ports) {
    return `worker_processes 1;
pid ${scratch}/nginx.pid;
error_log ${scratch}/log/nginx-error.log;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 1000000;
  upstream service { server ${at(ports.service)}; keepalive 64; }
  server { listen ${at(ports.service)} backlog=4096; location / { default_type text/plain; return 200 "fine\\n"; } }
  server { listen ${at(ports.nginx)} backlog=4096;
    location / { proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection ""; } }
}
`;
}

const plainHaproxyText = (ports) => `global
    maxconn 4096
defaults
    mode http
    timeout client 60s
    timeout connect 1s
    timeout server 60s
frontend plain
    bind ${at(ports.plain)}
    default_backend plain
backend plain
    balance leastconn
    server a ${at(ports.service)}
`;

/// use({agent, ports, scratch, pids, urls}). rules: the rule file to begin with; target: the port of another service
/// behind the listeners.
export async function withFastService({ programs, say }, { rules = '', target = null }, use) {
    const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'levee-bench-'));
    for (const name of ['log', 'rules.d'])
        fs.mkdirSync(path.join(scratch, name));
    const pick = portPicker();
    const ports = {};
    for (const name of ['service', 'nginx', 'plain', 'in', 'out', 'http', 'grpc', 'otlpHttp', 'otlpGrpc'])
        ports[name] = await pick();
    const write = (name, text) => (fs.writeFileSync(path.join(scratch, name), text), path.join(scratch, name));
    write('rules.d/bench.yaml', rules);
    const config = write('agent.yaml', `host: bench
listen: {http: "${at(ports.http)}", grpc: "${at(ports.grpc)}", unix: "${scratch}/agent.sock"}
state_dir: "${scratch}/state"
ingest: {otlp: {http: "${at(ports.otlpHttp)}", grpc: "${at(ports.otlpGrpc)}"}}
rule_files: ["rules.d/*.yaml"]
gateway:
  listeners:
    - {service: fast, bind: "${at(ports.in)}", targets: ["${at(target ?? ports.service)}"]}
    - {client: web, service: fast, bind: "${at(ports.out)}", targets: ["${at(target ?? ports.service)}"]}
`);
    const env = { ...process.env, LEVEE_DEMO_SCRATCH: scratch };
    // Each in a session of its own, as the gateway's HAProxy is: Linux shares the cores out between sessions
    // (sched_autogroup), and a proxy in the session of its load is woken with fewer switches.
    const start = (program, args) => spawn(findProgram(program), args, { stdio: 'ignore', env, detached: true });
    const answers = (url) => waitUntil(`${url} answers`, async () => (await fetch(url)).ok);
    let agentDaemon;
    let nginx;
    let isWell = false;
    try {
        nginx = start('nginx', ['-g', 'daemon off;', '-c', write('nginx.conf', nginxText(scratch, ports)), '-p', scratch]);
        const plain = start('haproxy', ['-db', '-f', write('plain.cfg', plainHaproxyText(ports))]);
        agentDaemon = new Daemon({ name: 'agent', command: programs.agent, args: ['--config', config], scratch,
            graceMs: 10000, stopSignal: 'SIGINT' });
        await agentDaemon.start();
        const urls = { service: `http://${at(ports.service)}/`, nginx: `http://${at(ports.nginx)}/`,
            plain: `http://${at(ports.plain)}/`, in: `http://${at(ports.in)}/`, out: `http://${at(ports.out)}/` };
        for (const url of Object.values(urls))
            await answers(url);
        await waitUntil('levee-agent is ready', async () => (await fetch(`http://${at(ports.http)}/-/ready`)).ok,
            { daemon: agentDaemon });
        const agent = new AgentView(programs, { state: { scratch },
            urls: { agentSocket: `unix:${scratch}/agent.sock`, agent: `http://${at(ports.http)}` } });
        await use({ agent, ports, scratch, urls, pids: { nginx: nginx.pid, plain: plain.pid, agent: agentDaemon.pid } });
        isWell = true;
    } finally {
        await agentDaemon?.stop();
        nginx?.kill();  // it writes its title over the environment that leftovers are known by
        await endLeftovers(scratch);
        if (isWell)
            fs.rmSync(scratch, { recursive: true, force: true });
        else
            say(`the logs are in ${scratch}`);
    }
}
