// SPDX-License-Identifier: Apache-2.0
// Rule edits under half of the load that the gateway can carry here: how soon is an edit proven in force, and does any
// request fail for it? Numbers (a rate, a limit) change by the runtime socket, bodies of fallback answers by a reload of
// HAProxy.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../shop/demo/daemon.mjs';
import { withFastService, missingForFastService } from './lib/fast_service.mjs';
import { max, median, quantile } from './lib/figures.mjs';
import { Shell } from './lib/shell.mjs';
import { shareOfCapacity, startWrk } from './lib/wrk.mjs';

const kPauseMs = 80;

const numbers = (i) => `apiVersion: levee/v1
kind: Guard
metadata: {name: fast}
spec:
  match: {service: fast}
  limiter: {kind: fixed, limit: ${1000 + i}}
  rate: {limit: ${500000 + i}/s, key: "header:x-tenant"}
`;
const body = (i) => `apiVersion: levee/v1
kind: Guard
metadata: {name: web-fast}
spec:
  match: {client: web, service: fast}
  fallback: {body: "later, says edit ${i}\\n", contentType: text/plain}
`;

export async function run(bench, report) {
    const missing = missingForFastService(['wrk']);
    if (missing.length > 0) {
        report.add('left out, not installed', missing.join(', '));
        return;
    }
    const edits = bench.isQuick ? 50 : 1000;
    const reloads = bench.isQuick ? 20 : 1000;
    await withFastService(bench, { rules: numbers(0) }, async ({ agent, scratch, urls }) => {
        // Shares above a half: the edits take their part of the cores, and half shall be left.
        for (const [what, count, rule, share] of [['number', edits, numbers, 0.55], ['reload', reloads, body, 0.65]]) {
            bench.say(`${count} edits: ${what}`);
            const url = urls[what === 'reload' ? 'out' : 'in'];
            const settings = { headers: ['x-tenant: a'], signal: bench.signal };
            const { capacity, connections } = await shareOfCapacity(url, share, settings, bench.isQuick ? 2 : 6);
            const load = startWrk(url, { ...settings, connections });
            const watch = agent.watchEvents();
            const shell = new Shell();
            const times = [];
            for (let i = 1; i <= count; i += 1) {
                // What the edit before left to be done is done: the load is what the bar says, and not the edits.
                await sleep(kPauseMs);
                times.push(await edit(bench, agent, shell, scratch, rule(i), watch));
            }
            watch.stop();
            shell.close();
            summarise(report, what, times, capacity, await load.stop());
        }
    });
}

/// {all: from the start of `levee rules apply` to the event of the proof at a subscriber; agent: the agent's own time}
async function edit({ programs }, agent, shell, scratch, text, watch) {
    const file = path.join(scratch, 'edit.yaml');
    fs.writeFileSync(file, text);
    const from = watch.arrivals.length;
    const { began, ended } = await shell.run(programs.levee, '--agent', agent.address, 'rules', 'apply', file,
        '--reason', 'bench');
    let proof;
    await waitUntil('the edit is proven', async () => {
        proof = watch.arrivals.slice(from).find(({ text: line }) => / is proven in force /.test(line));
        return proof !== undefined;
    });
    return { all: proof.at - began, applied: ended - began, agent: Number(/, ([\d.]+) ms after it came/.exec(proof.text)[1]) };
}

function summarise(report, what, times, capacity, result) {
    const all = times.map((time) => time.all);
    const agent = times.map((time) => time.agent);
    const lost = result.bad + result.broken;
    const title = what === 'reload' ? 'edits by a reload' : 'edits of numbers';
    report.add(`${title}: so many, at requests/s, of the capacity`,
        `${times.length}; ${result.rate.toFixed(0)}; ${(100 * result.rate / capacity).toFixed(0)} %`);
    report.add(`${title}: \`levee rules apply\` -> proof at a subscriber, p50; p99; worst`,
        `${median(all).toFixed(1)}; ${quantile(all, 0.99).toFixed(1)}; ${max(all).toFixed(1)} ms`, '', 'p99 <= 50 ms',
        quantile(all, 0.99) <= 50);
    report.add(`${title}: in the agent's hands -> proof, p50; p99; worst`,
        `${median(agent).toFixed(1)}; ${quantile(agent, 0.99).toFixed(1)}; ${max(agent).toFixed(1)} ms`, '', 'p99 <= 50 ms',
        quantile(agent, 0.99) <= 50);
    report.add(`${title}: requests meanwhile; not answered 2xx; connections cut`, `${result.requests}; ${result.bad}; ${
        result.broken}`, '', '0; 0', lost === 0);
    report.data[what] = { times, capacity, result };
    report.require(result.requests > result.bad, 'no request was answered');
}
