// SPDX-License-Identifier: Apache-2.0
// A scraped metric crosses a threshold: what the rule says is held at the real gateway, told to a webhook, and ended; also
// through a kill of the agent. And classes that are shed, by a rule and by hand.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, skipUnlessInstalled } from './programs.mjs';
import { Backend, Stand } from './stand.mjs';

skipUnlessInstalled();

const kEdge = 'checkout->payment';
const classes = `apiVersion: levee/v1
kind: Guard
metadata: {name: classes}
spec:
  match: {service: payment}
  priority: {header: x-class, classes: "gold, normal, batch"}
`;

const stand = new Stand();
const target = new Backend();
const hook = new Backend();
const notices = [];
let lag = 3;
let view;

before(async () => {
    await target.start();
    target.answer = (request, response) => {
        response.setHeader('content-type', 'text/plain; version=0.0.4');
        response.end(lag === null ? '' : `queue_lag{queue="orders"} ${lag}\n`);
    };
    await hook.start();
    hook.answer = (request, response) => {
        let body = '';
        request.on('data', (data) => { body += data; });
        request.on('end', () => {
            notices.push({ method: request.method, type: request.headers['content-type'], ...JSON.parse(body) });
            response.end();
        });
    };
    await stand.start({ targets: [target.port], rules: classes });
    view = stand.view;
});
after(async () => {
    target.stop();
    hook.stop();
    await stand.stop();
});

const automation = (spec = '') => `apiVersion: levee/v1
kind: Automation
metadata: {name: lagging}
spec:
  when: queue_lag > 5
  for: 2s
  atMost: 10m
  cooldown: 0s
  do:
    - shed: {service: payment, class: normal}
    - open: {client: checkout, service: payment}
    - notify: {webhook: "http://127.0.0.1:${hook.port}/hook"}
${spec}`;
const held = async () => (await view.leveeJson('override', 'list'))
    .map((each) => [each.subject, each.kind, each.class, each.author]);
const ofLagging = [[kEdge, 'force-open', null, 'automation:lagging'], ['payment', 'shed', 'normal', 'automation:lagging']];
const state = async () => (await view.leveeJson('get', 'automations')).find((each) => each.name === 'lagging');
const status = async (name) => (await fetch(stand.urls.in, name ? { headers: { 'x-class': name } } : {})).status;
const statuses = async () => [await status('gold'), await status('normal'), await status('batch'), await status()];
const news = async () => (await view.events()).filter((event) => event.kind === 'automation').map((each) => each.text);

async function apply(text, ...more) {
    const { code, stdout, stderr } = await view.levee('rules', 'apply', stand.write('edit.yaml', text), '--reason', 'test',
        ...more);
    assert.equal(code, 0, stderr);
    return stdout;
}

test('the check against the agent says that there is no data, and what cannot be done', async () => {
    assert.deepEqual(await view.leveeJson('get', 'automations'), []);
    const wrong = stand.write('wrong.yaml', automation().replace('class: normal', 'class: bach')
        .replace('client: checkout', 'client: chekout'));
    const { code, stderr } = await view.levee('check', 'rules', '--live', wrong);
    assert.equal(code, 3, stderr);
    assert.match(stderr, /:5:9: warning: spec\.when: no data of queue_lag now, so it does not fire/);
    assert.match(stderr, /:3:18: warning: shed payment bach: payment has no class 'bach', is batch meant\?; payment can shed: normal, batch/);
    assert.match(stderr, /:3:18: warning: open chekout->payment: no listener of this agent is for chekout->payment.*is checkout->payment meant/);
});

test('what its condition reads is kept because of it', async () => {
    assert.match(await apply(automation()), /^\+ automation lagging$/m);
    await eventually('the value is seen', async () => {
        const { condition, phase, value, labels } = await state();
        assert.deepEqual([condition, phase, value], ['false', 'idle', 3]);
        assert.match(labels, /queue="orders"/);
    });
    assert.match((await view.levee('get', 'automations')).stdout, /^lagging +enforce +idle +- +false +3 \{.*queue="orders"\} +0 +queue_lag > 5 +-$/m);
    assert.deepEqual(await held(), []);
    assert.deepEqual(await statuses(), [200, 200, 200, 200]);
});

