// SPDX-License-Identifier: Apache-2.0
// The packs of rules/packs against the real daemons: each is started with its exporter and scraped as its pack says;
// on an ordinary day every signal has a number and no rule fires; then it is broken, and every rule fires.
// `PACKS=redis,node` tries these alone.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findProgram } from '../shop/demo/backends.mjs';
import { portPicker } from '../shop/demo/ports.mjs';
import { HaproxyStage } from './packs/haproxy.mjs';
import { NginxStage } from './packs/nginx.mjs';
import { NodeStage } from './packs/node.mjs';
import { PostgresqlStage } from './packs/postgresql.mjs';
import { RabbitmqStage } from './packs/rabbitmq.mjs';
import { RedisStage } from './packs/redis.mjs';
import { eventually, skipUnlessInstalled } from './programs.mjs';
import { Stand } from './stand.mjs';

const kPacks = fileURLToPath(new URL('../../rules/packs', import.meta.url));
const kStages = { node: NodeStage, redis: RedisStage, nginx: NginxStage, haproxy: HaproxyStage,
    postgresql: PostgresqlStage, rabbitmq: RabbitmqStage };
// What others do to this machine may fire these on an ordinary day.
const kOfTheMachine = /^node-/;

skipUnlessInstalled({ gateway: false, shop: true });
const wanted = process.env.PACKS?.split(',') ?? Object.keys(kStages);
const missing = Object.fromEntries(wanted.map((name) =>
    [name, kStages[name].needs.filter((program) => findProgram(program) === null)]));
const names = wanted.filter((name) => missing[name].length === 0);
if (names.length === 0) {
    console.log(`SKIP: not installed: ${Object.values(missing).flat().join(', ')}`);
    process.exit(0);
}

const stand = new Stand();
const packsCopy = path.join(stand.scratch, 'packs');
const stages = {};
let tooEarly;

/// The packs as they are, but that a rule waits two seconds at most: nobody has minutes here.
function copyPacks() {
    fs.cpSync(kPacks, packsCopy, { recursive: true });
    for (const name of names) {
        const rules = path.join(packsCopy, name, 'rules.yaml');
        fs.writeFileSync(rules, fs.readFileSync(rules, 'utf8').replace(/^( +for: )(?!0s).*$/gm, '$12s'));
    }
    process.env.LEVEE_PACKS = packsCopy;
}

/// What the pack says to paste, with the ports of this test, each two seconds.
function scrapeText(name, ports) {
    const lines = fs.readFileSync(path.join(kPacks, name, 'pack.yaml'), 'utf8').split('\n');
    const begin = lines.findIndex((line) => /^ +scrape: \|/.test(line)) + 1;
    const indent = lines[begin].search(/\S/);
    const end = lines.findIndex((line, i) => i > begin && line.search(/\S/) < indent);
    return lines.slice(begin, end).map((line) => `  ${line.slice(indent)}\n`).join('')
        .replace(/(interval|timeout): \d+s/g, '$1: 2s').replace(/127\.0\.0\.1:(\d+)/g, (_, port) => `127.0.0.1:${ports[port]}`);
}

const rulesOf = (name) => [...fs.readFileSync(path.join(kPacks, name, 'rules.yaml'), 'utf8')
    .matchAll(/^ +name: (\S+)/gm)].map(([, rule]) => rule);

const automations = () => stand.view.leveeJson('get', 'automations');

/// By rule: how often it has fired.
async function firings() {
    return Object.fromEntries((await automations()).map(({ name, firings: count }) => [name, count]));
}

before(async () => {
    copyPacks();
    await stand.start({ gateway: false });
    tooEarly = await stand.view.levee('packs', 'try', names[0]);
    const pick = portPicker();
    let scrapes = '';
    await Promise.all(names.map(async (name) => {
        stages[name] = new kStages[name](name, { scratch: stand.scratch, pick });
        const ports = await stages[name].start(path.join(kPacks, name));
        scrapes += scrapeText(name, ports);
        await stages[name].load();
    }));
    stand.writeConfig({ more: `packs: [${names.join(', ')}]\nscrape_configs:\n${scrapes}` });
    const reload = await stand.view.page('/-/reload', { method: 'POST' });
    assert.equal(reload.status, 200, reload.text);
    // What a reload takes up holds from the start as well.
    await stand.endAgent('SIGTERM');
    await stand.startAgent();
});

