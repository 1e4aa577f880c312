// SPDX-License-Identifier: Apache-2.0
// What was acknowledged is kept: editors who apply at the same time, and an agent that is killed in the middle of
// applies, overrides and their ends. Short in the suite; the long form:
//   LEVEE_TEST_MINUTES=90 node tests/integration/kill_test.mjs AGENT LEVEE LOADGEN --kills 1000 --edits 1000
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, skipUnlessInstalled } from './programs.mjs';
import { Stand } from './stand.mjs';

skipUnlessInstalled();

const option = (name, otherwise) => {
    const at = process.argv.indexOf(`--${name}`);
    return at > 0 ? Number(process.argv[at + 1]) : otherwise;
};
const kKills = option('kills', 4);
const kEdits = option('edits', 10);
const kSubjects = ['checkout->payment', 'payment'];
const kTtlMs = 1000;

const rule = (count) => `apiVersion: levee/v1
kind: Guard
metadata: {name: counter, labels: {count: "${count}"}}
spec: {match: {service: payment}}
`;
const countOf = (text) => Number(/count: "(\d+)"/.exec(text)?.[1]);

let stand;
let view;
before(async () => {
    stand = await new Stand().start({ rules: rule(0) });
    view = stand.view;
});
after(async () => {
    await stand?.stop();
});

async function newest() {
    const list = await view.levee('rules', 'list');
    return Number(/^ *(\d+) +in force/m.exec(list.stdout)?.[1]);
}

/// The whole audit, the oldest first.
async function audit() {
    return (await view.leveeJson('rules', 'history', '--limit', 1000000)).reverse();
}

function assertLinear(entries) {
    entries.forEach((entry, i) => assert.equal(entry.id, i + 1, 'the audit has no gap'));
    const revisions = entries.filter((entry) => entry.subject === 'rules').map((entry) => entry.revision);
    revisions.forEach((revision, i) => assert.equal(revision, i + 1, 'the history is linear'));
}

test(`two editors, ${kEdits} applies each: no update is lost`, async () => {
    const first = await newest();
    let conflicts = 0;
    const edit = async (name) => {
        for (let done = 0; done < kEdits;) {
            const revision = await newest();
            const { stdout } = await view.levee('rules', 'show', revision);
            const file = stand.write(`${name}.yaml`, rule(countOf(stdout) + 1));
            const applied = await view.levee('rules', 'apply', file, '--revision', revision, '--reason', name,
                '--author', name);
            if (applied.code === 0)
                done += 1;
            else
                conflicts += 1;
            assert.ok([0, 4].includes(applied.code), applied.stderr);
        }
    };
    await Promise.all([edit('ana'), edit('sam')]);
    assert.equal(countOf((await view.levee('rules', 'show')).stdout), 2 * kEdits);
    assert.equal(await newest(), first + 2 * kEdits);
    assertLinear(await audit());
    console.log(`${2 * kEdits} applies, ${conflicts} conflicts`);
});

/// What the agent has acknowledged so far.
const acknowledged = { revisions: [], overrides: [] };
let outlived = 0;

async function applyUntil(isOver, round) {
    for (let n = 0; !isOver(); ++n) {
        const count = 1_000_000 + round * 1000 + n;
        const file = stand.write('kill.yaml', rule(count));
        const { code, stdout } = await view.levee('rules', 'apply', file, '--reason', 'kill', '--author', 'killer');
        const revision = /revision (\d+) is in force/.exec(stdout)?.[1];
        if (code === 0 && revision !== undefined)
            acknowledged.revisions.push({ revision: Number(revision), count });
    }
}

async function overrideUntil(isOver, round) {
    for (let n = 0; !isOver(); ++n) {
        const subject = kSubjects[n % 2];
        const what = n % 2 === 0 ? ['--force-open'] : ['--limit', 7];
        const reason = `round ${round}, ${n}`;
        const { code } = await view.levee('override', 'set', subject, ...what, '--ttl', `${kTtlMs}ms`, '--replace',
            '--reason', reason);
        if (code === 0)
            acknowledged.overrides.push({ subject, reason, until: Date.now() + kTtlMs });
        await sleep(20);
    }
}

/// Nothing is held a second after the last acknowledged time, and the gateway is back to its rule.
async function assertNothingOutlives() {
    const last = Math.max(0, ...acknowledged.overrides.map((each) => each.until));
    const held = await view.levee('override', 'list', '-o', 'json');
    const asked = Date.now();
    if (held.code === 0 && asked > last + 1000 && JSON.parse(held.stdout).length > 0)
        outlived += 1;
}

async function startAgain() {
    await stand.agent.start();
    await eventually('the agent answers', async () => assert.equal((await view.levee('override', 'list')).code, 0));
}

test(`${kKills} kills in the middle of applies and overrides: nothing that was acknowledged is lost`, async () => {
    for (let round = 0; round < kKills; ++round) {
        let isOver = false;
        const work = Promise.all([applyUntil(() => isOver, round), overrideUntil(() => isOver, round)]);
        await sleep(Math.random() ** 2 * 2200);  // early ones meet the start, late ones the work
        await stand.endAgent('SIGKILL');
        isOver = true;
        await work;
        await startAgain();
        if (round % 5 === 0) {
            // Long enough for everything to be over: by the agent's own clock, since it was set.
            await sleep(kTtlMs);
            await assertNothingOutlives();
        }
    }
    await eventually('nothing is held', async () => assert.deepEqual(await view.leveeJson('override', 'list'), []));
    // An override is over by the clock; its end is written a quarter of a second later at the most.
    const entries = await eventually('the ends are written', async () => {
        const all = await audit();
        for (const subject of kSubjects)
            assert.notEqual(all.findLast((each) => each.subject === subject)?.action, 'override-set');
        return all;
    });
    assertLinear(entries);
    assert.equal(outlived, 0);

    const applied = new Map(entries.filter((each) => each.action === 'apply').map((each) => [each.revision, each]));
    for (const { revision, count } of acknowledged.revisions)
        assert.ok(applied.get(revision)?.change.includes(`"${count}"`), `revision ${revision} has ${count}`);
    const set = new Set(entries.filter((each) => each.action === 'override-set').map((each) => each.reason));
    for (const { reason } of acknowledged.overrides)
        assert.ok(set.has(reason), `the audit has the override '${reason}'`);
    // Each override was set, and then replaced or ended.
    for (const subject of kSubjects) {
        const actions = entries.filter((each) => each.subject === subject).map((each) => each.action);
        actions.forEach((action, i) => assert.ok(action !== 'override-expire' || actions[i - 1] === 'override-set'));
    }
    console.log(`${kKills} kills: ${acknowledged.revisions.length} revisions and ${acknowledged.overrides.length} `
        + `overrides were acknowledged, ${entries.length} audit entries, none missing, ${outlived} outlived`);
});
