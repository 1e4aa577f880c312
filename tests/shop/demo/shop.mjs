// SPDX-License-Identifier: Apache-2.0
// startShop(): the whole workload in one scratch directory, as a value that can be driven and
// stopped. Used by demo.mjs, by the integration tests and by the benches.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { agentConfig } from './agent_config.mjs';
import { findProgram, missingPrograms, startExporter, startRabbit, startRedis } from './backends.mjs';
import { Daemon, waitUntil } from './daemon.mjs';
import { endLeftovers, liveOwner, startTime } from './leftovers.mjs';
import { portPicker } from './ports.mjs';
import { kServices, kShopFolder, startService, waitForService } from './services.mjs';

const kLoadTimeoutMs = 2000;
// A Unix socket's path holds 107 bytes, and the gateway's lie two folders down.
const kMaxScratchLength = 70;

/// Starts everything; when one part fails, stops what runs and throws the reason.
///
///   agent     path of levee-agent; null: services call each other directly, no gateway
///   loadgen   path of levee-loadgen; null: no load
///   dashboard path of levee-dashboard; null: none
///   scratch   directory of this run; default: a new one under the system's temporary folder
///   rate      requests a second on web's front door
///   rules     a folder whose *.yaml go into rules.d; default tests/shop/rules
///   otlp      {grpc, http} ports of a receiver other than the agent
///   exporters false leaves out node-exporter and redis-exporter
///   say       function that takes progress lines;  signal  an AbortSignal that ends the start
///
/// Returns {state, urls, services, daemons, stop()}: see README.md.
export async function startShop(options = {}) {
    const run = new Run({ say: () => {}, ...options });
    try {
        const programs = Object.fromEntries(['agent', 'loadgen', 'dashboard'].map((name) =>
            [name, options[name] ? requireProgram(options[name]) : null]));
        await run.prepare();
        await startEverything(run, { exporters: true, rate: 100, ...options, ...programs });
        return new Shop(run);
    } catch (error) {
        await run.stop();
        throw error;
    }
}

/// Ends the run in this scratch directory: asks its orchestrator if that lives, and sweeps what is
/// left. Returns the number of processes that had to be swept.
export async function cleanUp(scratch) {
    const folder = path.resolve(scratch);
    const owner = liveOwner(folder);
    if (owner !== null) {
        process.kill(owner, 'SIGTERM');
        await waitUntil(`the demo in ${folder} ends`, async () => liveOwner(folder) === null, { deadlineMs: 30000 });
    }
    return endLeftovers(folder);
}

/// The bookkeeping of one run: scratch directory, ports, daemons in the order of their start.
class Run {
    constructor({ scratch, say, signal }) {
        this.scratch = path.resolve(scratch ?? fs.mkdtempSync(path.join(os.tmpdir(), 'levee-demo-')));
        this.say = say;
        this.signal = signal;
        this.daemons = [];
        this.state = { pid: process.pid, pidStartTime: startTime(process.pid), scratch: this.scratch };
    }

    async prepare() {
        if (Buffer.byteLength(this.scratch) > kMaxScratchLength)
            throw new Error(`the scratch path is too long for Unix sockets below it (${kMaxScratchLength} `
                + `bytes at most): ${this.scratch}`);
        const missing = missingPrograms();
        if (missing.length > 0)
            throw new Error(`not installed: ${missing.join(', ')}`);
        const owner = liveOwner(this.scratch);
        if (owner !== null)
            throw new Error(`a demo already runs in ${this.scratch} (process ${owner}); stop it or give --scratch`);
        const stale = await endLeftovers(this.scratch);
        if (stale > 0)
            this.say(`ended ${stale} processes that an earlier run had left`);
        for (const name of ['log', 'state', 'gateway', 'rules.d', 'redis', 'rabbitmq'])
            fs.rmSync(path.join(this.scratch, name), { recursive: true, force: true });
        this.folder('log');
        this.saveState();
        installModules(this.say);
    }

    folder(name) {
        const made = path.join(this.scratch, name);
        fs.mkdirSync(made, { recursive: true });
        return made;
    }

    async start(settings) {
        this.signal?.throwIfAborted();
        const daemon = new Daemon({
            ...settings, args: (settings.args ?? []).map(String), scratch: this.scratch,
            onChange: (changed, text) => {
                this.say(`${changed.name} ${text}`);
                this.saveState();
            },
        });
        this.daemons.push(daemon);
        await daemon.start();
        return daemon;
    }

    saveState() {
        this.state.processes = Object.fromEntries(this.daemons.map((d) => [d.name, { pid: d.pid, log: d.log }]));
        const file = path.join(this.scratch, 'state.json');
        fs.writeFileSync(`${file}.new`, `${JSON.stringify(this.state, null, 2)}\n`);
        fs.renameSync(`${file}.new`, file);
    }

