// SPDX-License-Identifier: Apache-2.0
// Runs the benches and prints their tables; see README.md. Exit code 1: something did not work at all.
// A missed bar is reported and is no failure: what else the machine does is not known here.
import { existsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findProgram, missingPrograms } from '../shop/demo/backends.mjs';
import { installModules } from '../shop/demo/shop.mjs';
import { Report } from './lib/report.mjs';

const kHere = path.dirname(fileURLToPath(import.meta.url));
const kRoot = path.dirname(path.dirname(kHere));
const kBenches = ['bad_targets', 'start', 'breaker', 'overload', 'cost', 'reload', 'edits', 'flood', 'gateway', 'opening', 'soak'];
// Asked for by name, because of how long they take or of what they need.
const kByName = ['bad_targets', 'soak', 'edits', 'flood', 'gateway', 'opening'];
const kOptions = {
    quick: { type: 'boolean' }, bin: { type: 'string' }, agent: { type: 'string' }, levee: { type: 'string' },
    loadgen: { type: 'string' }, json: { type: 'string' }, minutes: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
};
const kUsage = `usage: run.sh [--quick] [--bin DIR | --agent PATH --levee PATH --loadgen PATH]
              [--json FILE] [--minutes N (of soak, 10)] [${kBenches.join('|')}]...`;

/// {agent, levee, loadgen}: paths as given, from one directory, or from a build tree.
function findPrograms({ bin, ...given }) {
    const folders = bin ? [path.resolve(bin)] : ['dev', 'release'].flatMap((preset) =>
        [path.join(kRoot, 'build', preset, 'bin'), path.join(kRoot, 'build', preset, 'tests/support/loadgen')]);
    const find = (name) => folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file)) ?? null;
    const names = { agent: 'levee-agent', levee: 'levee', loadgen: 'levee-loadgen' };
    const programs = Object.fromEntries(Object.entries(names).map(([key, name]) => [key, given[key] ?? find(name)]));
    programs.dashboard = find('levee-dashboard');  // only the breaker bench shows it, where it is there
    programs.intake = ['dev', 'release'].map((preset) => path.join(kRoot, 'build', preset, 'tests/bench/intake_bench'))
        .find((file) => existsSync(file)) ?? null;
    return { programs, missing: Object.keys(names).filter((key) => programs[key] === null).map((key) => names[key]) };
}

function reasonToSkip(missingPrograms_) {
    const missing = [...missingPrograms(), ...missingPrograms_];
    if (findProgram('haproxy') === null)
        missing.push('haproxy');
    if (missing.length > 0)
        return `not there: ${missing.join(', ')}`;
    try {
        installModules();
        return null;
    } catch (error) {
        return error.message.split('\n').slice(0, 2).join(' ');
    }
}

const loadAverage = () => os.loadavg().map((value) => value.toFixed(2)).join(' ');

async function runOne(name, bench) {
    const report = new Report(name);
    const { run } = await import(`./${name}_bench.mjs`);
    const before = loadAverage();
    const began = performance.now();
    try {
        await run({ ...bench, say: (text) => console.error(`${name}: ${text}`) }, report);
    } catch (error) {
        report.broken.push(error.message);
    }
    report.add('load average of the machine, before; after', `${before}; ${loadAverage()}`);
    report.add('took', (performance.now() - began) / 1000, 's');
    console.log(report.markdown());
    return report;
}

async function main() {
    let parsed;
    try {
        parsed = parseArgs({ options: kOptions, allowPositionals: true });
    } catch (error) {
        console.error(`${error.message}\n${kUsage}`);
        return 2;
    }
    const { values, positionals } = parsed;
    const unknown = positionals.filter((name) => !kBenches.includes(name));
    if (values.help || unknown.length > 0) {
        console.error(unknown.length > 0 ? `no bench '${unknown[0]}'\n${kUsage}` : kUsage);
        return values.help ? 0 : 2;
    }
    const { programs, missing } = findPrograms(values);
    const reason = reasonToSkip(missing);
    if (reason !== null) {
        console.log(`SKIP ${reason}`);
        return 0;
    }
    const abort = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'])
        process.once(signal, () => abort.abort(new Error(`ended by ${signal}`)));
    const bench = { programs, isQuick: Boolean(values.quick), signal: abort.signal, minutes: Number(values.minutes ?? (values.quick ? 0.5 : 10)) };
    const usual = kBenches.filter((name) => bench.isQuick || !kByName.includes(name));
    const names = positionals.length > 0 ? positionals : usual;
    console.log(`${os.cpus().length} cores (${os.cpus()[0].model}), node ${process.version}\n`);
    const reports = [];
    for (const name of names) {
        if (!abort.signal.aborted)
            reports.push(await runOne(name, bench));
    }
    if (values.json)
        writeFileSync(values.json, `${JSON.stringify({ cores: os.cpus().length, isQuick: bench.isQuick, reports }, null, 2)}\n`);
    return reports.every((report) => report.broken.length === 0) && !abort.signal.aborted ? 0 : 1;
}

process.exitCode = await main();
