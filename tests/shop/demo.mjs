// SPDX-License-Identifier: Apache-2.0
// The demo's command line; see README.md or run it without arguments.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cleanUp, startShop } from './demo/shop.mjs';
import { tellStory } from './demo/story.mjs';

export { cleanUp, installModules, startShop } from './demo/shop.mjs';

const kUsage = `usage: node demo.mjs up --agent PATH --loadgen PATH [--dashboard PATH] [--cli PATH]
                    [--scratch DIR] [--rate 100] [--duration 60s] [--rules DIR]
                    [--headless] [--screenshot FILE] [--no-load] [--no-agent]
       node demo.mjs down --scratch DIR     ends a run, also what a killed one has left

Starts the shop (five services, Redis, RabbitMQ), levee-agent with its gateway, and a steady load.
Stops everything at Ctrl+C or after --duration. --headless opens no window: it lets payment fail for
a while, takes a screenshot of the dashboard meanwhile, heals payment, and ends with the state as
tables. Without --scratch it runs in a new temporary folder, which goes when the run ends well.`;

const kOptions = {
    agent: { type: 'string' }, loadgen: { type: 'string' }, dashboard: { type: 'string' },
    scratch: { type: 'string' }, rate: { type: 'string', default: '100' }, duration: { type: 'string' },
    cli: { type: 'string' }, screenshot: { type: 'string', default: 'levee-demo.png' },
    rules: { type: 'string' }, headless: { type: 'boolean' }, 'no-load': { type: 'boolean' },
    'no-agent': { type: 'boolean' }, help: { type: 'boolean', short: 'h' },
};

class UsageError extends Error {}

/// `90s`, `5m`, `500ms`, `1h`: milliseconds.
function parseDuration(text) {
    const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
    if (!match)
        throw new UsageError(`--duration '${text}' is not a duration such as 60s or 5m`);
    return Number(match[1]) * { ms: 1, s: 1000, m: 60000, h: 3600000 }[match[2]];
}

function readArguments(argv) {
    let parsed;
    try {
        parsed = parseArgs({ args: argv, options: kOptions, allowPositionals: true });
    } catch (error) {
        throw new UsageError(error.message);
    }
    const { values, positionals } = parsed;
    const verb = values.help ? 'help' : positionals[0];
    if (positionals.length > 1 || !['up', 'down', 'help'].includes(verb))
        throw new UsageError('one verb is needed: up or down');
    if (verb === 'down' && !values.scratch)
        throw new UsageError('down needs --scratch');
    if (verb === 'up' && !values.agent && !values['no-agent'])
        throw new UsageError('up needs --agent PATH, or --no-agent');
    if (verb === 'up' && !values.loadgen && !values['no-load'])
        throw new UsageError('up needs --loadgen PATH, or --no-load');
    if (!(Number(values.rate) > 0))
        throw new UsageError(`--rate '${values.rate}' is not a number above 0`);
    const duration = values.duration ?? (values.headless ? '60s' : null);
    return { verb, values, durationMs: duration ? parseDuration(duration) : null };
}

const began = Date.now();
const say = (text) => console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)}s  ${text}`);

async function up(values, durationMs) {
    const abort = new AbortController();
    const asked = new Promise((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
            process.on(signal, () => {
                abort.abort(new Error('stopped while starting'));
                resolve(signal);
            });
    });
    const shop = await startShop({
        agent: values['no-agent'] ? null : values.agent,
        loadgen: values['no-load'] ? null : values.loadgen,
        dashboard: values.headless ? null : values.dashboard,
        scratch: values.scratch, rate: Number(values.rate), rules: values.rules, say, signal: abort.signal,
    });
    printWhere(shop);
    const isStory = values.headless && shop.urls.agent;
    if (isStory)
        await Promise.race([asked, tellStory(shop, values, durationMs, say)]);
    const rest = isStory ? 0 : durationMs;
    const timer = rest === null ? new Promise(() => {})
        : new Promise((resolve) => { setTimeout(resolve, rest, 'the duration is over'); });
    say(`stopping: ${await Promise.race([asked, timer])}`);
    await shop.stop();
    printReport(shop.report());
    if (values.scratch) {
        say(`everything is down; logs in ${path.join(shop.state.scratch, 'log')}`);
    } else {
        fs.rmSync(shop.state.scratch, { recursive: true, force: true });
        say('everything is down');
    }
}

function printWhere({ state }) {
    const line = (name, text) => console.log(`         ${name.padEnd(12)} ${text}`);
    for (const [name, { direct, inbound }] of Object.entries(state.services))
        line(name, inbound ? `${inbound}  (itself: ${direct})` : direct);
    for (const [name, url] of Object.entries(state.urls).filter(([key]) => key !== 'front'))
        line(name, url);
    line('state', path.join(state.scratch, 'state.json'));
    line('a fault', `curl -X PUT ${state.services.payment.direct}/fault -d '{"latencyMs": 300}'`);
    line('healed', `curl -X DELETE ${state.services.payment.direct}/fault`);
}

function printReport(report) {
    if (report === null)
        return;
    const p99 = report.latency_ms.ok.p99;
    say(`load: ${report.offered} offered, ${report.ok} sold, ${report.refused} refused, `
        + `${report.timeouts} without an answer; p99 of the sold ${p99 === null ? '-' : `${p99} ms`}`);
}

async function main() {
    const { verb, values, durationMs } = readArguments(process.argv.slice(2));
    if (verb === 'help')
        console.log(kUsage);
    else if (verb === 'down')
        say(`everything is down; ${await cleanUp(values.scratch)} processes had to be swept`);
    else
        await up(values, durationMs);
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
    try {
        await main();
        process.exit(0);
    } catch (error) {
        console.error(error instanceof UsageError ? `${error.message}\n\n${kUsage}` : `demo: ${error.message}`);
        process.exit(error instanceof UsageError ? 2 : 1);
    }
}