    /// Reverse order, then a sweep for anything that slipped out of its process group.
    async stop() {
        this.stopping ??= (async () => {
            for (const daemon of this.daemons.slice().reverse())
                await daemon.stop();
            await endLeftovers(this.scratch);
            for (const name of ['state.json', 'redis', 'rabbitmq'])
                fs.rmSync(path.join(this.scratch, name), { recursive: true, force: true });
        })();
        return this.stopping;
    }
}

/// A running shop.
class Shop {
    constructor(run) {
        this.run = run;
        this.state = run.state;
        this.urls = run.state.urls;
        this.daemons = Object.fromEntries(run.daemons.map((daemon) => [daemon.name, daemon]));
        this.services = Object.fromEntries(kServices.map(({ name }) =>
            [name, new ServiceHandle(name, run.state.services[name], this.daemons[name])]));
    }

    /// The report of the load generator, after stop(); null when there is none.
    report() {
        try {
            const text = fs.readFileSync(this.daemons.loadgen.log, 'utf8');
            return JSON.parse(text.slice(text.indexOf('{')));
        } catch {
            return null;
        }
    }

    stop() {
        return this.run.stop();
    }
}

/// Drives one service: its fault switch and its metrics, always at its own port.
class ServiceHandle {
    constructor(name, where, daemon) {
        Object.assign(this, { name, daemon }, where);
    }

    /// change: {latencyMs, errorShare, hang, capacityFactor, crash}, any of them.
    setFault(change) {
        return this.fault('PUT', JSON.stringify(change));
    }

    heal() {
        return this.fault('DELETE');
    }

    async fault(method, body) {
        const response = await fetch(`${this.direct}/fault`, { method, body });
        if (!response.ok)
            throw new Error(`${this.name} refused the fault: ${await response.text()}`);
        return response.json();
    }

    /// The value of one metric, summed over its label sets.
    async metric(name) {
        const text = await (await fetch(`${this.direct}/metrics`)).text();
        return text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
            .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
    }
}

async function startEverything(run, options) {
    const ports = await choosePorts();
    const exporters = await startBackends(run, ports, options);
    const hasAgent = Boolean(options.agent);
    describe(run, ports, hasAgent);
    await startServices(run, ports, { hasAgent, otlp: options.otlp });
    if (hasAgent)
        await startAgent(run, ports, exporters, options);
    await waitUntil('the front door sells', async () => (await fetch(run.state.urls.buy)).ok,
        { deadlineMs: 20000, daemon: run.daemons.find((d) => d.name === 'agent'), signal: run.signal });
    run.say(`the shop is open at ${run.state.urls.buy}`);
    if (options.loadgen)
        await startLoad(run, options);
    if (options.dashboard) {
        await run.start({ name: 'dashboard', command: options.dashboard,
            args: ['--connect', `127.0.0.1:${ports.agentGrpc}`] });
        run.say('dashboard started');
    }
    run.saveState();
}

async function choosePorts() {
    const pick = portPicker();
    const ports = { service: {}, inbound: {}, outbound: {} };
    for (const { name, calls, gateway } of kServices) {
        ports.service[name] = await pick();
        if (gateway)
            ports.inbound[name] = await pick();
        for (const callee of calls)
            ports.outbound[`${name}->${callee}`] = await pick();
    }
    for (const name of ['agentHttp', 'agentGrpc', 'otlpGrpc', 'otlpHttp', 'haproxyStats', 'redis', 'amqp', 'epmd',
        'distribution', 'rabbitPrometheus', 'nodeExporter', 'redisExporter'])
        ports[name] = await pick();
    return ports;
}

async function startBackends(run, ports, options) {
    run.say('starting redis and rabbitmq');
    await Promise.all([
        startRedis(run, ports.redis),
        startRabbit(run, { amqp: ports.amqp, prometheus: ports.rabbitPrometheus, epmd: ports.epmd,
            distribution: ports.distribution }),
    ]);
    const running = new Set();
    if (!options.exporters)
        return running;
    const start = async (settings) => {
        if (await startExporter(run, settings))
            running.add(settings.name);
    };
    await start({ name: 'node-exporter', program: 'prometheus-node-exporter', port: ports.nodeExporter,
        args: [`--web.listen-address=127.0.0.1:${ports.nodeExporter}`] });
    await start({ name: 'redis-exporter', program: 'prometheus-redis-exporter', port: ports.redisExporter,
        args: ['-redis.addr', `redis://127.0.0.1:${ports.redis}`,
            '-web.listen-address', `127.0.0.1:${ports.redisExporter}`] });
    return running;
}

