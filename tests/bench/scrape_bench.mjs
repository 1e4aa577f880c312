// SPDX-License-Identifier: Apache-2.0
// What scraping costs: the same targets, each second, by levee-agent and by what else Debian has. See README.md.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findProgram } from '../shop/demo/backends.mjs';
import { waitUntil } from '../shop/demo/daemon.mjs';
import { portPicker } from '../shop/demo/ports.mjs';
import { cpuSeconds, rssKib } from './lib/process_usage.mjs';

const kRoot = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const kUsage = 'usage: run.sh scrape [--quick] [--seconds 60] [--bin DIR] [--agent PATH --targets PATH --parse PATH]';
const kCpuBar = 0.20;  // CPU seconds a million samples
const kRssBar = 45;    // MiB

const kOptions = {
    quick: { type: 'boolean' }, seconds: { type: 'string' }, bin: { type: 'string' }, agent: { type: 'string' },
    targets: { type: 'string' }, parse: { type: 'string' }, help: { type: 'boolean', short: 'h' },
};

/// {agent, targets, parse}: as given, or from a build tree, the optimised one first.
function findPrograms({ bin, ...given }) {
    const builds = bin ? [path.resolve(bin, '..')] : ['release', 'bench', 'dev'].map((name) => path.join(kRoot, 'build', name));
    const find = (file) => builds.map((build) => path.join(build, file)).find((found) => existsSync(found)) ?? null;
    return { agent: given.agent ?? find('bin/levee-agent'), targets: given.targets ?? find('tests/bench/scrape_targets'),
        parse: given.parse ?? find('tests/agent/collect/collect_bench') };
}

const at = (port) => `127.0.0.1:${port}`;
const mib = (kib) => (kib / 1024).toFixed(0);

class Stand {
    children = [];

    constructor({ programs, sizes, seconds, warmUp }) {
        Object.assign(this, { programs, sizes, seconds, warmUp });
        this.scratch = mkdtempSync(path.join(os.tmpdir(), 'levee-scrape-'));
        this.pick = portPicker();
    }

    start(command, args) {
        const child = spawn(command, args, { stdio: ['ignore', 'ignore', process.env.LEVEE_BENCH_VERBOSE ? 'inherit' : 'ignore'] });
        child.exited = new Promise((resolve) => child.once('exit', resolve));
        this.children.push(child);
        return child;
    }

    async stop(child) {
        child.kill('SIGTERM');
        await Promise.race([child.exited, sleep(10000, undefined, { ref: false })]);
        child.kill('SIGKILL');
        await child.exited;
        this.children = this.children.filter((other) => other !== child);
    }

    async end() {
        await Promise.all(this.children.map((child) => this.stop(child)));
        rmSync(this.scratch, { recursive: true, force: true });
    }

    folder(name) {
        const folder = path.join(this.scratch, name);
        mkdirSync(folder);
        return folder;
    }

    /// Serves the targets; `kept` of a hundred families are what levee-agent keeps.
    async serve(kept) {
        this.ports = [];
        for (const _ of this.sizes)
            this.ports.push(await this.pick());
        const server = this.start(this.programs.targets,
            [...this.ports.map((port, i) => `${port}:${this.sizes[i]}`), '--kept', kept]);
        await waitUntil('the targets are there', async () => (await this.served()) >= 0);
        return server;
    }

    async served() {
        return Number(await (await fetch(`http://${at(this.ports[0])}/served`)).text());
    }

    /// {rate, cpu: s per million samples, rss: KiB, the largest of each second's}
    async measure(command, args) {
        const child = this.start(command, args);
        try {
            await sleep(this.warmUp * 1000);
            if (child.exitCode !== null)
                throw new Error(`${path.basename(command)} ended with code ${child.exitCode}`);
            const before = { served: await this.served(), cpu: cpuSeconds(child.pid), time: performance.now() };
            let rss = 0;
            for (let second = 0; second < this.seconds; ++second) {
                await sleep(1000);
                rss = Math.max(rss, rssKib(child.pid));
            }
            const samples = await this.served() - before.served;
            return { rate: samples / ((performance.now() - before.time) / 1000),
                cpu: (cpuSeconds(child.pid) - before.cpu) / (samples / 1e6), rss };
        } finally {
            await this.stop(child);
        }
    }

    prometheusConfig(folder) {
        const file = path.join(folder, 'prometheus.yml');
        const targets = JSON.stringify(this.ports.map(at));
        writeFileSync(file, `global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs: [{job_name: bench, static_configs: [{targets: ${targets}}]}]
`);
        return file;
    }

