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
import { UsageMeter } from './lib/process_usage.mjs';

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

function add(report, what, usage, load = {}) {
    const show = ({ cpu, rssKib }) => `${(100 * cpu).toFixed(cpu < 0.01 ? 2 : 1)} %, ${(rssKib / 1024).toFixed(1)} MiB`;
    report.add(`${what}: agent`, show(usage.agent));
    if (usage.haproxy)
        report.add(`${what}: its HAProxy`, show(usage.haproxy));
    report.data.phases.push({ what, usage, load });
    report.require(usage.agent.rssKib > 0, `${what}: the agent is gone`);
}

/// An agent with one node-exporter scraped each 15 seconds, and no gateway.
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
    static_configs: [{targets: ["127.0.0.1:${exporterPort}"]}]
`);
    const program = findProgram('prometheus-node-exporter');
    const children = [];
    const start = (command, ...args) => children.push(spawn(command, args, { stdio: 'ignore' }));
    try {
        if (program !== null)
            start(program, `--web.listen-address=127.0.0.1:${exporterPort}`);
        start(bench.programs.agent, '--config', path.join(folder, 'agent.yaml'));
        const { pid } = children.at(-1);
        await waitUntil('the idle agent is ready', async () => (await fetch(`http://127.0.0.1:${http}/-/ready`)).ok);
        bench.say('idle');
        await sleep(3000);
        const meter = new UsageMeter({ agent: pid });
        await sleep((bench.isQuick ? 1 : 2) * seconds * 1000);
        add(report, `idle, one exporter${program === null ? ' (not installed: down)' : ''}`, meter.end());
    } finally {
        await Promise.all(children.map((child) => new Promise((resolve) => {
            child.once('exit', resolve);
            if (!child.kill('SIGTERM'))
                resolve();
        })));
        fs.rmSync(folder, { recursive: true, force: true });
    }
}
