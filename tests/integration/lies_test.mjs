// SPDX-License-Identifier: Apache-2.0
// Neighbours that lie: a target whose counters go down, whose values are no numbers, whose times are years off, whose series
// come twice and under another one's name; and spans that say a service's time is all somebody else's. What they say is
// kept as theirs, harms nobody else, and drives no limit beyond what an operator allows.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { load } from './agent_view.mjs';
import { eventually, skipUnlessInstalled } from './programs.mjs';
import { Backend, Stand } from './stand.mjs';

skipUnlessInstalled();

const kMostLimit = 24;
const kTenYears = 10 * 365 * 86400 * 1000;
const kKept = 'keep: {metrics: ["*"]}\n';
const kRules = `apiVersion: levee/v1
kind: Guard
metadata: {name: payment}
spec:
  match: {service: payment}
  limiter: {kind: adaptive, max: ${kMostLimit}}
`;
/// What reliability asks for where nobody has set a maximum.
const kMostGrowthInAMinute = 2;

const stand = new Stand();
const honest = new Backend();
const liar = new Backend();
/// A service that nobody has set a maximum for.
const stock = new Backend();
let scrapes = 0;

/// What the liar says: a counter that jumps up and down, and all else that reliability asks to survive.
function lies() {
    scrapes += 1;
    const now = Date.now();
    return ['# TYPE sold_total counter', `sold_total ${scrapes % 3 === 0 ? 5 : 1000 * scrapes}`,
        `sold_total{job="honest",instance="127.0.0.1:${honest.port}"} 666`,
        'up{job="honest"} 0', 'depth NaN', 'level +Inf', 'debt -Inf',
        `old 1 ${now - kTenYears}`, `early 2 ${now + kTenYears}`,
        'twice 1', 'twice 2', 'twice 1', ''].join('\n');
}

before(async () => {
    await honest.start();
    await liar.start();
    const text = (response, body) => {
        response.setHeader('content-type', 'text/plain; version=0.0.4');
        response.end(body);
    };
    let honestScrapes = 0;
    honest.answer = (request, response) => text(response, `# TYPE sold_total counter\nsold_total ${10 * (honestScrapes += 1)}\n`);
    liar.answer = (request, response) => text(response, lies());
    await stock.start();
    await stand.start({ rules: kRules, listeners: async (pick) => {
        const port = await pick();
        stand.urls.stock = `http://127.0.0.1:${port}/`;
        return `    - {service: stock, bind: "127.0.0.1:${port}", targets: ["127.0.0.1:${stock.port}"]}\n`;
    } });
    stand.writeConfig({ jobs: { honest: [honest.port], liar: [liar.port] }, more: kKept });
    assert.equal((await stand.view.page('/-/reload', { method: 'POST' })).status, 200);
});
after(async () => {
    honest.stop();
    liar.stop();
    stock.stop();
    await stand.stop();
});

async function vector(expression) {
    const { result } = await stand.view.leveeJson('query', expression);
    return result.map(({ metric, value }) => [metric, Number(value[1])]);
}
const one = async (expression) => {
    const found = await vector(expression);
    assert.equal(found.length, 1, `${expression}: ${JSON.stringify(found)}`);
    return found[0][1];
};

test('a counter that goes down was reset: no rate is negative', async () => {
    await eventually('a dozen scrapes', async () => assert.ok(await one('count_over_time(sold_total{job="liar",exported_job=""}[1m])') >= 12));
    for (let i = 0; i < 20; i += 1)
        for (const rate of ['rate(sold_total[15s])', 'irate(sold_total[15s])', 'increase(sold_total[5s])'])
            assert.deepEqual(await vector(`${rate} < 0`), []);
    const resets = await one('resets(sold_total{job="liar",exported_job=""}[10s])');
    assert.ok(resets >= 3 && resets <= 4, `every third goes down, found ${resets} in 10 s`);
});

test('what it says of another one is its own saying', async () => {
    const sold = await vector('sold_total{job="honest"}');
    assert.equal(sold.length, 1);
    assert.notEqual(sold[0][1], 666);
    assert.equal(await one('sold_total{job="liar",exported_job="honest"}'), 666);
    assert.equal(await one('up{job="honest"}'), 1);
    const { targets } = await stand.view.state();
    assert.deepEqual(targets.map(({ up }) => up), [true, true]);
});

test('no number, infinity, and times ten years off are read at the time of the scrape', async () => {
    assert.ok(Number.isNaN(await one('depth')));
    const infinite = await stand.view.leveeJson('query', 'level - debt');
    assert.equal(infinite.result[0].value[1], '+Inf');
    for (const [name, value] of [['old', 1], ['early', 2]])
        assert.equal(await one(name), value);
    assert.ok(await one('time() - timestamp(early)') < 5);
});

test('a series that comes twice is one series', async () => {
    assert.equal((await vector('twice')).length, 1);
    assert.ok(await one('count_over_time(twice[10s])') <= 11);
});

/// A trace in which the service did nothing itself: all of its second was spent in a call.
function idleTrace(service, i) {
    const hex = (n, length) => n.toString(16).padStart(length, '0');
    const at = (ms) => String(BigInt(Date.now() - 2000 + ms) * 1000000n);
    const span = (id, parent, kind, from, to) => ({ traceId: hex(i + 1, 32), spanId: hex(id, 16), parentSpanId: parent, kind,
        name: 'x', startTimeUnixNano: at(from), endTimeUnixNano: at(to), attributes: [] });
    return { resourceSpans: [{ resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
        scopeSpans: [{ spans: [span(2 * i + 1, '', 2, 0, 1000), span(2 * i + 2, hex(2 * i + 1, 16), 3, 0, 1000)] }] }] };
}

/// Sends such traces, and resolves to the largest limit of the service, while `work` lasts.
async function mostLimitUnderLies(service, work) {
    let isEnded = false;
    let most = 0;
    const tell = async () => {
        for (let i = 0; !isEnded; i += 1) {
            const response = await fetch(`http://127.0.0.1:${stand.ports.otlpHttp}/v1/traces`, { method: 'POST',
                headers: { 'content-type': 'application/json' }, body: JSON.stringify(idleTrace(service, i)) });
            assert.equal(response.status, 200);
            await response.text();
            await new Promise((resolve) => { setTimeout(resolve, 5); });
        }
    };
    const watch = async () => {
        while (!isEnded)
            most = Math.max(most, (await stand.view.guard(service)).limit);
    };
    const others = [tell(), watch()];
    try {
        await work();
    } finally {
        isEnded = true;
        await Promise.all(others);
    }
    return most;
}

test('spans that deny all work of its own, and answers of no time, raise no limit above what is allowed', async () => {
    const most = await mostLimitUnderLies('payment', () => load(stand.urls.in, ['--rate', '2000', '--duration', '15s']));
    console.log(`# limit at most ${most}`);
    assert.ok(most > 0 && most <= kMostLimit, `limit ${most}`);
});

test('nor by more than twice in a minute where no maximum is set', async () => {
    stock.answer = (request, response) => { setTimeout(() => response.end('fine\n'), 20); };
    const steady = (duration) => load(stand.urls.stock, ['--rate', '300', '--duration', duration]);
    await steady('15s');
    const { limit } = await stand.view.guard('stock');
    stock.heal();
    const most = await mostLimitUnderLies('stock', () => steady('60s'));
    console.log(`# limit ${limit}, under lies at most ${most}`);
    assert.ok(limit > 0 && most <= kMostGrowthInAMinute * limit, `limit ${limit}, under lies at most ${most}`);
});
