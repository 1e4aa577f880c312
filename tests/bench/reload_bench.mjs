// SPDX-License-Identifier: Apache-2.0
// Changes under load: reloads that change targets and the gateway's configuration, and the agent's
// sudden death and return. No request may fail for any of it.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../shop/demo/daemon.mjs';
import { withShop } from './lib/bench_shop.mjs';
import { runLoad, startLoad } from './lib/load.mjs';

const kRate = 100;
const kCalmSeconds = 5;  // before the first change, for comparison
const fallbackRule = (count) => `apiVersion: levee/v1
kind: Guard
metadata: {name: bench-fallback}
spec:
  match: {client: checkout, service: payment}
  fallback: {body: "later, says revision ${count}\\n", contentType: text/plain}
`;

export async function run(bench, report) {
    const reloads = bench.isQuick ? 1 : 5;
    await withShop(bench, {}, async ({ shop, agent }) => {
        // Gently at first: what a cold start does is another bench's.
        await runLoad(bench.programs, { url: shop.urls.buy, args: ['--rate', 30, '--duration', '5s'], signal: bench.signal });
        const load = startLoad(bench.programs, { url: shop.urls.buy, signal: bench.signal,
            args: ['--rate', kRate, '--duration', '0', '--timeout', '5s'] });
        await sleep(kCalmSeconds * 1000);
        const deferredBefore = await shop.services.checkout.metric('payments_deferred_total');
        const times = [];
        for (let i = 1; i <= reloads; i += 1) {
            bench.say(`reload ${i}`);
            times.push(await reload(shop, agent, i));
            await sleep(2000);
        }
        bench.say('the agent is killed');
        const restart = await killAndRestart(shop, agent);
        await sleep(3000);
        const result = await load.stop();
        const deferred = await shop.services.checkout.metric('payments_deferred_total') - deferredBefore;
        summarise(report, { times, restart, result, deferred });
        report.data = { times, restart, result, deferred, events: await agent.events(),
            agentLog: shop.daemons.agent.tail() };
    });
}

/// Milliseconds from SIGHUP to a new HAProxy with the new fallback; throws when it does not come.
async function reload(shop, agent, count) {
    const { scratch } = shop.state;
    const file = path.join(scratch, 'agent.yaml');
    const text = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, text.replace(/scrape_interval: \d+m?s/, `scrape_interval: ${1000 + 100 * count}ms`));
    fs.writeFileSync(path.join(scratch, 'rules.d', 'bench.yaml'), fallbackRule(count));
    const before = await agent.state();
    const began = performance.now();
    process.kill(shop.daemons.agent.pid, 'SIGHUP');
    await waitUntil(`reload ${count} is in force`, async () => {
        const { agent: now } = await agent.state();
        return now.rules_revision > before.agent.rules_revision && now.gateway_up
            && now.gateway_detail !== before.agent.gateway_detail;
    }, { daemon: shop.daemons.agent });
    return performance.now() - began;
}

async function killAndRestart(shop, agent) {
    const daemon = shop.daemons.agent;
    const haproxy = await agent.gatewayPid();
    await agent.events();
    const { exited } = daemon;
    process.kill(daemon.pid, 'SIGKILL');
    await exited;
    await sleep(3000);
    const began = performance.now();
    await daemon.start();
    await waitUntil('the agent is ready again', async () => (await fetch(`${shop.urls.agent}/-/ready`)).ok, { daemon });
    const readyMs = performance.now() - began;
    await waitUntil('the gateway is taken over', async () => (await agent.state()).agent.gateway_up, { daemon });
    return { readyMs, isSameHaproxy: await agent.gatewayPid() === haproxy, revision: (await agent.state()).agent.rules_revision };
}

function summarise(report, { times, restart, result, deferred }) {
    const lost = result.failed + result.timeouts + Object.values(result.errors).reduce((a, b) => a + b, 0);
    const refusedIn = (rows) => rows.reduce((sum, row) => sum + row.refused, 0);
    const calm = result.timeline.filter((row) => row.t < kCalmSeconds);
    const changing = result.timeline.filter((row) => row.t >= kCalmSeconds);
    report.add('requests during reloads, death and return', changing.reduce((sum, row) => sum + row.offered, 0));
    report.add('failed, timed out or cut, altogether', lost, '', '0', lost === 0);
    report.add(`refused (503): in the ${kCalmSeconds} s before; since`, `${refusedIn(calm)}; ${refusedIn(changing)}`, '', '0',
        refusedIn(changing) === 0);
    report.add('payments that failed behind a 2xx (deferred)', deferred, '', '0', deferred === 0);
    report.add('2xx median, p99, most', `${result.latency_ms.ok.p50.toFixed(1)} ms, ${result.latency_ms.ok.p99.toFixed(1)} ms, `
        + `${result.latency_ms.ok.max.toFixed(1)} ms`);
    report.add(`SIGHUP -> new HAProxy in force, worst of ${times.length}`, Math.max(...times), 'ms');
    report.add('killed agent: ready again after', restart.readyMs, 'ms');
    report.add('killed agent: HAProxy taken over, not replaced', restart.isSameHaproxy ? 'yes' : 'no', '', 'yes', restart.isSameHaproxy);
    report.require(result.ok > 0, 'no request was answered');
}
