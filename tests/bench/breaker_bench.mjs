// SPDX-License-Identifier: Apache-2.0
// A dependency goes dark under 100 requests a second: how soon does the breaker open, what do callers
// get meanwhile, and how soon is all well again? All times are the gateway's own log.
import { spawn } from 'node:child_process';
import readline from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../shop/demo/daemon.mjs';
import { withShop } from './lib/bench_shop.mjs';
import { max, median, text } from './lib/figures.mjs';
import { startBareHaproxy } from './lib/bare_haproxy.mjs';
import { GatewayLog } from './lib/gateway_log.mjs';
import { runLoad } from './lib/load.mjs';

const kEdge = 'checkout->payment';
const kListener = 'out.checkout.payment';
const kRate = 100;
const kFaultMs = 5000;

const now = () => performance.timeOrigin + performance.now();
const all = (cycles, name) => cycles.map((cycle) => cycle[name]).filter(Number.isFinite);

export async function run(bench, report) {
    const plan = bench.isQuick ? { steadyMs: 4000, cycles: 1, afterMs: 2000 }
        : { steadyMs: 15000, cycles: 3, afterMs: 10000 };
    await withShop(bench, { rate: kRate }, async ({ shop, agent, gatewayFolder }) => {
        const log = await new GatewayLog(gatewayFolder).open();
        const watch = agent.watchEvents();
        const dashboard = bench.programs.dashboard ? watchDashboard(bench.programs.dashboard, shop.urls.agentGrpc) : null;
        const bare = await startBareHaproxy(shop.state.scratch);
        try {
            bench.say(`steady for ${plan.steadyMs / 1000} s`);
            await sleep(plan.steadyMs);
            const begun = now();
            const cycles = [];
            for (let i = 0; i < plan.cycles; i += 1)
                cycles.push(await oneOutage(bench, { shop, agent, log, barePort: bare.port, afterMs: plan.afterMs }));
            await agent.events();
            summarise(report, cycles, log);
            eventLatency(report, await agent.events(), watch.arrivals, begun);
            if (dashboard)
                dashboardLatency(report, dashboard.events, begun);
        } finally {
            watch.stop();
            dashboard?.stop();
            bare.stop();
            log.close();
        }
    });
}

async function oneOutage(bench, { shop, agent, log, barePort, afterMs }) {
    const { payment } = shop.services;
    bench.say('payment fails');
    const faultAt = now();
    await payment.setFault({ errorShare: 1 });
    await waitUntil('the breaker is open', async () => (await agent.guard(kEdge)).breaker === 'open').catch(() => {});
    // Beside the shop's own calls: a client with a clock of its own, within the first open time.
    // The same client asks a bare HAProxy at the same time: what this machine takes for any answer.
    const ask = (port) => runLoad(bench.programs, { url: `http://127.0.0.1:${port}/charges`, post: {}, signal: bench.signal,
        args: ['--rate', 300, '--duration', '1200ms', '--warmup', '200ms', '--arrivals', 'even'] });
    const [client, bare] = await Promise.all([ask(shop.state.ports.outbound[kEdge]), ask(barePort)]);
    await sleep(Math.max(0, faultAt + kFaultMs - now()));
    const events = await agent.events();
    bench.say('payment heals');
    const healAt = now();
    await payment.heal();
    const deadlineMs = 90000;
    await waitUntil('the breaker is closed', async () => (await agent.guard(kEdge)).breaker === 'closed', { deadlineMs })
        .catch(() => {});
    await sleep(afterMs);
    const lines = log.of(kListener).filter((line) => line.began >= faultAt - 1000);
    return describe(lines, [...events, ...await agent.events()], { faultAt, healAt, client, bare });
}

/// The figures of one outage, milliseconds.
function describe(lines, events, { faultAt, healAt, client, bare }) {
    const byEnd = [...lines].sort((a, b) => a.ended - b.ended);
    const firstFailure = byEnd.find((line) => line.outcome === 'failed' && line.ended >= faultAt);
    const firstRefusal = lines.filter((line) => line.outcome === 'breaker' && line.began >= faultAt)
        .sort((a, b) => a.began - b.began)[0];
    const firstProbe = lines.filter((line) => line.outcome !== 'breaker' && line.began >= healAt)
        .sort((a, b) => a.began - b.began)[0];
    const firstGood = byEnd.find((line) => line.outcome === 'ok' && line.began >= healAt);
    const lastRefusal = lines.filter((line) => line.outcome === 'breaker').at(-1);
    const turns = unique(events).filter((event) => event.kind === 'breaker' && event.subject === kEdge
        && event.millis >= faultAt);
    const opened = (from) => turns.filter((event) => event.millis >= from && event.text.startsWith('opened'));
    const closed = turns.find((event) => event.millis >= healAt && event.text.startsWith('closed'));
    return {
        faultToFirstFailure: firstFailure?.ended - faultAt,
        firstFailureToOpen: firstRefusal?.began - firstFailure?.ended,
        firstFailureToDecision: turns[0]?.millis - firstFailure?.ended,
        lastFailureToOpen: firstRefusal?.began - byEnd.filter((line) => line.outcome === 'failed'
            && line.ended <= turns[0]?.millis).at(-1)?.ended,
        failedBeforeOpen: lines.filter((line) => line.outcome === 'failed' && line.began >= faultAt
            && line.began < firstRefusal?.began).length,
        failedAtAll: lines.filter((line) => line.outcome === 'failed').length,
        healToFirstProbe: firstProbe?.began - healAt,
        healToClosed: closed?.millis - healAt,
        healToLastRefusal: lastRefusal?.began - healAt,
        secondTrips: firstGood === undefined ? NaN : opened(firstGood.ended).length,
        client: client.latency_ms.refused, bare: bare.latency_ms.refused,
        turns: turns.map(({ millis, text, detail }) => ({ at: millis - faultAt, text, detail })),
    };
}

