// SPDX-License-Identifier: Apache-2.0
// The agent's end is not the gateway's: whoever dies, requests go on, and the next agent finds things as they were.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { isAlive, run } from './agent_view.mjs';
import { eventually, programs, skipUnlessInstalled } from './programs.mjs';
import { Stand } from './stand.mjs';

skipUnlessInstalled();

// Far above what the steady load needs even when the machine stalls.
const kLimit = 100;
const kRules = `apiVersion: levee/v1
kind: Guard
metadata: {name: payment}
spec:
  match: {service: payment}
  limiter: {kind: fixed, limit: ${kLimit}, queue: 0}
---
apiVersion: levee/v1
kind: Guard
metadata: {name: checkout-payment}
spec:
  match: {client: checkout, service: payment}
  breaker: {consecutiveFailures: 3, openFor: 1m}
  fallback: {body: "later"}
`;

let stand;
let view;
before(async () => {
    stand = await new Stand().start({ rules: kRules });
    view = stand.view;
});
after(() => stand?.stop());

/// Load on the breaker's listener until end(), which resolves to the report.
function steadyLoad() {
    const child = spawn(programs.loadgen, ['--url', stand.urls.out, '--rate', '80', '--duration', '0',
        '--arrivals', 'even', '--timeout', '10s', '--quiet'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const output = child.stdout.toArray();
    return {
        end: async () => {
            child.kill('SIGINT');
            return JSON.parse(Buffer.concat(await output).toString());
        },
    };
}

const served = async (count) => {
    const goal = stand.backend.served + count;
    await eventually(`${count} more requests are served`, async () => assert.ok(stand.backend.served >= goal));
};

function assertFlawless(report) {
    const { offered, ok } = report;
    console.log(`# offered ${offered}, ok ${ok}`);
    assert.ok(offered > 0);
    assert.equal(ok, offered, JSON.stringify({ ...report, timeline: [] }));
}

const ask = async () => {
    const response = await fetch(stand.urls.out);
    await response.text();
    return [response.status, response.headers.get('levee-outcome')];
};

/// Sends more at once than may be in flight, to a backend that holds them all.
async function assertLimited() {
    const held = [];
    stand.backend.answer = (request, response) => held.push(response);
    const answers = Array.from({ length: 2 * kLimit }, () => fetch(stand.urls.in));
    let refused = 0;
    answers.forEach((answer) => answer.then((response) => {
        if (response.headers.get('levee-outcome') === 'shed')
            refused += 1;
    }, () => {}));
    await eventually('the limit is reached', async () => assert.equal(held.length + refused, 2 * kLimit));
    assert.equal(held.length, kLimit);
    stand.backend.heal();
    held.forEach((response) => response.end());
    const statuses = (await Promise.all(answers)).map((response) => response.status);
    assert.equal(statuses.filter((status) => status === 200).length, kLimit);
    assert.equal(statuses.filter((status) => status === 503).length, kLimit);
}

async function openBreaker() {
    stand.backend.fail();
    await eventually('the breaker refuses', async () => assert.deepEqual(await ask(), [503, 'breaker']));
    await eventually('the breaker is open', async () => {
        const guard = await view.guard('checkout->payment');
        assert.deepEqual([guard.breaker, guard.enforcement], ['open', 'enforcing']);
    });
    stand.backend.heal();
}

async function expectTakeover(pid) {
    assert.equal(await view.gatewayPid(), pid);
    await eventually('the event', async () => {
        const texts = (await view.events()).filter((event) => event.kind === 'gateway').map((event) => event.text);
        assert.equal(texts.at(-1), `took over the running HAProxy, process ${pid}`);
    });
    await eventually('all guards enforce', () => view.assertEnforced());
}

test('in the beginning the limit is in force', async () => {
    await eventually('all guards enforce', () => view.assertEnforced());
    await assertLimited();
});

test('the agent is killed and started again: no request notices', async () => {
    const pid = await view.gatewayPid();
    const running = steadyLoad();
    await served(60);
    await stand.endAgent('SIGKILL');
    assert.ok(isAlive(pid));
    await served(150);
    await stand.startAgent();
    await expectTakeover(pid);
    await served(150);
    assertFlawless(await running.end());
});

test('after it the limit and the breaker work as before', async () => {
    await assertLimited();
    await openBreaker();
});

test('an open breaker is still open while the agent is dead, and the next one closes it', async () => {
    const pid = await view.gatewayPid();
    await stand.endAgent('SIGKILL');
    const before = stand.backend.served;
    for (let i = 0; i < 20; i += 1)
        assert.deepEqual(await ask(), [503, 'breaker']);
    assert.equal(stand.backend.served, before);
    await stand.startAgent();
    await expectTakeover(pid);
    await eventually('calls get through', async () => assert.deepEqual(await ask(), [200, null]));
    assert.equal((await view.guard('checkout->payment')).breaker, 'closed');
});

test('the agent is stopped by SIGTERM and started again: no request notices', async () => {
    const pid = await view.gatewayPid();
    const running = steadyLoad();
    await served(60);
    await stand.endAgent('SIGTERM');
    assert.ok(isAlive(pid));
    await served(150);
    await stand.startAgent();
    await expectTakeover(pid);
    await served(150);
    assertFlawless(await running.end());
    await assertLimited();
});

test('SIGTERM opens the gate of an open breaker: nobody is left to close it', async () => {
    await openBreaker();
    await stand.endAgent('SIGTERM');
    assert.deepEqual(await ask(), [200, null]);
    await stand.startAgent();
    assert.deepEqual(await ask(), [200, null]);
});

test('a killed HAProxy comes back with what the guards want', async () => {
    const pid = await view.gatewayPid();
    await openBreaker();
    const before = stand.backend.served;
    process.kill(pid, 'SIGKILL');
    const first = await eventually('an answer', ask);
    assert.deepEqual(first, [503, 'breaker'], 'the first answer of the new process is already the breaker\'s');
    await eventually('the new process enforces', async () => {
        assert.notEqual(await view.gatewayPid(), pid);
        await view.assertEnforced();
    });
    assert.equal(stand.backend.served, before);
    assert.ok((await view.events()).some((event) => event.text.startsWith('HAProxy restarted, process ')));
    await assertLimited();
});

test('a new configuration reloads HAProxy without a failed request', async () => {
    // Begins with a closed breaker.
    await stand.endAgent('SIGTERM');
    await stand.startAgent();
    const pid = await view.gatewayPid();
    const running = steadyLoad();
    await served(60);
    const body = stand.write('body.yaml', kRules.replace('later', 'much later'));
    const applied = await view.levee('rules', 'apply', body, '--reason', 'another body');
    assert.equal(applied.code, 0, applied.stderr);
    await eventually('a new process', async () => assert.notEqual(await view.gatewayPid(), pid));
    await served(150);
    assertFlawless(await running.end());
});

test('a second agent with the same configuration does not start, and disturbs nothing', async () => {
    const pid = await view.gatewayPid();
    const before = await view.events();
    const { code, stderr } = await run(programs.agent, ['--config', stand.configFile]);
    assert.equal(code, 1);
    assert.match(stderr, /another agent runs with state_dir /);
    assert.equal(await view.gatewayPid(), pid);
    await view.assertEnforced();
    const ids = new Set(before.map((event) => event.id));
    assert.deepEqual((await view.events()).filter((event) => ids.has(event.id)), before);
});

test('SIGINT ends HAProxy with the agent', async () => {
    const pid = await view.gatewayPid();
    await stand.endAgent('SIGINT');
    assert.equal(stand.agent.child.exitCode, 0);
    assert.ok(!isAlive(pid));
    await assert.rejects(fetch(stand.urls.out));
});
