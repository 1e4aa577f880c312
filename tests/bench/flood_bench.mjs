// SPDX-License-Identifier: Apache-2.0
// Five minutes of far more spans than the agent can take, beside a gateway that it has to look after: its memory, its
// control ticks, what the senders are told, and what the gateway's own callers notice. The agent has one core for itself
// and its HAProxy, the senders have the others: with two for itself it takes as much as can be sent here.
import { execFile } from 'node:child_process';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { withFastService, missingForFastService } from './lib/fast_service.mjs';
import { max } from './lib/figures.mjs';
import { startLoad } from './lib/load.mjs';
import { cpuSeconds, rssKib } from './lib/process_usage.mjs';

const exec = promisify(execFile);
const kSenders = 128;
const kTickMs = 20;

/// How late control ticks came, p99 of the last whole minute, in ms; NaN in the agent's first minute.
async function tickLateness(agent) {
    const page = await (await fetch(`${agent.http}/metrics`)).text();
    return 1000 * Number(/^levee_control_tick_lateness_seconds\{percentile="99"\} (\S+)/m.exec(page)?.[1] ?? NaN);
}

export async function run(bench, report) {
    const missing = [...missingForFastService(['taskset']), ...(os.cpus().length < 2 ? ['a second core'] : []), ...(bench.programs.intake === null ? ['intake_bench'] : [])];
    if (missing.length > 0) {
        report.add('left out, not there', missing.join(', '));
        return;
    }
    const [before, seconds] = bench.isQuick ? [2, 10] : [65, 300];
    await withFastService(bench, {}, async ({ agent, ports, urls, pids }) => {
        const load = startLoad(bench.programs, { url: urls.in, signal: bench.signal,
            args: ['--rate', 200, '--duration', `${before + seconds + 2}s`] });
        await sleep(before * 1000);
        const calm = { rssKib: rssKib(pids.agent), late: await tickLateness(agent) };
        await exec('taskset', ['--all-tasks', '--pid', '--cpu-list', '0', String(pids.agent)]);
        await exec('taskset', ['--all-tasks', '--pid', '--cpu-list', '0', String(await agent.gatewayPid())]);
        bench.say(`${kSenders} senders for ${seconds} s`);
        const cpuBefore = cpuSeconds(pids.agent);
        const sending = exec('taskset', ['--cpu-list', `1-${os.cpus().length - 1}`, bench.programs.intake, 'send',
            String(seconds), String(kSenders), String(ports.otlpHttp)]);
        const seen = [];
        let isOver = false;
        sending.finally(() => { isOver = true; }).catch(() => {});
        for (let i = 1; !isOver; i += 1) {
            await sleep(1000);
            seen.push({ rssKib: rssKib(pids.agent), late: i % 10 === 0 ? await tickLateness(agent) : NaN });
        }
        const counts = JSON.parse((await sending).stdout);
        const late = [...seen.map((each) => each.late), await tickLateness(agent)].filter(Number.isFinite);
        const cpu = cpuSeconds(pids.agent) - cpuBefore;
        const through = await load.done;
        const times = counts.offered / counts.accepted;
        const rss = (part) => max(part.map((each) => each.rssKib)) / 1024;
        const half = Math.floor(seen.length / 2);
        report.add('spans/s: taken; offered', `${Math.round(counts.accepted * counts.spansPerRequest / seconds)}; ${
            times.toFixed(1)} times as many`, '', '10 times', times >= 10);
        report.add('requests refused; without a retry hint; without an answer',
            `${counts.refused}; ${counts.withoutHint}; ${counts.unanswered}`, '', '0; 0', counts.withoutHint + counts.unanswered === 0);
        report.add("agent's RSS: before; most in the first half; in the second",
            `${(calm.rssKib / 1024).toFixed(0)}; ${rss(seen.slice(0, half)).toFixed(0)}; ${rss(seen.slice(half)).toFixed(0)} MiB`);
        report.add("agent's CPU, of a core", `${(100 * cpu / seconds).toFixed(0)} %`);
        if (late.length > 0)
            report.add('control ticks late by, p99 of a minute: before; worst', `${calm.late.toFixed(1)}; ${max(late).toFixed(1)} ms`,
                '', `<= ${kTickMs} ms`, max(late) <= kTickMs);
        report.require(through.ok > 0, 'nothing came through the gateway');
        report.add('200/s through the gateway meanwhile: offered; with 2xx; refused; failed; p99 of the 2xx',
            `${through.offered}; ${through.ok}; ${through.refused}; ${through.failed}; ${through.latency_ms.ok.p99?.toFixed(1) ?? '-'} ms`);
        report.data = { calm, seen, late, counts };
        report.require(counts.accepted > 0, 'nothing was taken');
    });
}