const unique = (events) => [...new Map(events.map((event) => [event.id, event])).values()];

function summarise(report, cycles, log) {
    const opening = all(cycles, 'firstFailureToOpen');
    report.add('outages', cycles.length);
    report.add('first failure -> breaker open, median', median(opening), 'ms');
    report.add('first failure -> breaker open, worst', max(opening), 'ms', '<= 500 ms', max(opening) <= 500);
    report.add('first failure -> decision of the agent, median', median(all(cycles, 'firstFailureToDecision')), 'ms');
    report.add('last failure before the decision -> open, worst', max(all(cycles, 'lastFailureToOpen')), 'ms');
    report.add('calls that failed before it opened, worst', max(all(cycles, 'failedBeforeOpen')));
    report.add('fallback at a client, p50', median(cycles.map((cycle) => cycle.client.p50)), 'ms');
    report.add('fallback at a client, p99, worst', max(cycles.map((cycle) => cycle.client.p99)), 'ms', '< 5 ms',
        max(cycles.map((cycle) => cycle.client.p99)) < 5);
    report.add('the same from a bare HAProxy meanwhile: p50; p99, worst',
        `${text(median(cycles.map((cycle) => cycle.bare.p50)), 'ms')}; ${text(max(cycles.map((cycle) => cycle.bare.p99)), 'ms')}`);
    report.add('heal -> first probe, median', median(all(cycles, 'healToFirstProbe')), 'ms');
    report.add('heal -> closed, median', median(all(cycles, 'healToClosed')), 'ms');
    const trips = all(cycles, 'secondTrips').reduce((a, b) => a + b, 0);
    report.add('trips after the first good probe', trips, '', '0', trips === 0);
    report.add('log lines read, connection ends', `${log.records.length}, ${log.interruptions}`);
    report.data = { cycles, strangeLines: log.strange };
    report.require(opening.length === cycles.length, 'the breaker did not open in every outage');
    report.require(all(cycles, 'healToClosed').length === cycles.length, 'the breaker did not close after every heal');
}

/// The real dashboard without a window: it says when its model has taken an event.
function watchDashboard(program, address) {
    const child = spawn(program, ['--connect', address, '--log-events'], {
        stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, QT_QPA_PLATFORM: 'offscreen' } });
    const events = [];
    readline.createInterface({ input: child.stdout }).on('line', (line) => {
        try {
            events.push(JSON.parse(line));
        } catch {
            // not an event
        }
    });
    return { events, stop: () => child.kill() };
}

/// From the event's own time to the dashboard's model.
function dashboardLatency(report, events, begun) {
    const ms = events.filter(({ millis }) => millis >= begun).map((event) => event.receivedMillis - event.millis);
    report.add("event -> dashboard's model, median", median(ms), 'ms');
    report.add(`event -> dashboard's model, worst of ${ms.length}`, max(ms), 'ms', '<= 500 ms', max(ms) <= 500);
    report.require(ms.length > 0, 'no event reached the dashboard');
}

/// From the event's own time to its line at a gRPC subscriber.
function eventLatency(report, events, arrivals, begun) {
    const waiting = [...arrivals];
    const latencies = [];
    for (const event of events.filter(({ millis }) => millis >= begun)) {
        const index = waiting.findIndex(({ at, text }) => at >= event.millis - 1 && text === `${event.subject}: ${event.text}`);
        if (index >= 0)
            latencies.push({ at: event.millis, text: event.text, ms: waiting.splice(index, 1)[0].at - event.millis });
    }
    const ms = latencies.map((latency) => latency.ms);
    report.add('event -> gRPC subscriber, median', median(ms), 'ms');
    report.add(`event -> gRPC subscriber, worst of ${ms.length}`, max(ms), 'ms', '<= 500 ms', max(ms) <= 500);
    report.data.events = latencies;
    report.require(ms.length > 0, 'no event reached the subscriber');
}
