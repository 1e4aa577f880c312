// SPDX-License-Identifier: Apache-2.0
// What Levee itself uses: shares of one core and memory, from /proc.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram } from '../shop/demo/backends.mjs';
import { waitUntil } from '../shop/demo/daemon.mjs';
import { portPicker } from '../shop/demo/ports.mjs';
import { withShop } from './lib/bench_shop.mjs';
import { startLoad } from './lib/load.mjs';
import { TreeMeter, UsageMeter } from './lib/process_usage.mjs';

export async function run(bench, report) {
    const seconds = bench.isQuick ? 5 : 30;
    report.data = { seconds, phases: [] };
    await idle(bench, report, seconds);
    await withShop(bench, {}, async ({ shop, agent }) => {
        const pids = { agent: shop.daemons.agent.pid, haproxy: await agent.gatewayPid() };
        const phases = [['100/s on web', shop.urls.buy, undefined, 100], ['300/s on web', shop.urls.buy, undefined, 300],
            ['1,000/s on payment, five times its capacity', `${shop.services.payment.inbound}/charges`, {}, 1000]];
        for (const [what, url, post, rate] of phases) {
            bench.say(what);
            const load = startLoad(bench.programs, { url, post, signal: bench.signal,
                args: ['--rate', rate, '--duration', `${seconds + 3}s`] });
            await sleep(2000);
            const meter = new UsageMeter(pids);
            await sleep(seconds * 1000);
            const usage = meter.end();
            const { completed, offered } = await load.done;
            add(report, what, usage, { completed, offered });
        }
    });
}

const show = ({ cpu, rssKib }) => `${(100 * cpu).toFixed(cpu < 0.01 ? 2 : 1)} %, ${(rssKib / 1024).toFixed(1)} MiB`;

function add(report, what, usage, load = {}) {
    report.add(`${what}: agent`, show(usage.agent));
    if (usage.haproxy)
        report.add(`${what}: its HAProxy`, show(usage.haproxy));
    report.data.phases.push({ what, usage, load });
    report.require(usage.agent.rssKib > 0, `${what}: the agent is gone`);
}

const at = (port) => `127.0.0.1:${port}`;

/// Beside a host's usual companions, where they are installed: {name: [command, arguments]}. Each scrapes the
/// node-exporter each 15 seconds, and netdata looks at the host each second by itself; the agent does both.
async function companions(folder, exporterPort, pick) {
    for (const name of ['netdata-cache', 'netdata-lib'])
        fs.mkdirSync(path.join(folder, name));
    const write = (name, text) => (fs.writeFileSync(path.join(folder, name), text), path.join(folder, name));
    const found = {
        'prometheus-node-exporter': [`--web.listen-address=${at(exporterPort)}`],
        prometheus: ['--enable-feature=agent', `--storage.agent.path=${folder}/wal`, '--storage.remote.flush-deadline=1s', `--web.listen-address=${at(await pick())}`,
            `--config.file=${write('prometheus.yml', `scrape_configs:
  - {job_name: node, scrape_interval: 15s, static_configs: [{targets: ["${at(exporterPort)}"]}]}
remote_write: [{url: "http://${at(await pick())}/nobody"}]
`)}`],
        netdata: ['-D', '-c', write('netdata.conf', `[global]
  run as user = ${os.userInfo().username}
[directories]
  cache = ${folder}/netdata-cache
  lib = ${folder}/netdata-lib
  log = ${folder}
[db]
  mode = ram
[web]
  bind to = 127.0.0.1
  default port = ${await pick()}
[health]
  enabled = no
`)],
    };
    return Object.entries(found).filter(([name]) => findProgram(name) !== null);
}

/// An agent with one node-exporter scraped each 15 seconds, and no gateway; and the others, at the same time.
async function idle(bench, report, seconds) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'levee-bench-'));
    const pick = portPicker();
    const [exporterPort, http, grpc] = [await pick(), await pick(), await pick()];
    fs.writeFileSync(path.join(folder, 'agent.yaml'), `host: idle
listen: {http: "127.0.0.1:${http}", grpc: "127.0.0.1:${grpc}", unix: "${folder}/agent.sock"}
state_dir: "${folder}/state"
scrape_configs:
  - job_name: node
    scrape_interval: 15s
    static_configs: [{targets: ["${at(exporterPort)}"]}]
`);
    const children = [];
    const start = (command, args) => {
        children.push(spawn(command, args, { stdio: 'ignore' }));
        return children.at(-1).pid;
    };
    try {
        const pids = {};
        for (const [name, args] of await companions(folder, exporterPort, pick))
            pids[name] = start(findProgram(name), args);
        pids.agent = start(bench.programs.agent, ['--config', path.join(folder, 'agent.yaml')]);
        await waitUntil('the idle agent is ready', async () => (await fetch(`http://127.0.0.1:${http}/-/ready`)).ok);
        bench.say('idle');
        await sleep(10000);
        const meter = new TreeMeter(pids);
        await sleep((bench.isQuick ? 1 : 2) * seconds * 1000);
        const usage = meter.end();
        add(report, `idle, one exporter${'prometheus-node-exporter' in pids ? '' : ' (not installed: down)'}`, usage);
        for (const name of Object.keys(pids).filter((each) => each !== 'agent'))
            report.add(`at the same time: ${name}`, show(usage[name]));
    } finally {
        await Promise.all(children.map((child) => new Promise((resolve) => {
            if (child.exitCode !== null || child.signalCode !== null) {
                resolve();
                return;
            }
            child.once('exit', resolve);
            child.kill('SIGTERM');
        })));
        fs.rmSync(folder, { recursive: true, force: true });
    }
}
