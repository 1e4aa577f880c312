// SPDX-License-Identifier: Apache-2.0
// What targets that behave badly cost the others and the agent: 996 good ones, each 5 s, and beside them in turn those
// that hang, a gzip bomb, and one whose series are other ones each time. No shop, no gateway.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Daemon, waitUntil } from '../shop/demo/daemon.mjs';
import { portPicker } from '../shop/demo/ports.mjs';
import { max, median, quantile } from './lib/figures.mjs';
import { cpuSeconds, rssKib } from './lib/process_usage.mjs';

const kTimeoutMs = 1000;
const kHanging = ['deaf', 'silent', 'drip', 'half'];
const kSeries = 100000;
const at = (port) => `127.0.0.1:${port}`;
const lib = (name) => fileURLToPath(new URL(`lib/${name}.mjs`, import.meta.url));

class Stand {
    children = [];
    held = [];
    bad = [];  // {kind, port, interval}

    constructor(bench, intervalMs) {
        this.bench = bench;
        this.intervalMs = intervalMs;
        this.scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'levee-bench-'));
        fs.mkdirSync(path.join(this.scratch, 'log'));
        this.config = path.join(this.scratch, 'agent.yaml');
    }

    async child(name, ...args) {
        const child = fork(lib(name), args.map(String));
        this.children.push(child);
        const [message] = await once(child, 'message');
        return { child, ...message };
    }

    async start(count) {
        const pick = portPicker();
        this.ports = { http: await pick(), grpc: await pick() };
        const { child, ports } = await this.child('many_targets', count);
        this.good = child;
        this.goodPorts = ports;
        this.write();
        this.agent = new Daemon({ name: 'agent', command: this.bench.programs.agent, args: ['--config', this.config],
            scratch: this.scratch, graceMs: 10000 });
        await this.agent.start();
        await waitUntil('levee-agent is ready', async () => (await fetch(`http://${at(this.ports.http)}/-/ready`)).ok,
            { daemon: this.agent });
    }

    write() {
        const job = (name, interval, ports) => `  - {job_name: ${name}, scrape_interval: ${interval}s, scrape_timeout: 1s, `
            + `sample_limit: ${2 * kSeries}, `
            + `static_configs: [{targets: [${ports.map((port) => JSON.stringify(at(port))).join(', ')}]}]}\n`;
        fs.writeFileSync(this.config, `host: bench
listen: {http: "${at(this.ports.http)}", grpc: "${at(this.ports.grpc)}", unix: "${this.scratch}/agent.sock"}
state_dir: "${this.scratch}/state"
keep: {metrics: ['*']}
scrape_configs:
${job('good', this.intervalMs / 1000, this.goodPorts)}${this.bad.map((each) => job(each.kind, each.interval, [each.port])).join('')}`);
    }

    /// The bad ones from now on: [{kind, interval: seconds, args}].
    async change(bad) {
        this.children.filter((child) => child !== this.good).forEach((child) => child.kill('SIGKILL'));
        this.held.splice(0).forEach((socket) => socket.destroy());
        this.bad = [];
        for (const { kind, interval = this.intervalMs / 1000, args = [] } of bad) {
            const { port } = await this.child('bad_target', kind, ...args);
            if (kind === 'deaf')  // so that its queue is full
                for (let i = 0; i < 4; i += 1)
                    this.held.push(net.connect(port, '127.0.0.1').on('error', () => {}));
            this.bad.push({ kind, interval, port });
        }
        this.write();
        process.kill(this.agent.pid, 'SIGHUP');
        await waitUntil('the new targets are scraped', async () => {
            const scraped = new Set((await this.targets()).filter((each) => each.samples > 0 || each.error !== '')
                .map((each) => Number(new URL(each.url).port)));
            return [...this.goodPorts, ...this.bad.map((each) => each.port)].every((port) => scraped.has(port));
        }, { deadlineMs: 60000 });
    }

    async targets() {
        return (await (await fetch(`http://${at(this.ports.http)}/api/v1/state`)).json()).targets;
    }

    async metric(name) {
        const text = await (await fetch(`http://${at(this.ports.http)}/metrics`)).text();
        return [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))].reduce((sum, found) => sum + Number(found[1]), 0);
    }

    /// {late: ms beyond the interval, of all good targets; cpu: seconds of the agent; peakKib, scrapes}
    async observe(seconds) {
        this.good.send('take');
        await once(this.good, 'message');
        const before = cpuSeconds(this.agent.pid);
        let peakKib = 0;
        for (const end = performance.now() + seconds * 1000; performance.now() < end; await sleep(20))
            peakKib = Math.max(peakKib, rssKib(this.agent.pid));
        const cpu = cpuSeconds(this.agent.pid) - before;
        this.good.send('take');
        const [{ arrivals }] = await once(this.good, 'message');
        const late = arrivals.flatMap((times) => times.slice(1).map((time, i) => Math.abs(time - times[i] - this.intervalMs)));
        return { late, cpu, peakKib, missed: arrivals.filter((times) => times.length < Math.floor(seconds * 1000 / this.intervalMs)).length };
    }

    async end() {
        await this.agent?.stop();
        this.held.forEach((socket) => socket.destroy());
        this.children.forEach((child) => child.kill('SIGKILL'));
        fs.rmSync(this.scratch, { recursive: true, force: true });
    }
}

