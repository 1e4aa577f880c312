// SPDX-License-Identifier: Apache-2.0
// A shop that opens with 100 requests a second at the door, half of what it can sell: nothing is known
// yet, every service is cold, and nobody should be refused for it.
import { setTimeout as sleep } from 'node:timers/promises';
import { withShop } from './lib/bench_shop.mjs';
import { startLoad } from './lib/load.mjs';

const kRate = 100;
const kServices = ['web', 'checkout', 'payment', 'ledger'];

export async function run(bench, report) {
    const seconds = bench.isQuick ? 10 : 40;
    await withShop(bench, {}, async ({ shop, agent }) => {
        const load = startLoad(bench.programs, { url: shop.urls.buy, signal: bench.signal,
            args: ['--rate', kRate, '--duration', `${seconds}s`] });
        const trail = [];
        for (let second = 0; second < seconds; second += 1) {
            const { guards } = await agent.state();
            trail.push({ second, guards: guards.filter((guard) => guard.has_limit) });
            await sleep(1000);
        }
        const result = await load.done;
        summarise(report, result, trail);
        report.data = { result, trail, events: await agent.events() };
    });
}

function summarise(report, result, trail) {
    const half = Math.floor(trail.length / 2);
    for (const [what, from, to] of [['first', 0, half], ['second', half, trail.length]]) {
        const rows = result.timeline.filter((row) => row.t >= from && row.t < to);
        const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
        const refused = sum('refused') / sum('offered');
        report.add(`refused, seconds ${from} to ${to}`, `${(100 * refused).toFixed(1)} %`, '',
            ...what === 'second' ? ['0', refused === 0] : []);
    }
    report.add('2xx median, p99', `${result.latency_ms.ok.p50.toFixed(1)} ms, ${result.latency_ms.ok.p99.toFixed(1)} ms`);
    for (const name of kServices) {
        const limits = trail.map(({ guards }) => guards.find((guard) => guard.subject === name)?.limit)
            .filter((limit) => limit > 0);
        if (limits.length > 0)
            report.add(`limit of ${name}: least, last`, `${Math.min(...limits).toFixed(1)}, ${limits.at(-1).toFixed(1)}`);
    }
    report.require(result.ok > 0, 'nothing was sold');
}
