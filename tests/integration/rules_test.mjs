// SPDX-License-Identifier: Apache-2.0
// Rules and configuration change under a running agent: what is good is in force at once, what is bad changes nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, skipUnlessInstalled } from './programs.mjs';
import { Backend, Stand } from './stand.mjs';

skipUnlessInstalled();

const kEdge = 'checkout->payment';

/// The breaker stays open for the whole test, so that its fallback can be seen.
const rule = (body, more = '') => `apiVersion: levee/v1
kind: Guard
metadata: {name: checkout-payment}
spec:
  match: {client: checkout, service: payment}
  breaker: {consecutiveFailures: 3, openFor: 1m${more}}
  fallback: {status: 503, body: ${JSON.stringify(body)}, contentType: text/plain, retryAfter: 7s}
`;

let stand;
let view;
let target;
before(async () => {
    target = await new Backend().start();
    target.answer = (request, response) => {
        response.setHeader('content-type', 'text/plain; version=0.0.4');
        response.end('works 1\n');
    };
    stand = await new Stand().start({ targets: [target.port], rules: rule('first') });
    view = stand.view;
});
after(async () => {
    target?.stop();
    await stand?.stop();
});

async function revision() {
    const { stdout } = await view.levee('rules', 'list');
    return Number(/^ *(\d+) +in force/m.exec(stdout)?.[1]);
}
const hangUp = () => process.kill(stand.agent.pid, 'SIGHUP');

async function answer() {
    const response = await fetch(stand.urls.out);
    return { status: response.status, outcome: response.headers.get('levee-outcome'),
        retryAfter: response.headers.get('retry-after'), body: await response.text() };
}

/// A connection that was idle at a reload gets its next answer from the HAProxy before.
const answers = (expected) => eventually('the answer', async () => assert.deepEqual(await answer(), expected));

const fallback = (body) => ({ status: 503, outcome: 'breaker', retryAfter: '7', body });

async function openBreaker(body) {
    stand.backend.fail();
    await eventually('the breaker is open', async () => assert.deepEqual(await answer(), fallback(body)));
}

test('the rule files are the first revision', async () => {
    assert.equal((await answer()).status, 200);
    assert.equal(await revision(), 1);
    assert.equal((await view.guard(kEdge)).rule, 'checkout-payment');
    assert.equal((await view.levee('rules', 'show')).stdout, rule('first'));
});

test('rules that are wrong are refused at their place and change nothing', async () => {
    const file = stand.write('wrong.yaml', rule('second').replace('openFor: 1m', 'openFor: soon'));
    const place = new RegExp(`^${file}:6:46: error: `, 'm');
    const checked = await view.levee('check', 'rules', file);
    assert.equal(checked.code, 1);
    assert.match(checked.stderr, place);
    const applied = await view.levee('rules', 'apply', file, '--reason', 'try');
    assert.equal(applied.code, 1);
    assert.match(applied.stderr, place);
    assert.equal((await view.levee('rules', 'diff', file)).code, 2);
    assert.equal(await revision(), 1);
});

test('diff says 0 for nothing new and 1 for a change', async () => {
    const same = await view.levee('rules', 'diff', stand.write('same.yaml', rule('first')));
    assert.deepEqual([same.code, same.stdout], [0, '']);
    const other = await view.levee('rules', 'diff', stand.write('second.yaml', rule('second')));
    assert.equal(other.code, 1);
    assert.match(other.stdout, /fallback.*body/);
});

test('an edit is seen on the wire, and the open breaker stays open', async () => {
    await openBreaker('first');
    await eventually('open', async () => assert.equal((await view.guard(kEdge)).breaker, 'open'));
    const applied = await view.levee('rules', 'apply', stand.file('second.yaml'), '--reason', 'say more',
        '--author', 'sam');
    assert.equal(applied.code, 0, applied.stderr);
    assert.match(applied.stdout, /revision 2 is in force/);
    await answers(fallback('second'));
    await eventually('the guard runs under revision 2', async () => {
        const guard = await view.guard(kEdge);
        assert.deepEqual([guard.revision, guard.breaker, guard.trips, guard.enforcement], [2, 'open', 1, 'enforcing']);
    });
    const { text } = (await view.events()).findLast((event) => event.kind === 'rule'
        && event.text.includes(' by '));
    assert.equal(text, 'revision 2 is in force, by sam: say more');
});

test('a changed threshold keeps the breaker open too', async () => {
    const file = stand.write('window.yaml', rule('second', ', window: 7s, minimumCalls: 9'));
    assert.equal((await view.levee('rules', 'apply', file, '--reason', 'slower')).code, 0);
    await eventually('the guard runs under revision 3', async () => {
        const guard = await view.guard(kEdge);
        assert.deepEqual([guard.revision, guard.breaker, guard.trips], [3, 'open', 1]);
    });
    await answers(fallback('second'));
});

test('an edit of an old revision is a conflict and changes nothing', async () => {
    const stale = await view.levee('rules', 'apply', stand.write('third.yaml', rule('third')), '--revision', 1,
        '--reason', 'too late');
    assert.equal(stale.code, 4);
    assert.match(stale.stderr, /revision/);
    assert.equal(await revision(), 3);
    await answers(fallback('second'));
});

