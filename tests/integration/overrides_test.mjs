// SPDX-License-Identifier: Apache-2.0
// What people hold by hand over the rules: in force at once, shown, kept through a restart and a kill, ended by the agent.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, skipUnlessInstalled } from './programs.mjs';
import { Stand } from './stand.mjs';

skipUnlessInstalled();

const kEdge = 'checkout->payment';
const rules = `apiVersion: levee/v1
kind: Guard
metadata: {name: checkout-payment}
spec:
  match: {client: checkout, service: payment}
  breaker: {openFor: 1m}
`;

let stand;
let view;
before(async () => {
    stand = await new Stand().start({ rules });
    view = stand.view;
});
after(async () => {
    await stand?.stop();
});

const status = async () => (await fetch(stand.urls.out)).status;
const override = (...args) => view.levee('override', ...args);
const actions = async () => (await view.leveeJson('rules', 'history')).map((each) => each.action).reverse();

test('a breaker that is forced open lets nothing through, at once', async () => {
    assert.equal(await status(), 200);
    const { code, stdout, stderr } = await override('set', kEdge, '--force-open', '--ttl', '10m', '--reason', 'INC-42',
        '--author', 'ana');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^checkout->payment: forced open until .* \(10m\)$/m);
    await eventually('it is refused', async () => assert.equal(await status(), 503));
    const guard = await view.guard(kEdge);
    assert.deepEqual([guard.breaker, guard.rule, guard.revision], ['forced-open', 'checkout-payment', 1]);
    assert.deepEqual([guard.held_by.kind, guard.held_by.author, guard.held_by.reason, guard.held_by.rule],
        ['force-open', 'ana', 'INC-42', 'checkout-payment']);
    assert.match(guard.held_by.rule_file, /rules\.d\/test\.yaml$/);
    assert.match((await view.levee('get', 'breakers')).stdout, /forced open for \d+m\d*s? by ana: INC-42/);
    assert.match((await override('list')).stdout, /checkout->payment +forced open +.*checkout-payment .*test\.yaml +ana/);
});

test('a second hand is a conflict, and a wrong one is told everything', async () => {
    const second = await override('set', kEdge, '--force-closed', '--reason', 'no');
    assert.equal(second.code, 4);
    assert.match(second.stderr, /held already: forced open, by ana: INC-42/);
    const wrong = await override('set', 'payment', '--force-open', '--ttl', '25h', '--reason', 'x');
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /the time is 1d1h.*payment has a limit and no breaker/);
    assert.equal((await override('set', kEdge, '--force-open')).code, 2);
    assert.match((await override('set', 'nobody', '--limit', 5, '--reason', 'x')).stderr, /there are: checkout->payment, payment/);
});

test('explain and describe say what holds it, and why', async () => {
    const explained = await view.levee('rules', 'explain', kEdge);
    assert.equal(explained.code, 0, explained.stderr);
    assert.match(explained.stdout, /^ {2}rule +checkout-payment \(revision 1\): it is for exactly this$/m);
    assert.match(explained.stdout, /^ {2}held +forced open for .* by ana: INC-42; the rule decides after that$/m);
    assert.match(explained.stdout, /^ {2}breaker +forced-open, lets 0% through$/m);
    assert.match(explained.stdout, /forced open for 10m, by ana, over rule checkout-payment: INC-42/);
    const json = await view.leveeJson('rules', 'explain', 'payment');
    assert.deepEqual(json.not_used.map((each) => each.rule), ['checkout-payment']);
    assert.match((await view.levee('rules', 'explain', 'paymnt')).stderr, /is 'payment' meant\?/);
    const edge = await view.levee('describe', 'edge', kEdge);
    assert.equal(edge.code, 0, edge.stderr);
    assert.match(edge.stdout, /^ {2}traffic +.* requests\/s/m);
    const service = await view.leveeJson('describe', 'service', 'payment');
    assert.equal(service.guard.subject, 'payment');
});