test('past the threshold it holds, HAProxy enforces it, and the webhook knows', async () => {
    lag = 8;
    await eventually('both are held', async () => assert.deepEqual(await held(), ofLagging));
    await eventually('classes are refused', async () => assert.deepEqual(await statuses(), [200, 503, 503, 503]));
    const refused = await fetch(stand.urls.in, { headers: { 'x-class': 'batch' } });
    assert.match(refused.headers.get('x-levee-reason'), /^priority; .*class=2/);
    assert.equal((await fetch(stand.urls.out)).status, 503);
    await eventually('it is proven', async () => {
        const guard = await view.guard('payment');
        assert.equal(guard.enforcement, 'enforcing');
        assert.match(guard.enforcement_detail, /class 0 admits 1000 of .*class 1 admits 0 of .*class 2 admits 0 of/);
        assert.deepEqual(guard.classes.map((each) => each.share), [1, 0, 0]);
        assert.deepEqual([guard.held_by.kind, guard.held_by.class], ['shed', 'normal']);
    });
    await eventually('the webhook was told', () => assert.equal(notices.length, 1));
    const { at, ...told } = notices[0];
    assert.deepEqual(told, { method: 'POST', type: 'application/json', name: 'lagging', state: 'firing', value: 8,
        labels: { instance: `127.0.0.1:${target.port}`, job: 'targets', queue: 'orders' }, host: 'stand',
        reason: told.reason });
    assert.match(told.reason, /^queue_lag > 5: 8 \{/);
    assert.ok(Math.abs(Date.parse(at) - Date.now()) < 60000, at);
    assert.match((await news()).at(-1), /^fired: queue_lag > 5: 8 .* \(held for 2s\); for at most 10m: shed payment normal, open/);
    assert.match((await view.levee('rules', 'explain', 'lagging')).stdout, /^ {2}does +shed payment normal: refusing class normal and below$/m);
    assert.match((await view.levee('rules', 'explain', 'payment')).stdout, /^ {2}held +refusing class normal and below for .* by automation:lagging/m);
});

test('killed and started again it holds the same, and is not told twice', async () => {
    const before = (await view.leveeJson('override', 'list')).map((each) => each.id);
    await stand.endAgent('SIGKILL');
    await stand.startAgent();
    await eventually('it goes on', async () => assert.equal((await state()).phase, 'firing'));
    await eventually('with data', async () => assert.equal((await state()).condition, 'true'));
    assert.deepEqual((await view.leveeJson('override', 'list')).map((each) => each.id), before);
    await eventually('classes are refused', async () => assert.deepEqual(await statuses(), [200, 503, 503, 503]));
    assert.equal(notices.length, 1);
});

test('when the condition ends it ends, and is told', async () => {
    lag = 4;
    await eventually('nothing is held', async () => assert.deepEqual(await held(), []));
    await eventually('all pass', async () => assert.deepEqual(await statuses(), [200, 200, 200, 200]));
    await eventually('the webhook was told', () => assert.equal(notices.length, 2));
    assert.deepEqual([notices[1].state, notices[1].value], ['ended', 4]);
    assert.match((await news()).at(-1), /^ended after .*: the condition has not held for 2s: 4 /);
    const [newest] = await view.leveeJson('rules', 'history');
    assert.deepEqual([newest.action, newest.author], ['override-clear', 'automation:lagging']);
    assert.equal(await view.metric('levee_webhook_notices_total{result="sent"}'), 1);
    assert.ok(await view.metric('levee_automation_looks_total{result="true"}') > 0);
});

test('a person comes first', async () => {
    const set = await view.levee('override', 'set', 'payment', '--limit', 9, '--reason', 'INC-42', '--author', 'ana');
    assert.equal(set.code, 0, set.stderr);
    lag = 8;
    await eventually('the rest is held', async () => assert.deepEqual(await held(), [ofLagging[0], ['payment', 'limit', null, 'ana']]));
    await eventually('it says why not', async () =>
        assert.match((await view.levee('get', 'automations')).stdout, /shed payment normal \(not: payment is held already: limit 9, by ana: INC-42/));
    const taken = await view.levee('override', 'set', kEdge, '--force-closed', '--reason', 'INC-42', '--author', 'ana');
    assert.equal(taken.code, 0, taken.stderr);
    assert.equal((await fetch(stand.urls.out)).status, 200);
    lag = 4;
    await eventually('it has ended', async () => assert.equal((await state()).phase, 'idle'));
    assert.deepEqual((await held()).map((each) => each[3]), ['ana', 'ana']);
    for (const subject of [kEdge, 'payment'])
        assert.equal((await view.levee('override', 'clear', subject)).code, 0);
});

test('set to shadow it lets go at once, and only says what it would have done', async () => {
    lag = 8;
    await eventually('both are held', async () => assert.deepEqual(await held(), ofLagging));
    const told = notices.length;
    assert.match(await apply(automation('  mode: shadow\n')), /^lagging: spec\.mode enforce -> shadow$/m);
    await eventually('nothing is held', async () => assert.deepEqual(await held(), []));
    await eventually('it says what it would do', async () =>
        assert.match((await news()).at(-1), /^in shadow: would have fired: queue_lag > 5: 8 /));
    await eventually('its end was told', () => assert.equal(notices.length, told + 1));
    assert.deepEqual(await held(), []);
    assert.deepEqual(await statuses(), [200, 200, 200, 200]);
});

test('taken back while it holds and no agent runs, what it holds is ended at the start', async () => {
    await apply(automation());
    await eventually('both are held', async () => assert.deepEqual(await held(), ofLagging));
    await stand.endAgent('SIGKILL');
    stand.write('rules.d/test.yaml', `# changed\n${classes}`);
    await stand.startAgent();
    await eventually('nothing is held', async () => assert.deepEqual(await held(), []));
    await eventually('all pass', async () => assert.deepEqual(await statuses(), [200, 200, 200, 200]));
    assert.deepEqual(await view.leveeJson('get', 'automations'), []);
});

test('without data it does not act, and says so', async () => {
    lag = null;
    await apply(automation());
    await eventually('it is absent', async () => {
        const { condition, phase, detail } = await state();
        assert.deepEqual([condition, phase, detail], ['absent', 'idle', 'no data of queue_lag']);
    });
});

test('a class is shed by hand, and one that cannot be is refused with those that can', async () => {
    const shed = (name) => view.levee('override', 'set', 'payment', '--shed', name, '--ttl', '10m', '--reason', 'INC-42');
    const unknown = await shed('bulk');
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /payment has no class 'bulk'; payment can shed: normal, batch/);
    assert.match((await shed('gold')).stderr, /gold is the most important class/);
    const { code, stdout, stderr } = await shed('batch');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^payment: refusing class batch and below until .* \(10m\)$/m);
    assert.match((await view.levee('override', 'list')).stdout, /payment +refusing class batch and below +/);
    await eventually('it is refused', async () => assert.deepEqual(await statuses(), [200, 200, 503, 503]));
    assert.equal((await view.levee('enforce', 'off', '--reason', 'test')).code, 0);
    await eventually('all pass', async () => assert.deepEqual(await statuses(), [200, 200, 200, 200]));
    assert.equal((await view.levee('enforce', 'on')).code, 0);
    await eventually('it is refused again', async () => assert.deepEqual(await statuses(), [200, 200, 503, 503]));
    await stand.endAgent('SIGKILL');
    await stand.startAgent();
    await eventually('it is refused after a kill', async () => assert.deepEqual(await statuses(), [200, 200, 503, 503]));
    assert.equal((await view.levee('override', 'clear', 'payment')).code, 0);
    await eventually('all pass', async () => assert.deepEqual(await statuses(), [200, 200, 200, 200]));
});
