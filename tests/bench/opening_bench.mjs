// SPDX-License-Identifier: Apache-2.0
// How soon the breaker opens when a dependency goes dark, over many outages: at 100 requests a second in time, at 2 a
// second in failed calls. All times are the gateway's own log. What makes it trip is the default; it closes again at
// once, so that the next outage can come.
import http from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../shop/demo/daemon.mjs';
import { withFastService, missingForFastService } from './lib/fast_service.mjs';
import { GatewayLog } from './lib/gateway_log.mjs';
import { max, median, quantile } from './lib/figures.mjs';
import { startLoad } from './lib/load.mjs';

const kListener = 'out.web.fast';
const kRules = `apiVersion: levee/v1
kind: Guard
metadata: {name: web-fast}
spec:
  match: {client: web, service: fast}
  breaker: {openFor: 500ms, maxOpenFor: 500ms, ramp: 0s}
`;
const now = () => performance.timeOrigin + performance.now();

export async function run(bench, report) {
    const missing = missingForFastService();
    if (missing.length > 0) {
        report.add('left out, not installed', missing.join(', '));
        return;
    }
    let isDark = false;
    const service = http.createServer((request, response) => {
        request.resume();
        response.statusCode = isDark ? 500 : 200;
        response.end();
    });
    service.listen(0, '127.0.0.1');
    await once(service, 'listening');
    const turn = (dark) => { isDark = dark; };
    try {
        await withFastService(bench, { rules: kRules, target: service.address().port }, async ({ agent, scratch, urls }) => {
            const log = await new GatewayLog(`${scratch}/state/gateway`).open();
            try {
                await series(bench, report, { agent, urls, log, turn, rate: 100, outages: bench.isQuick ? 3 : 100, calmMs: 1500 });
                await series(bench, report, { agent, urls, log, turn, rate: 2, outages: bench.isQuick ? 1 : 10, calmMs: 3000 });
            } finally {
                log.close();
            }
        });
    } finally {
        service.closeAllConnections();
        service.close();
    }
}

async function series(bench, report, { agent, urls, log, turn, rate, outages, calmMs }) {
    const load = startLoad(bench.programs, { url: urls.out, signal: bench.signal,
        args: ['--rate', rate, '--duration', '0', '--arrivals', 'even', '--timeout', '5s'] });
    const opened = [];
    const failed = [];
    for (let i = 0; i < outages; i += 1) {
        await waitUntil('the breaker is closed', async () => (await agent.guard('web->fast')).breaker === 'closed', { deadlineMs: 60000 });
        await sleep(calmMs);
        const from = now();
        turn(true);
        const lines = () => log.of(kListener).filter((line) => line.began >= from - 50);
        await waitUntil('it has opened', async () => lines().some((line) => line.outcome === 'breaker'), { deadlineMs: 60000 });
        turn(false);
        const seen = lines();
        const first = Math.min(...seen.filter((line) => line.outcome === 'failed').map((line) => line.ended));
        const refused = Math.min(...seen.filter((line) => line.outcome === 'breaker').map((line) => line.began));
        opened.push(refused - first);
        failed.push(seen.filter((line) => line.outcome === 'failed' && line.began < refused).length);
        log.records.length = 0;
        if (i % 10 === 9)
            bench.say(`${rate}/s: ${i + 1} outages`);
    }
    await load.stop();
    report.add(`outages at ${rate}/s`, outages);
    report.add(`${rate}/s: first failure -> first refusal, p50; p99; worst`,
        `${median(opened).toFixed(0)}; ${quantile(opened, 0.99).toFixed(0)}; ${max(opened).toFixed(0)} ms`,
        '', rate === 100 ? 'worst <= 300 ms' : '', rate === 100 ? max(opened) <= 300 : undefined);
    report.add(`${rate}/s: calls that failed before it was open, worst`, max(failed), '', rate === 2 ? '<= 10' : '',
        rate === 2 ? max(failed) <= 10 : undefined);
    report.data[`at${rate}`] = { opened, failed };
}