/// Fills state: where everything is.
function describe(run, ports, hasAgent) {
    const url = (port) => `http://127.0.0.1:${port}`;
    run.state.ports = ports;
    run.state.services = Object.fromEntries(kServices.map(({ name }) => [name, {
        port: ports.service[name], direct: url(ports.service[name]),
        inbound: hasAgent && ports.inbound[name] ? url(ports.inbound[name]) : null,
    }]));
    const front = url(hasAgent ? ports.inbound.web : ports.service.web);
    run.state.urls = {
        front, buy: `${front}/buy`, redis: `redis://127.0.0.1:${ports.redis}`,
        amqp: `amqp://guest:guest@127.0.0.1:${ports.amqp}`,
        rabbitmqMetrics: `${url(ports.rabbitPrometheus)}/metrics`,
        ...hasAgent && {
            agent: url(ports.agentHttp), agentGrpc: `127.0.0.1:${ports.agentGrpc}`,
            agentSocket: `unix:${path.join(run.scratch, 'agent.sock')}`,
            otlpHttp: url(ports.otlpHttp), otlpGrpc: url(ports.otlpGrpc), haproxyStats: url(ports.haproxyStats),
        },
    };
    run.saveState();
}

async function startServices(run, ports, { hasAgent, otlp }) {
    run.say('starting five services');
    const urls = Object.fromEntries(kServices.flatMap(({ name, calls }) => calls.map((callee) => {
        const edge = `${name}->${callee}`;
        return [edge, `http://127.0.0.1:${hasAgent ? ports.outbound[edge] : ports.service[callee]}`];
    })));
    const receiver = otlp ?? (hasAgent ? { grpc: ports.otlpGrpc, http: ports.otlpHttp } : null);
    const backends = { redis: run.state.urls.redis, amqp: run.state.urls.amqp };
    const daemons = [];
    for (const service of kServices)
        daemons.push(await startService(run, service, { ports: ports.service, urls, backends, otlp: receiver }));
    await Promise.all(kServices.map(({ name }, i) => waitForService(run, name, ports.service[name], daemons[i])));
}

async function startAgent(run, ports, exporters, options) {
    run.say('starting levee-agent and its gateway');
    copyRules(run, options.rules ?? path.join(kShopFolder, 'rules'));
    run.folder('state');
    run.folder('gateway');
    const file = path.join(run.scratch, 'agent.yaml');
    fs.writeFileSync(file, agentConfig({ scratch: run.scratch, ports, exporters }));
    const daemon = await run.start({
        name: 'agent', command: options.agent, args: ['--config', file], graceMs: 5000,
    });
    await waitUntil('levee-agent is ready', async () => (await fetch(`${run.state.urls.agent}/-/ready`)).ok,
        { daemon, signal: run.signal });
}

function copyRules(run, from) {
    const to = run.folder('rules.d');
    if (!fs.existsSync(from))
        return;
    for (const name of fs.readdirSync(from).filter((entry) => entry.endsWith('.yaml')))
        fs.copyFileSync(path.join(from, name), path.join(to, name));
}

async function startLoad(run, { loadgen, rate }) {
    await run.start({
        name: 'loadgen', command: loadgen, stopSignal: 'SIGINT', graceMs: kLoadTimeoutMs + 2000,
        args: ['--url', run.state.urls.buy, '--rate', rate, '--duration', '0', '--arrivals', 'poisson',
            '--timeout', `${kLoadTimeoutMs}ms`, '--quiet'],
    });
    run.say(`load: ${rate} requests a second on ${run.state.urls.buy}`);
}

function requireProgram(name) {
    const found = findProgram(name);
    if (found === null)
        throw new Error(`no program '${name}'`);
    return found;
}

/// `npm ci` when node_modules is missing or holds other versions than the lock file says.
export function installModules(say = () => {}) {
    if (isInstalled())
        return;
    const npm = findProgram('npm');
    if (npm === null)
        throw new Error(`npm is not installed, and ${kShopFolder} lacks its node_modules`);
    say('npm ci: installing the services\' modules');
    try {
        execFileSync(npm, ['ci', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'],
            { cwd: kShopFolder, stdio: 'pipe', timeout: 300000 });
    } catch (error) {
        throw new Error(`npm ci failed in ${kShopFolder}:\n${error.stderr || error.message}`);
    }
}

function isInstalled() {
    const read = (...parts) => JSON.parse(fs.readFileSync(path.join(kShopFolder, ...parts), 'utf8')).packages;
    const wanted = Object.entries(read('package-lock.json')).filter(([name]) => name !== '');
    try {
        const present = read('node_modules', '.package-lock.json');
        return wanted.every(([name, { version, optional }]) => optional || present[name]?.version === version);
    } catch {
        return false;
    }
}
