// SPDX-License-Identifier: Apache-2.0
// Rule edits under load: how soon is an edit proven in force, and does any request fail for it? Numbers (a rate, a
// limit) change by the runtime socket, bodies of fallback answers by a reload of HAProxy.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { waitUntil } from '../shop/demo/daemon.mjs';
import { withFastService, missingForFastService } from './lib/fast_service.mjs';
import { max, median, quantile } from './lib/figures.mjs';
import { startLoad } from './lib/load.mjs';

const exec = promisify(execFile);
const now = () => performance.timeOrigin + performance.now();
const kRate = 1000;

const numbers = (i) => `apiVersion: levee/v1
kind: Guard
metadata: {name: fast}
spec:
  match: {service: fast}
  limiter: {kind: fixed, limit: ${1000 + i}}
  rate: {limit: ${100000 + i}/s, key: "header:x-tenant"}
`;
const body = (i) => `apiVersion: levee/v1
kind: Guard
metadata: {name: web-fast}
spec:
  match: {client: web, service: fast}
  fallback: {body: "later, says edit ${i}\\n", contentType: text/plain}
`;

export async function run(bench, report) {
    const missing = missingForFastService();
    if (missing.length > 0) {
        report.add('left out, not installed', missing.join(', '));
        return;
    }
    const edits = bench.isQuick ? 50 : 1000;
    const reloads = bench.isQuick ? 20 : 1000;
    await withFastService(bench, { rules: numbers(0) }, async ({ agent, scratch, urls }) => {
        for (const [what, count, rule] of [['number', edits, numbers], ['reload', reloads, body]]) {
            bench.say(`${count} edits: ${what}`);
            const load = startLoad(bench.programs, { url: urls[what === 'reload' ? 'out' : 'in'], signal: bench.signal,
                args: ['--rate', kRate, '--duration', '0', '--timeout', '10s', '--arrivals', 'even'] });
            const watch = agent.watchEvents();
            const times = [];
            for (let i = 1; i <= count; i += 1)
                times.push(await edit(bench, agent, scratch, rule(i), watch));
            watch.stop();
            summarise(report, what, times, await load.stop());
        }
    });
}

/// {all: from the start of `levee rules apply` to the event of the proof at a subscriber; agent: the agent's own time}
async function edit({ programs }, agent, scratch, text, watch) {
    const file = path.join(scratch, 'edit.yaml');
    fs.writeFileSync(file, text);
    const from = watch.arrivals.length;
    const began = now();
    await exec(programs.levee, ['--agent', agent.address, 'rules', 'apply', file, '--reason', 'bench']);
    const applied = now();
    let proof;
    await waitUntil('the edit is proven', async () => {
        proof = watch.arrivals.slice(from).find(({ text: line }) => / is proven in force /.test(line));
        return proof !== undefined;
    });
    return { all: proof.at - began, applied: applied - began, agent: Number(/, ([\d.]+) ms after it came/.exec(proof.text)[1]) };
}

function summarise(report, what, times, result) {
    const all = times.map((time) => time.all);
    const agent = times.map((time) => time.agent);
    const lost = result.offered - result.ok;
    const title = what === 'reload' ? 'edits by a reload' : 'edits of numbers';
    report.add(`${title} at ${kRate}/s`, times.length);
    report.add(`${title}: \`levee rules apply\` -> proof at a subscriber, p50; p99; worst`,
        `${median(all).toFixed(1)}; ${quantile(all, 0.99).toFixed(1)}; ${max(all).toFixed(1)} ms`, '', 'p99 <= 50 ms',
        quantile(all, 0.99) <= 50);
    report.add(`${title}: in the agent's hands -> proof, p50; p99; worst`,
        `${median(agent).toFixed(1)}; ${quantile(agent, 0.99).toFixed(1)}; ${max(agent).toFixed(1)} ms`, '', 'p99 <= 50 ms',
        quantile(agent, 0.99) <= 50);
    report.add(`${title}: requests meanwhile; not answered 2xx`, `${result.offered}; ${lost}`, '', '0', lost === 0);
    report.add(`${title}: latency of requests p50; p99`,
        `${result.latency_ms.ok.p50.toFixed(2)}; ${result.latency_ms.ok.p99.toFixed(2)} ms`);
    report.data[what] = { times, result };
    report.require(result.ok > 0, 'no request was answered');
}
