// SPDX-License-Identifier: Apache-2.0
// What the gateway costs: requests per second through it with all checks and the log, beside the same HAProxy with a
// plain configuration and beside nginx as a plain proxy, by turns in one run. CPU a request is the steadier figure where
// load, proxy and service share the cores.
import { waitUntil } from '../shop/demo/daemon.mjs';
import { withFastService, missingForFastService } from './lib/fast_service.mjs';
import { median } from './lib/figures.mjs';
import { cpuSeconds } from './lib/process_usage.mjs';
import { runWrk } from './lib/wrk.mjs';

const kRules = `apiVersion: levee/v1
kind: Guard
metadata: {name: fast}
spec:
  match: {service: fast}
  rate: {limit: 1000000/s, key: "header:x-tenant"}
---
apiVersion: levee/v1
kind: Guard
metadata: {name: web-fast}
spec:
  match: {client: web, service: fast}
  rate: {limit: 1000000/s, key: source}
`;

const kTrace = 'traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

/// isTraced: as callers with tracing ask; for the others the gateway makes a trace.
const loadOnce = ({ url, isTraced = true }, seconds) =>
    runWrk(url, { seconds, headers: ['x-tenant: a', ...(isTraced ? [kTrace] : [])] });

/// Lines that the agent has read, and the requests that it took them for, once it has read them all.
async function logged(agent) {
    const read = async () => {
        const page = await (await fetch(`${agent.http}/metrics`)).text();
        return ['lines', 'requests'].map((what) =>
            Number(new RegExp(`^levee_gateway_log_${what}_total (\\S+)`, 'm').exec(page)[1]));
    };
    let last = [NaN];
    // The agent tells its counts each second.
    await waitUntil('the log has been read', async () => {
        await new Promise((resolve) => setTimeout(resolve, 1500));
        const now = await read();
        const isStill = now[0] === last[0];
        last = now;
        return isStill;
    });
    return last;
}

export async function run(bench, report) {
    const missing = missingForFastService(['wrk']);
    if (missing.length > 0) {
        report.add('left out, not installed', missing.join(', '));
        return;
    }
    const plan = bench.isQuick ? { rounds: 1, warm: 1, seconds: 3 } : { rounds: 5, warm: 4, seconds: 5 };
    await withFastService(bench, { rules: kRules }, async ({ agent, urls, pids }) => {
        // nginx serves the answers as well: its CPU as a proxy cannot be told apart.
        const ways = { plain: { url: urls.plain, pid: pids.plain }, inbound: { url: urls.in, pid: await agent.gatewayPid() },
            outbound: { url: urls.out, pid: await agent.gatewayPid() },
            'inbound, untraced': { url: urls.in, pid: await agent.gatewayPid(), isTraced: false }, nginx: { url: urls.nginx, pid: null } };
        const before = await logged(agent);
        let made = 0;
        const seen = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
        for (let round = 0; round < plan.rounds; round += 1) {
            for (const [name, way] of Object.entries(ways)) {
                const { pid } = way;
                bench.say(`round ${round + 1}: ${name}`);
                // The agent takes some seconds of a new rate to sample the log by it.
                const warm = await loadOnce(way, plan.warm);
                const cpuBefore = pid === null ? NaN : cpuSeconds(pid);
                const result = await loadOnce(way, plan.seconds);
                const cpu = pid === null ? NaN : cpuSeconds(pid) - cpuBefore;
                if (pid !== null && pid !== pids.plain)
                    made += warm.requests + result.requests;
                seen[name].push({ ...result, cpuMicros: cpu / result.requests * 1e6 });
            }
        }
        summarise(report, seen);
        const [lines, requests] = (await logged(agent)).map((count, i) => count - before[i]);
        report.add('requests through the listeners for each that was logged', (made / lines).toFixed(1));
        report.add('requests that the agent has counted, over those made', (requests / made).toFixed(4));
    });
}

function summarise(report, seen) {
    const of = (name, field) => median(seen[name].map((each) => each[field]));
    for (const name of Object.keys(seen))
        report.add(`${name}: requests/s; CPU of the proxy a request`,
            `${of(name, 'rate').toFixed(0)}; ${Number.isFinite(of(name, 'cpuMicros')) ? `${of(name, 'cpuMicros').toFixed(1)} us` : '-'}`);
    for (const name of ['inbound', 'outbound', 'inbound, untraced']) {
        // Round by round: the machine changes between them.
        const share = median(seen[name].map((each, i) => each.rate / seen.plain[i].rate));
        report.add(`${name} beside the plain HAProxy`, `${(100 * share).toFixed(0)} %`, '', '>= 85 %', share >= 0.85);
        report.add(`${name} beside nginx`, `${(100 * median(seen[name].map((each, i) => each.rate / seen.nginx[i].rate))).toFixed(0)} %`);
        report.add(`${name}: CPU a request over the plain HAProxy's`, of(name, 'cpuMicros') / of('plain', 'cpuMicros'), 'x');
    }
    const bad = Object.values(seen).flat().reduce((sum, each) => sum + each.bad, 0);
    report.add('answers other than 2xx', bad, '', '0', bad === 0);
    report.data = seen;
}