test('live lint says what a rule will not do here', async () => {
    const file = stand.write('more.yaml', `${rules}---
apiVersion: levee/v1
kind: Guard
metadata: {name: typo}
spec: {match: {service: paymnt}}
`);
    const { code, stderr } = await view.levee('check', 'rules', '--live', file);
    assert.equal(code, 3, stderr);
    assert.match(stderr, new RegExp(`^${file}:3:18: warning: .*forced open by hand for`, 'm'));
    assert.match(stderr, new RegExp(`^${file}:10:18: warning: .*no listener of this agent is.*is payment meant`, 'm'));
});

test('promote writes the patch that makes it permanent', async () => {
    const open = await view.levee('rules', 'promote', kEdge);
    assert.equal(open.code, 5);
    assert.match(open.stderr, /no rule says that for good/);
});

test('it holds through a kill of the agent', async () => {
    await stand.endAgent('SIGKILL');
    await stand.startAgent();
    await eventually('it is refused', async () => assert.equal(await status(), 503));
    const [held] = await view.leveeJson('override', 'list');
    assert.ok(held.remaining_seconds > 300 && held.remaining_seconds < 600, `${held.remaining_seconds}`);
});

test('cleared, the rule decides again', async () => {
    assert.equal((await override('clear', kEdge, '--reason', 'over')).code, 0);
    await eventually('it passes', async () => assert.equal(await status(), 200));
    assert.equal((await view.guard(kEdge)).held_by, null);
    assert.equal((await override('clear', kEdge)).code, 1);
});

test('a limit is fixed, by number or by factor', async () => {
    assert.equal((await override('set', 'payment', '--limit', 3, '--reason', 'less')).code, 0);
    await eventually('limit 3', async () => assert.equal((await view.guard('payment')).limit, 3));
    assert.equal((await override('set', 'payment', '--factor', 2, '--replace', '--reason', 'more')).code, 0);
    await eventually('limit 6', async () => {
        const guard = await view.guard('payment');
        assert.deepEqual([guard.limit, guard.held_by.factor, guard.enforcement], [6, 2, 'enforcing']);
    });
    const { code, stdout, stderr } = await view.levee('rules', 'promote', 'payment');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^--- \/dev\/null$\n^\+\+\+ b\/payment\.yaml$/m);
    assert.match(stdout, /^\+ +limit: 6$/m);
    assert.match((await view.levee('get', 'limits')).stdout, /limit 6 \(2 times what it was\) for/);
    assert.equal((await override('clear', 'payment')).code, 0);
});

test('the agent ends it, whoever sleeps', async () => {
    assert.equal((await override('set', kEdge, '--force-open', '--ttl', '2s', '--reason', 'short')).code, 0);
    await eventually('refused', async () => assert.equal(await status(), 503));
    await eventually('it passes again', async () => assert.equal(await status(), 200));
    await eventually('the end is recorded', async () =>
        assert.equal((await actions()).at(-1), 'override-expire'));
    const text = (await view.events()).filter((event) => event.kind === 'override').at(-1).text;
    assert.equal(text, 'no longer forced open: its time was over');
});

test('one whose time is over while no agent runs is not taken up again', async () => {
    assert.equal((await override('set', kEdge, '--force-open', '--ttl', '3s', '--reason', 'kill')).code, 0);
    await stand.endAgent('SIGKILL');
    const until = Date.now() + 3000;
    await eventually('its time is over', () => assert.ok(Date.now() > until));
    await stand.startAgent();
    await eventually('it passes', async () => assert.equal(await status(), 200));
    assert.deepEqual(await view.leveeJson('override', 'list'), []);
});

test('every change is in the audit, and the revision was never touched', async () => {
    assert.deepEqual(await actions(), ['files', 'override-set', 'override-clear', 'override-set', 'override-set',
        'override-clear', 'override-set', 'override-expire', 'override-set', 'override-expire']);
    const [newest] = await view.leveeJson('rules', 'history', '--subject', 'rules');
    assert.equal(newest.revision, 1);
    const text = await view.levee('rules', 'history', '--text', '--limit', 100);
    assert.match(text.stdout, /forced open for 10m/);
    assert.match(text.stdout, /^\+kind: Guard$/m);
});