after(async () => {
    await Promise.all(Object.values(stages).map((stage) => stage.stop()));
    await stand.stop();
});

for (const name of wanted.filter((each) => missing[each].length > 0))
    test(name, { skip: `not installed: ${missing[name].join(', ')}` }, () => {});

test('every rule is provoked here, or is said to be out of reach', () => {
    for (const name of names) {
        const { incidents, unprovoked } = stages[name];
        assert.deepEqual([...Object.keys(incidents), ...Object.keys(unprovoked)].sort(), rulesOf(name).sort());
        for (const rule of Object.keys(unprovoked))
            assert.ok(fs.readFileSync(path.join(kPacks, name, 'tests.yaml'), 'utf8').includes(rule), rule);
    }
});

for (const name of names) {
    test(`${name}: on an ordinary day every signal has a number`, async () => {
        const { silent } = stages[name];
        await eventually(`every signal of ${name}`, async () => {
            const { stdout, stderr } = await stand.view.levee('packs', 'try', name, '-o', 'json');
            const without = JSON.parse(stdout || '[]').filter(({ elements }) => !elements.some(({ value }) => value !== null))
                .map((signal) => signal.name);
            assert.deepEqual(without, Object.keys(silent), stderr + stdout);
        });
    });
}

test('a pack that is not in use is tried in vain, and is told how to be', () => {
    const { code, stdout, stderr } = tooEarly;
    assert.equal(code, 5);
    assert.match(stderr, /is `packs: \[.*\]` in agent\.yaml, and is it scraped\? For scrape_configs:\n- job_name: /);
    assert.match(stdout, /no data +not scraped or not kept: [a-z]/);
});

test('the signals of the packs in use are listed, and stand among the metrics', async () => {
    const listed = await stand.view.leveeJson('get', 'signals');
    assert.deepEqual([...new Set(listed.map(({ pack }) => pack))].sort(), [...names].sort());
    const { text } = await stand.view.page('/metrics');
    for (const { pack, name } of listed)
        assert.match(text, new RegExp(`^levee_signal\\{.*pack="${pack}",signal="${name}"`, 'm'), `${pack} ${name}`);
});

test('no rule fires on an ordinary day', async () => {
    const fired = Object.entries(await firings()).filter(([rule, count]) => count > 0 && !kOfTheMachine.test(rule));
    assert.deepEqual(fired, []);
});

/// Breaks one thing after the other; each rule has its time.
async function breakDown(name) {
    for (const [rule, happen] of Object.entries(stages[name].incidents)) {
        await happen();
        await eventually(`${rule} fires`, async () => {
            const state = (await automations()).find((each) => each.name === rule);
            assert.ok(state.firings > 0, JSON.stringify(state));
        });
    }
}

test('what breaks the daemons fires the rules', { concurrency: true }, async (context) => {
    await Promise.all(names.map((name) => context.test(name, () => breakDown(name))));
});

test('each firing is an event, and nothing was done', async () => {
    const { text } = await stand.view.page('/metrics');
    assert.match(text, /^levee_automation_firings_total\{.*shadow.*\} [1-9]/m);
    assert.ok((await stand.view.events()).some(({ kind, text: what }) => kind === 'automation' && /in shadow/.test(what)));
    assert.deepEqual(await stand.view.leveeJson('override', 'list'), []);
});

test('the packs are right, and the tests of their rules are met', async () => {
    process.env.LEVEE_PACKS = kPacks;
    const { code, stdout, stderr } = await stand.view.levee('packs', 'check');
    assert.equal(code, 0, stdout + stderr);
    const list = (await stand.view.levee('packs', 'list')).stdout;
    for (const name of Object.keys(kStages)) {
        assert.match(list, new RegExp(`^${name} `, 'm'));
        assert.match((await stand.view.levee('packs', 'show', name)).stdout, /- job_name: /);
        assert.ok(stdout.includes(`${path.join(kPacks, name)}: the pack is right`), stdout);
    }
});
