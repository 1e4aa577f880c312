// SPDX-License-Identifier: Apache-2.0
// Payment (4 workers x 20 ms: 200 a second by construction) at its capacity and far above it, with
// its adaptive limit and without. The load comes from outside, open loop, and does not wait.
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../shop/demo/daemon.mjs';
import { withShop } from './lib/bench_shop.mjs';
import { runLoad } from './lib/load.mjs';

const kCapacity = 200;
const kRampIn = 3;  // seconds at half the capacity before each step, not counted
const kRule = (limiter) => `apiVersion: levee/v1
kind: Guard
metadata: {name: payment-bench}
spec: {match: {service: payment}, limiter: {kind: ${limiter}}}
`;

export async function run(bench, report) {
    const factors = bench.isQuick ? [5] : [1, 2, 5, 10];
    const seconds = (factor) => (bench.isQuick ? 10 : factor === 5 ? 60 : 20);
    await withShop(bench, {}, async ({ shop, agent }) => {
        const steps = [];
        const step = async (limiter, factor, length) => {
            bench.say(`${factor}x for ${length} s, limiter ${limiter}`);
            steps.push(await oneStep(bench, { shop, agent, limiter, factor, length }));
        };
        await learn(bench, shop);
        for (const factor of factors)
            await step('adaptive', factor, seconds(factor));
        await agent.applyRules(kRule('off'), 'bench: no limit');
        await waitForLimit(agent, false);
        if (!bench.isQuick)
            await step('off', 0.9, 20);
        for (const factor of bench.isQuick ? [5] : [1.25, 1, 2, 5, 10])
            await step('off', factor, factor === 1.25 ? 20 : bench.isQuick ? 4 : seconds(factor));
        await agent.applyRules(kRule('adaptive'), 'bench: the limit again');
        await waitForLimit(agent, true);
        summarise(report, steps);
        report.data = { steps, events: await agent.events() };
    });
}

/// A quiet time for the baseline, as any service has.
async function learn(bench, shop) {
    await runLoad(bench.programs, { ...target(shop), args: ['--rate', 40, '--duration', bench.isQuick ? '3s' : '5s'], signal: bench.signal });
}

const target = (shop) => ({ url: `${shop.services.payment.inbound}/charges`, post: { id: 'bench' } });

const waitForLimit = (agent, isOn) => waitUntil(`the limit is ${isOn ? 'on' : 'off'}`, async () => {
    const { limit, enforcement } = await agent.guard('payment');
    return (limit !== null && limit > 0) === isOn && enforcement === 'enforcing';
});

async function oneStep(bench, { shop, agent, limiter, factor, length }) {
    const { payment } = shop.services;
    const began = performance.now();
    const trail = [];
    const load = runLoad(bench.programs, { ...target(shop), signal: bench.signal, args: [
        '--step', `${kRampIn}s:${kCapacity / 2}`, '--step', `${length}s:${kCapacity * factor}`,
        '--warmup', `${kRampIn}s`, '--timeout', '5s', '--max-connections', 12000] });
    let isRunning = true;
    load.finally(() => { isRunning = false; }).catch(() => {});
    while (isRunning) {
        const { limit, queue_limit: queue, in_flight: inFlight, baseline_seconds: baseline, shed_rate: shed }
            = await agent.guard('payment');
        trail.push({ t: (performance.now() - began) / 1000, limit, queue, inFlight, baseline, shed,
            queuedInService: await payment.metric('worker_queue_length'),
            answered: await payment.metric('http_server_requests_total') });
        await sleep(500);
    }
    const result = { limiter, factor, ...await load, trail };
    // A queue that one step has left must not be the next one's.
    if (!bench.isQuick)
        await waitUntil('payment has worked off its queue', async () => await payment.metric('worker_queue_length') === 0,
            { deadlineMs: 60000 });
    await agent.events();
    return result;
}

function summarise(report, steps) {
    const saturated = steps.find((step) => step.limiter === 'off' && step.factor === 1.25);
    const capacity = saturated ? answeredPerSecond(saturated) : NaN;
    report.add('capacity by construction', kCapacity, '/s');
    report.add('capacity measured: answers a second at 1.25x, no limit', capacity, '/s');
    for (const step of steps) {
        const share = step.goodput_rate / kCapacity;
        const isBar = step.limiter === 'adaptive' && step.factor === 5;
        const { ok, refused } = step.latency_ms;
        const what = `${step.factor}x, limiter ${step.limiter}, ${step.measured_seconds.toFixed(0)} s`;
        report.add(`${what}: 2xx within 1 s / min(load, 200/s)`, `${(100 * share / Math.min(1, step.factor)).toFixed(1)} %`, '',
            ...isBar ? ['>= 90 %', share >= 0.9] : []);
        report.add(`${what}: 2xx median, p99`, ms(ok.p50, ok.p99));
        report.add(`${what}: refusals /s; median, p99`,
            `${(step.refused / step.measured_seconds).toFixed(0)}/s; ${ms(refused.p50, refused.p99)}`);
        report.add(`${what}: failed, timed out, errors`,
            `${step.failed}, ${step.timeouts}, ${Object.values(step.errors).reduce((a, b) => a + b, 0)}`);
        report.add(`${what}: limit, median; generator late p99`,
            `${middle(step.trail.map((point) => point.limit))}; ${ms(step.send_lag_ms.p99)}`);
    }
    const guarded = steps.find((step) => step.limiter === 'adaptive' && step.factor === 5);
    report.require(guarded.refused > 0, 'nothing was refused at five times the capacity');
    report.require(guarded.ok > 0, 'nothing was answered at five times the capacity');
}

/// By the service's own count, while jobs waited in it: whether somebody still waited for the answer or not.
function answeredPerSecond(step) {
    const busy = step.trail.filter((point) => point.queuedInService > 4);
    return busy.length > 1 ? (busy.at(-1).answered - busy[0].answered) / (busy.at(-1).t - busy[0].t) : NaN;
}

const ms = (...values) => values.map((value) => (value === null ? '-' : `${value.toFixed(1)} ms`)).join(', ');

function middle(values) {
    const known = values.filter((value) => value !== null).sort((a, b) => a - b);
    return known.length > 0 ? known[Math.floor(known.length / 2)].toFixed(1) : '-';
}
