// SPDX-License-Identifier: Apache-2.0
// Scenario files over many seeds: how often is each expectation met, and which seed shows it best? Needs no shop, only
// the program `levee`. Exit code 1: a file could not be run. A missed expectation is reported and is no failure.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const kRoot = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const kFolder = path.join(kRoot, 'tests/scenario');
const kCompared = 'levee,aimd,vegas,gradient2,envoy-gradient,sentinel-bbr';
const kUsage = `usage: run.sh simulate [--seeds N (100)] [--jobs N] [--algorithm NAME,...] [--levee PATH]
                       [--json FILE] [--compare] [FILE or stem of tests/scenario]...
  --compare  a table of all algorithms side by side (those of --algorithm, default ${kCompared}): of the
             expectations on Levee's limiter those that each meets, the least goodput and the highest median`;
const kOptions = {
    seeds: { type: 'string', default: '100' }, jobs: { type: 'string' }, algorithm: { type: 'string' },
    levee: { type: 'string' }, json: { type: 'string' }, compare: { type: 'boolean' }, help: { type: 'boolean', short: 'h' },
};

function findLevee(given) {
    const built = ['release', 'dev'].map((preset) => path.join(kRoot, 'build', preset, 'bin/levee'));
    return [given, ...built].find((file) => file && existsSync(file)) ?? null;
}

function filesOf(names) {
    if (names.length === 0)
        return readdirSync(kFolder).filter((name) => name.endsWith('.yaml')).sort()
            .map((name) => path.join(kFolder, name));
    return names.map((name) => (existsSync(name) ? name : path.join(kFolder, `${name}.yaml`)));
}

/// The report of one file as `levee simulate` gives it, or null when it could not be run.
function simulate(levee, file, values) {
    const rest = ['jobs', 'algorithm'].flatMap((key) => (values[key] ? [`--${key}`, values[key]] : []));
    const done = spawnSync(levee, ['simulate', file, '--seeds', values.seeds, '-o', 'json', ...rest],
        { encoding: 'utf8', maxBuffer: 1 << 30 });
    process.stderr.write(done.stderr ?? '');
    return done.status === 0 || done.status === 1 ? JSON.parse(done.stdout) : null;
}

/// A line for each expectation of an algorithm that it has to meet and that some seed misses.
function missedLines(scenarios) {
    return scenarios.flatMap((scenario) => scenario.algorithms.flatMap((algorithm) => algorithm.expectations
        .filter((each) => each.isBinding && each.seedsMet < scenario.seeds.length)
        .map((each) => `| ${scenario.scenario} | ${algorithm.algorithm} | ${each.what}: ${each.expected} | ${
            each.seedsMet} of ${scenario.seeds.length} | ${each.worst?.toPrecision(3) ?? '-'} (${each.worstSeed}) |`)));
}

/// A line for each file: what every algorithm comes to in all its scenarios. What is asked of Levee's limiter is counted
/// for all of them.
function comparedLine(stem, scenarios) {
    const names = scenarios[0].algorithms.map((each) => each.algorithm);
    const cells = names.map((name, index) => {
        const runs = scenarios.map((scenario) => scenario.algorithms[index]);
        const asked = scenarios.flatMap((scenario) => scenario.algorithms[0].expectations
            .map((own, k) => ({ isAsked: own.isBinding, isMet: scenario.algorithms[index].expectations[k].isMet })))
            .filter((each) => each.isAsked);
        const least = Math.min(...runs.map((run) => run.figures.goodput ?? NaN));
        const most = Math.max(...runs.map((run) => run.figures.medianInflation ?? Infinity));
        return `${asked.filter((each) => each.isMet).length} of ${asked.length}; ${(100 * least).toFixed(0)} %, ${
            most.toPrecision(3)}x`;
    });
    return { names, line: `| ${stem} | ${cells.join(' | ')} |` };
}

function main() {
    let parsed;
    try {
        parsed = parseArgs({ options: kOptions, allowPositionals: true });
    } catch (error) {
        console.error(`${error.message}\n${kUsage}`);
        return 2;
    }
    const { values, positionals } = parsed;
    if (values.compare)
        values.algorithm ??= kCompared;
    if (values.help) {
        console.error(kUsage);
        return 0;
    }
    const levee = findLevee(values.levee);
    if (levee === null) {
        console.log('SKIP levee is not built');
        return 0;
    }
    const all = {};
    const missed = [];
    const compared = [];
    let isBroken = false;
    console.log('| file | scenarios | as expected | seconds |\n| --- | --- | --- | --- |');
    for (const file of filesOf(positionals)) {
        const began = performance.now();
        const scenarios = simulate(levee, file, values);
        if (scenarios === null) {
            isBroken = true;
            continue;
        }
        const good = scenarios.filter((each) => !each.algorithms.some((algorithm) => algorithm.hasMissed));
        const stem = path.basename(file, '.yaml');
        console.log(`| ${stem} | ${scenarios.length} | ${good.length} | ${
            ((performance.now() - began) / 1000).toFixed(1)} |`);
        missed.push(...missedLines(scenarios));
        all[stem] = scenarios;
        compared.push(comparedLine(stem, scenarios));
    }
    if (values.compare && compared.length > 0)
        console.log([`\n| scenario | ${compared[0].names.join(' | ')} |`,
            `| --- |${' --- |'.repeat(compared[0].names.length)}`, ...compared.map((each) => each.line)].join('\n'));
    else if (missed.length > 0)
        console.log('\n| scenario | algorithm | expectation | seeds that met it | worst (seed) |\n'
            + `| --- | --- | --- | --- | --- |\n${missed.join('\n')}`);
    if (values.json)
        writeFileSync(values.json, JSON.stringify(all));
    return isBroken ? 1 : 0;
}

process.exitCode = main();
