// SPDX-License-Identifier: Apache-2.0
// What an agent keeps of its scrapes, and what `levee query` answers from it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, skipUnlessInstalled } from './programs.mjs';
import { Backend, Stand } from './stand.mjs';

skipUnlessInstalled({ gateway: false });

const stand = new Stand();
const target = new Backend();
let scrapes = 0;

before(async () => {
    await target.start();
    target.answer = (request, response) => {
        scrapes += 1;
        response.setHeader('content-type', 'text/plain; version=0.0.4');
        response.end(['requests_total{code="200"} ' + 1000 * scrapes, 'requests_total{code="500"} ' + 10 * scrapes,
            'depth{queue="a"} 4', 'depth{queue="b"} NaN', ''].join('\n'));
    };
    await stand.start({ targets: [target.port], gateway: false });
});
after(async () => {
    target.stop();
    await stand.stop();
});

async function vector(expression) {
    const { resultType, result } = await stand.view.leveeJson('query', expression);
    assert.equal(resultType, 'vector');
    return result.map(({ metric, value }) => [metric, value[1]]);
}

test('what nobody asked for is not kept, and the answer says where to ask', async () => {
    await eventually('the first scrape', async () => assert.equal((await vector('up')).length, 1));
    const { code, stdout, stderr } = await stand.view.levee('query', 'depth');
    assert.equal(code, 0);
    assert.equal(stdout, '');
    assert.match(stderr, /no series.*keep of agent\.yaml/);
});

test('a reload keeps metrics by name, and exactly the series that an expression reads', async () => {
    stand.writeConfig({ more: `keep:
  metrics: [dep*]
  expressions: ['rate(requests_total{code=~"5.."}[10m])']
` });
    assert.equal((await stand.view.page('/-/reload', { method: 'POST' })).status, 200);
    await eventually('three samples', async () =>
        assert.ok(Number((await vector('count_over_time(requests_total[1m])'))[0]?.[1]) >= 3));
    assert.deepEqual((await vector('group by (code) (requests_total)')), [[{ code: '500' }, '1']]);
    assert.deepEqual(await vector('sort_desc(sum by (queue) (depth))'), [[{ queue: 'a' }, '4'], [{ queue: 'b' }, 'NaN']]);
    const [[, perSecond]] = await vector('irate(requests_total[1m])');
    assert.ok(Math.abs(perSecond - 10) < 5, `10 each second, found ${perSecond}`);
    const time = await stand.view.leveeJson('query', 'time()');
    assert.equal(time.resultType, 'scalar');
    assert.ok(Math.abs(time.result[1] - Date.now() / 1000) < 60);
});

test('a table is for people', async () => {
    const { code, stdout } = await stand.view.levee('query', 'depth{queue="a"}');
    assert.equal(code, 0);
    assert.match(stdout, /^SERIES +VALUE\ndepth\{instance="127\.0\.0\.1:\d+", job="targets", queue="a"\} +4\n$/);
});

test('a wrong expression exits 3 with every mistake, one that cannot be evaluated 1', async () => {
    const wrong = await stand.view.levee('query', 'rate(up) + ratte(depth[1m])');
    assert.equal(wrong.code, 3);
    assert.match(wrong.stderr, /^1:6: error: .*range vector.*\n1:12: error: .*did you mean rate\(\)\?\n$/);
    const unmatched = await stand.view.levee('query', 'depth / on(job) depth');
    assert.equal(unmatched.code, 1);
    assert.match(unmatched.stderr, /1:7: several series of the match group \{job="targets"\}/);
});

test('what is kept is counted, and a configuration with a wrong expression is refused', async () => {
    const { text } = await stand.view.page('/metrics');
    assert.match(text, /^levee_signal_series [1-9]/m);
    assert.match(text, /^levee_signal_samples_lost_total\{reason="history_shortened"\} 0$/m);
    stand.writeConfig({ more: 'keep: {expressions: ["rate(up)"]}\n' });
    const refused = await stand.view.page('/-/reload', { method: 'POST' });
    assert.notEqual(refused.status, 200);
    assert.match(refused.text, /keep\.expressions\[1\], 1:6 in the expression/);
});

test('a target that goes away has no data, not its last', async () => {
    target.stop();
    await eventually('up is 0', async () => assert.deepEqual((await vector('up == 0')).length, 1));
    assert.deepEqual(await vector('depth'), []);
    assert.deepEqual(await vector('absent(depth{queue="a"})'), [[{ queue: 'a' }, '1']]);
    assert.equal((await vector('last_over_time(depth{queue="a"}[5m])')).length, 1);
});
