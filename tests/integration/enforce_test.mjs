// SPDX-License-Identifier: Apache-2.0
// Rules as an operator writes them, carried out by the real gateway and proven: rates, ejection, the switch for all of
// it, and what happens while the agent is gone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, skipUnlessInstalled } from './programs.mjs';
import { Backend, Stand } from './stand.mjs';

skipUnlessInstalled();

const kEdge = 'checkout->payment';
const guard = (name, match, spec) => `apiVersion: levee/v1
kind: Guard
metadata: {name: ${name}}
spec:
  match: ${match}
${spec.map((line) => `  ${line}\n`).join('')}`;
const tenantRate = (limit) => guard('tenants', '{service: payment}',
    [`rate: {limit: ${limit}, key: "header:x-tenant", window: 10m}`]);

let stand;
let view;
let good;
let bad;
let poolPort;
before(async () => {
    good = await new Backend().start();
    bad = await new Backend().start();
    stand = await new Stand().start({
        listeners: async (pick) => {
            poolPort = await pick();
            const targets = [good, bad].map((each) => `"127.0.0.1:${each.port}"`).join(', ');
            return `    - {client: web, service: pool, bind: "127.0.0.1:${poolPort}", targets: [${targets}]}\n`;
        },
    });
    view = stand.view;
});
after(async () => {
    good?.stop();
    bad?.stop();
    await stand?.stop();
});

async function apply(text) {
    const file = stand.write('edit.yaml', text);
    const { code, stderr } = await view.levee('rules', 'apply', file, '--reason', 'test');
    assert.equal(code, 0, stderr);
}

async function ask(url, headers = {}) {
    const response = await fetch(url, { headers });
    await response.text();
    return { status: response.status, reason: response.headers.get('x-levee-reason'),
        outcome: response.headers.get('levee-outcome'), retryAfter: response.headers.get('retry-after') };
}

async function count(url, requests, headers) {
    const seen = {};
    for (let i = 0; i < requests; i += 1) {
        const { status } = await ask(url, headers);
        seen[status] = (seen[status] ?? 0) + 1;
    }
    return seen;
}

async function proven() {
    const { rules_revision: revision } = (await view.freshState()).agent;
    await eventually(`revision ${revision} is proven`, async () => {
        const news = (await view.events()).filter((event) => event.text.startsWith(`revision ${revision} is proven`));
        assert.equal(news.length, 1);
    });
    return revision;
}

test('a rate by tenant is in force as soon as it is proven', async () => {
    await apply(tenantRate('2/m'));
    await proven();
    assert.deepEqual(await count(stand.urls.in, 30, { 'x-tenant': 'a' }), { 200: 20, 429: 10 });
    assert.deepEqual(await count(stand.urls.in, 25, { 'x-tenant': 'b' }), { 200: 20, 429: 5 });
    assert.deepEqual(await ask(stand.urls.in, { 'x-tenant': 'a' }), { status: 429, outcome: 'rate', retryAfter: '600',
        reason: 'rate; guard=payment; rule=tenants; key=header:x-tenant' });
    await eventually('the state shows it', async () => {
        const { rate } = await view.guard('payment');
        assert.deepEqual([rate.key, rate.refused, rate.keys, rate.most_keys], ['header:x-tenant', 16, 2, 10000]);
        assert.ok(Math.abs(rate.limit - 2 / 60) < 1e-9);
    });
});

test('another number is in force without a reload', async () => {
    const pid = await view.gatewayPid();
    await apply(tenantRate('3/m'));
    await proven();
    assert.deepEqual(await count(stand.urls.in, 15, { 'x-tenant': 'a' }), { 200: 10, 429: 5 });
    assert.equal(await view.gatewayPid(), pid);
});

test('many refusals are an event with the rule, its revision and the numbers', async () => {
    await count(stand.urls.in, 30, { 'x-tenant': 'a' });
    await eventually('the event', async () => {
        const event = (await view.events()).find(({ text }) => /^rate: \d+ of \d+ requests refused/.test(text));
        assert.deepEqual([event.subject, event.rule], ['payment', 'tenants']);
        assert.match(event.detail, /limit=3\/m window=10m key=header:x-tenant/);
    });
});