    async levee(name) {
        const folder = this.folder(name);
        const file = path.join(folder, 'agent.yaml');
        writeFileSync(file, `host: bench
listen: {http: "${at(await this.pick())}", grpc: "${at(await this.pick())}", unix: "${folder}/agent.sock"}
ingest: {otlp: {http: "${at(await this.pick())}", grpc: "${at(await this.pick())}"}}
state_dir: "${folder}/state"
scrape_configs:
  - job_name: bench
    scrape_interval: 1s
    sample_limit: 200000
    body_size_limit: 64MiB
    static_configs: [{targets: ${JSON.stringify(this.ports.map(at))}}]
`);
        return this.measure(this.programs.agent, ['--config', file]);
    }
}

/// [what, how to measure it or why not]
function contenders(stand) {
    const prometheus = findProgram('prometheus');
    const vmagent = findProgram('vmagent');
    const list = [['prometheus', async () => {
        const folder = stand.folder('prometheus');
        return stand.measure(prometheus, [`--config.file=${stand.prometheusConfig(folder)}`,
            `--storage.tsdb.path=${folder}/data`, `--web.listen-address=${at(await stand.pick())}`]);
    }, prometheus], ['prometheus, agent mode', async () => {
        const folder = stand.folder('prometheus-agent');
        return stand.measure(prometheus, [`--config.file=${stand.prometheusConfig(folder)}`, '--enable-feature=agent',
            `--storage.agent.path=${folder}/data`, `--web.listen-address=${at(await stand.pick())}`]);
    }, prometheus], ['vmagent', async () => {
        const folder = stand.folder('vmagent');
        return stand.measure(vmagent, [`-promscrape.config=${stand.prometheusConfig(folder)}`,
            `-remoteWrite.url=http://${at(stand.ports[0])}/write`, `-remoteWrite.tmpDataPath=${folder}`,
            `-httpListenAddr=${at(await stand.pick())}`]);
    }, vmagent]];
    return list.map(([name, run, program]) => [name, program === null ? 'not installed' : run]);
}

async function main() {
    const { values } = parseArgs({ options: kOptions });
    if (values.help) {
        console.log(kUsage);
        return 0;
    }
    const programs = findPrograms(values);
    if (programs.agent === null || programs.targets === null) {
        console.log('SKIP levee-agent or scrape_targets is not built');
        return 0;
    }
    const quick = Boolean(values.quick);
    const sizes = quick ? [...Array(3).fill(1000), 10000] : [...Array(10).fill(10000), 100000];
    const seconds = Number(values.seconds ?? (quick ? 3 : 60));
    const stand = new Stand({ programs, sizes, seconds, warmUp: quick ? 3 : 15 });
    const load = () => os.loadavg()[0].toFixed(2);
    console.log(`${os.cpus().length} cores (${os.cpus()[0].model}); ${sizes.length} targets, ${sizes.reduce((a, b) => a + b)} `
        + `samples each second for ${seconds} s, every value another one, uncompressed\n`);
    console.log('| program | samples/s | CPU s a million | RSS, MiB | load average |\n| --- | ---: | ---: | ---: | ---: |');
    let works = true;
    const show = async (name, run) => {
        if (typeof run === 'string') {
            console.log(`| ${name} | ${run} | | | |`);
            return;
        }
        try {
            const { rate, cpu, rss } = await run();
            works &&= rate > 0;
            console.log(`| ${name} | ${rate.toFixed(0)} | ${cpu.toFixed(3)} | ${mib(rss)} | ${load()} |`);
        } catch (error) {
            works = false;
            console.log(`| ${name} | BROKEN: ${error.message} | | | |`);
        }
    };
    try {
        const everything = await stand.serve(100);
        await show('levee-agent, every series kept', () => stand.levee('all'));
        await stand.stop(everything);
        await stand.serve(1);
        await show(`levee-agent, one series in 100 kept (bar ${kCpuBar.toFixed(2)}; ${kRssBar})`, () => stand.levee('few'));
        for (const [name, run] of quick ? [] : contenders(stand))
            await show(name, run);
    } finally {
        await stand.end();
    }
    if (programs.parse !== null) {
        const parse = spawnSync(programs.parse, { encoding: 'utf8' });
        console.log(`\nParsing alone, beside a memchr pass over the same bytes (${path.relative(kRoot, programs.parse)}):\n\n`
            + `${parse.stdout.trimEnd().replace(/^/gm, '    ')}`);
        works &&= parse.status === 0;
    }
    return works ? 0 : 1;
}

process.exitCode = await main();