const percent = (value) => `${(100 * value).toFixed(2)} %`;

export async function run(bench, report) {
    const [seconds, intervalMs] = bench.isQuick ? [5, 2000] : [31, 5000];
    const share = (late) => quantile(late, 0.99) / intervalMs;
    const stand = new Stand(bench, intervalMs);
    try {
        await stand.start(bench.isQuick ? 96 : 996);
        await stand.change([]);
        const calm = await stand.observe(seconds);
        report.add('good targets alone: interval off by, p99', percent(share(calm.late)));
        report.add('good targets alone: RSS', calm.peakKib / 1024, 'MiB');

        bench.say('some hang');
        await stand.change(kHanging.map((kind) => ({ kind })));
        const beside = await stand.observe(seconds);
        report.add('beside four that hang: interval of the good ones off by, p99; worst',
            `${percent(share(beside.late))}; ${percent(max(beside.late) / intervalMs)}`, '', 'p99 < 5 %', share(beside.late) < 0.05);
        report.add('good targets that missed a scrape', beside.missed, '', '0', beside.missed === 0);
        const states = await stand.targets();
        const of = (kind) => states.find((each) => each.job === kind);
        const held = kHanging.slice(0, 3).map((kind) => of(kind).duration_seconds * 1000);
        report.add(`${kHanging.slice(0, 3).join(', ')}: scrape ended after`, held.map((ms) => ms.toFixed(0)).join(', '), 'ms',
            `${kTimeoutMs} +- 100`, held.every((ms) => Math.abs(ms - kTimeoutMs) <= 100));
        report.require(kHanging.every((kind) => !of(kind).up && of(kind).samples === 0), 'a target that hangs or breaks off is up');

        bench.say('a gzip bomb');
        await stand.change([{ kind: 'bomb', interval: 1 }]);
        const bombed = await stand.observe(seconds);
        const each = (bombed.cpu - calm.cpu) / seconds * 1000;
        report.add('a gzip bomb of 256 MiB: CPU each', each, 'ms', '< 50 ms', each < 50);
        const more = (bombed.peakKib - calm.peakKib) / 1024;
        report.add('RSS while it is taken in, above that of before', more, 'MiB', '< 24 MiB', more < 24);
        report.require(!(await stand.targets()).find((target) => target.job === 'bomb').up, 'a bomb is up');

        bench.say(`${kSeries} new series each scrape`);
        await stand.change([{ kind: 'page', interval: 1, args: [kSeries] }]);
        const steady = await stand.observe(seconds);
        await stand.change([{ kind: 'page', interval: 1, args: [kSeries, 'new'] }]);
        const first = await stand.observe(seconds);
        const second = await stand.observe(seconds);
        report.add(`${kSeries} series that stay, each second: RSS`, steady.peakKib / 1024, 'MiB');
        report.add('other ones each time: RSS after one and two stretches',
            `${(first.peakKib / 1024).toFixed(0)}; ${(second.peakKib / 1024).toFixed(0)} MiB`);
        report.add('interval of the good ones off by, p99', percent(share(second.late)), '', '< 5 %', share(second.late) < 0.05);
        report.add('a page of 1,000,000 series', await refusal(stand));
        report.data = { calm, beside, bombed, steady, first, second };
        report.require(median(calm.late) < intervalMs, 'the good targets are not scraped');
    } finally {
        await stand.end();
    }
}

async function refusal(stand) {
    await stand.change([{ kind: 'page', args: [1000000] }]);
    return (await stand.targets()).find((each) => each.job === 'page').error;
}