test('a target that is worse than the others is taken out, and comes back', async () => {
    bad.fail();
    await apply(guard('pool', '{client: web, service: pool}', ['breaker: {enabled: false}',
        'ejection: {enabled: true, consecutiveFailures: 3, ejectFor: 2s, ramp: 1s, window: 1s}']));
    const url = `http://127.0.0.1:${poolPort}/`;
    await eventually('it is out', async () => {
        await count(url, 20);
        const found = await view.guard('web->pool');
        assert.deepEqual(found.instances.filter(({ status }) => status === 'ejected').map(({ instance }) => instance),
            [`127.0.0.1:${bad.port}`]);
        assert.match(found.enforcement_detail, new RegExp(`127.0.0.1:${bad.port} weighs 0 of 100`));
    });
    bad.heal();
    await eventually('it is back in full', async () => {
        await count(url, 20);
        const found = await view.guard('web->pool');
        assert.ok(found.instances.every(({ status, share }) => status === 'in' && share === 1));
        assert.doesNotMatch(found.enforcement_detail, /weighs/);
    });
});

test('switched off, everything passes, also after a restart', async () => {
    assert.equal((await ask(stand.urls.in, { 'x-tenant': 'a' })).status, 429);
    assert.equal((await view.levee('enforce', 'status')).code, 0);
    assert.notEqual((await view.levee('enforce', 'off')).code, 0);
    const off = await view.levee('enforce', 'off', '--reason', 'game day', '--author', 'ann');
    assert.equal(off.code, 0, off.stderr);
    assert.match(off.stdout, /^enforcement is off by ann since .*Z: game day\n$/);
    await eventually('it passes', async () => assert.equal((await ask(stand.urls.in, { 'x-tenant': 'a' })).status, 200));
    await stand.endAgent('SIGKILL');
    await stand.startAgent();
    const { agent } = await view.freshState();
    assert.equal(agent.enforcing, false);
    assert.match(agent.enforcing_detail, /ann .*game day/);
    assert.equal((await ask(stand.urls.in, { 'x-tenant': 'a' })).status, 200);
    const status = await view.levee('enforce', 'status');
    assert.equal(status.code, 5);
    assert.match(status.stdout, /^enforcement: off by ann/);
    await eventually('what it would have refused is counted', async () =>
        assert.ok((await view.guard('payment')).would_have_shed > 0));

    assert.equal((await view.levee('enforce', 'on')).code, 0);
    await eventually('it is refused again', async () =>
        assert.equal((await ask(stand.urls.in, { 'x-tenant': 'a' })).status, 429));
    assert.equal((await view.freshState()).agent.enforcing, true);
});

test('while the agent is gone the gateway does what the rules say', async () => {
    await apply(guard('edge', '{client: checkout, service: payment}',
        ['breaker: {consecutiveFailures: 3, openFor: 10m, maxOpenFor: 10m}', 'agentLoss: {then: open, after: 5s}']));
    stand.backend.fail();
    await eventually('the breaker is open', async () => {
        await ask(stand.urls.out, { 'x-tenant': String(Math.random()) });
        assert.equal((await view.guard(kEdge)).breaker, 'open');
    });
    stand.backend.heal();
    const tenant = () => ({ 'x-tenant': String(Math.random()) });
    assert.equal((await ask(stand.urls.out, tenant())).outcome, 'breaker');
    await stand.endAgent('SIGKILL');
    assert.equal((await ask(stand.urls.out, tenant())).outcome, 'breaker');
    await eventually('it lets pass', async () => assert.equal((await ask(stand.urls.out, tenant())).status, 200));
    // The rate of the service's rule stays: a service keeps what it has.
    assert.equal((await ask(stand.urls.in, { 'x-tenant': 'a' })).status, 429);
    await stand.startAgent();
});
