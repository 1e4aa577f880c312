// SPDX-License-Identifier: Apache-2.0
// Minutes of work with a fault every other minute: does anything grow?
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { withShop } from './lib/bench_shop.mjs';
import { slope } from './lib/figures.mjs';
import { fdCount, rssKib } from './lib/process_usage.mjs';

const kSampleMs = 5000;
const kSettleMinutes = 2;
const kFaults = [{ errorShare: 1 }, { latencyMs: 300 }, { hang: true }, { errorShare: 0.3 }];

export async function run(bench, report) {
    await withShop(bench, { rate: 100 }, async ({ shop, agent, gatewayFolder }) => {
        const pids = { agent: shop.daemons.agent.pid, haproxy: await agent.gatewayPid() };
        const samples = [];
        const began = performance.now();
        const minutes = () => (performance.now() - began) / 60000;
        let phase = 0;
        while (minutes() < bench.minutes && !bench.signal.aborted) {
            if (Math.floor(minutes()) > phase) {
                phase += 1;
                await turn(bench, shop, phase);
            }
            samples.push({ minutes: minutes(), phase, ...sample(pids, gatewayFolder) });
            await sleep(kSampleMs);
        }
        await shop.services.payment.heal();
        await shop.daemons.loadgen.stop();
        summarise(report, samples, shop.report());
        report.data = { samples, load: shop.report(), events: await agent.events() };
        report.require(shop.daemons.agent.isRunning && shop.daemons.agent.pid === pids.agent, 'the agent ended');
    });
}

async function turn(bench, shop, phase) {
    const { payment } = shop.services;
    if (phase % 2 === 0)
        return payment.heal();
    const fault = kFaults[(phase - 1) / 2 % kFaults.length];
    bench.say(`minute ${phase}: ${JSON.stringify(fault)}`);
    return payment.setFault(fault);
}

function sample(pids, gatewayFolder) {
    const sizes = {};
    for (const [name, pid] of Object.entries(pids))
        sizes[name] = { rssKib: rssKib(pid), fds: fdCount(pid) };
    sizes.gatewayFiles = fs.readdirSync(gatewayFolder).length;
    return sizes;
}

function summarise(report, samples, load) {
    const settled = samples.filter(({ minutes }) => minutes >= Math.min(kSettleMinutes, samples.at(-1).minutes / 2));
    const first = settled[0];
    const last = settled.at(-1);
    report.add('length, of it measured', `${last.minutes.toFixed(1)} min, ${(last.minutes - first.minutes).toFixed(1)} min`);
    for (const name of ['agent', 'haproxy']) {
        const grows = slope(settled.map((s) => ({ x: s.minutes, y: s[name].rssKib })));
        report.add(`${name}: memory at the end`, last[name].rssKib / 1024, 'MiB');
        report.add(`${name}: memory grows by`, grows, 'KiB/min');
        report.add(`${name}: memory, second half of the time`,
            slope(settled.slice(settled.length / 2).map((s) => ({ x: s.minutes, y: s[name].rssKib }))), 'KiB/min');
        report.add(`${name}: open files, first -> last (most)`,
            `${first[name].fds} -> ${last[name].fds} (${Math.max(...settled.map((s) => s[name].fds))})`);
    }
    if (load)
        report.add('front door: offered; 2xx; all others', `${load.offered}; ${load.ok}; ${load.offered - load.ok}`);
}