test('a rollback brings the old rules back as a new revision', async () => {
    const { code, stderr } = await view.levee('rules', 'rollback', 1, '--reason', 'not good');
    assert.equal(code, 0, stderr);
    await answers(fallback('first'));
    assert.equal(await revision(), 4);
    const list = await view.levee('rules', 'list');
    assert.match(list.stdout, /^ *4 +in force .*rollback to revision 1: not good$/m);
    assert.equal((await view.levee('rules', 'show', '2')).stdout, rule('second'));
    assert.equal((await view.levee('rules', 'rollback', 99, '--reason', 'no')).code, 1);
});

test('two revisions are compared in meaning, and line by line', async () => {
    const meaning = await view.levee('rules', 'diff', 1, 2);
    assert.equal(meaning.code, 1, meaning.stderr);
    assert.match(meaning.stdout, /^checkout-payment: spec\.fallback\.body first -> second$/m);
    const text = await view.levee('rules', 'diff', '--text', 1, 2);
    assert.match(text.stdout, /^--- revision 1\n\+\+\+ revision 2\n/);
    assert.match(text.stdout, /^\+.*"second"/m);
    assert.equal((await view.levee('rules', 'diff', 1, 4)).code, 0);
    assert.equal((await view.levee('rules', 'diff', 1, 99)).code, 2);
});

test('what was applied past the files is written as a patch', async () => {
    const second = await view.levee('rules', 'apply', stand.file('second.yaml'), '--reason', 'patch me');
    assert.equal(second.code, 0, second.stderr);
    const { code, stdout, stderr } = await view.levee('rules', 'promote', '--all', '--file',
        stand.file('rules.d/test.yaml'));
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^-.*"first"[^]*^\+.*"second"/m);
    assert.equal((await view.levee('rules', 'rollback', 1, '--reason', 'back')).code, 0);
});

test('an applied revision survives a restart of the agent', async () => {
    assert.equal((await view.levee('rules', 'apply', stand.file('third.yaml'), '--reason', 'keep')).code, 0);
    await stand.endAgent('SIGTERM');
    await stand.startAgent();
    assert.equal(await revision(), 7);
    assert.equal((await view.guard(kEdge)).rule, 'checkout-payment');
    await openBreaker('third');
});

test('rule files that became wrong leave the old rules in force', async () => {
    const file = stand.write('rules.d/test.yaml', rule('fourth').replace('openFor', 'openfor'));
    hangUp();
    await eventually('the mistake is reported', async () => {
        assert.equal(await view.metric('levee_rules_last_load_successful'), 0);
        const event = (await view.events()).findLast((each) => each.severity === 'critical' && each.kind === 'agent');
        assert.match(event?.text ?? '', new RegExp(`^reload refused: .*${file}:6:37: error: .*openFor`, 's'));
    });
    assert.equal(await view.metric('levee_config_last_reload_successful'), 1);
    assert.equal(await revision(), 7);
    await answers(fallback('third'));
    await view.assertEnforced();
});

test('the same files as before do not undo what was applied since', async () => {
    stand.write('rules.d/test.yaml', rule('first'));
    hangUp();
    await eventually('right again', async () =>
        assert.equal(await view.metric('levee_rules_last_load_successful'), 1));
    assert.equal(await revision(), 7);
});

test('changed rule files are the next revision', async () => {
    stand.write('rules.d/test.yaml', rule('from the file'));
    hangUp();
    await eventually('revision 8', async () => assert.equal(await revision(), 8));
    await answers(fallback('from the file'));
});

test('a wrong configuration leaves the old one in force', async () => {
    stand.writeConfig({ jobs: { shop: [target.port] }, more: 'lifecycle_api: [\n' });
    const { status, text } = await view.page('/-/reload', { method: 'POST' });
    assert.equal(status, 400);
    assert.match(text, new RegExp(`${stand.configFile}:\\d+:\\d+: error: `));
    assert.equal(await view.metric('levee_config_last_reload_successful'), 0);
    const before = (await view.events()).at(-1).id;
    hangUp();
    await eventually('SIGHUP refuses it as well', async () => {
        const event = (await view.events()).find((each) => each.id > before);
        assert.match(event?.text ?? '', /reload refused: .*agent\.yaml:\d+:\d+/s);
    });
    await view.assertEnforced();
    assert.deepEqual((await view.state()).targets.map((each) => [each.job, each.up]), [['targets', true]]);
});

test('a good change is applied at once, without a new HAProxy', async () => {
    const pid = await view.gatewayPid();
    stand.writeConfig({ jobs: { targets: [target.port], more: [target.port, stand.ports.http] } });
    const { status, text } = await view.page('/-/reload', { method: 'POST' });
    assert.equal(status, 200, text);
    assert.equal(await view.metric('levee_config_last_reload_successful'), 1);
    await eventually('the new job is scraped', async () =>
        assert.deepEqual((await view.state()).targets.map((each) => [each.job, each.up]),
            [['more', true], ['more', true], ['targets', true]]));
    assert.equal(await view.gatewayPid(), pid);
    await answers(fallback('from the file'));
});

test('a gateway that is to go serves on until the restart', async () => {
    stand.settings.gateway = false;
    stand.writeConfig();
    const { status, text } = await view.page('/-/reload', { method: 'POST' });
    assert.equal(status, 200, text);
    await eventually('it is announced', async () => {
        const texts = (await view.events()).map((event) => event.text);
        assert.ok(texts.some((each) => each.startsWith('these changes wait for a restart: gateway true -> false')));
    });
    assert.equal((await view.assertEnforced()).length, 2);
    // A connection of its own: one that is open already could still be served by a HAProxy that is on its way out.
    const response = await fetch(stand.urls.out, { headers: { connection: 'close' } });
    assert.equal(response.headers.get('levee-outcome'), 'breaker');
});
