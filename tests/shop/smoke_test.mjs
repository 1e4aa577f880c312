// SPDX-License-Identifier: Apache-2.0
// The shop by itself, without the agent: `node smoke_test.mjs [path of levee-loadgen]`.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { missingPrograms } from './demo/backends.mjs';
import { waitUntil } from './demo/daemon.mjs';
import { findLeftovers } from './demo/leftovers.mjs';
import { installModules, startShop } from './demo/shop.mjs';
import { startSink } from './otlp_sink.mjs';

const loadgen = process.argv[2] ?? null;

function reasonToSkip() {
    const missing = missingPrograms();
    if (missing.length > 0)
        return `not installed: ${missing.join(', ')}`;
    try {
        installModules();
        return null;
    } catch (error) {
        return error.message.split('\n').slice(0, 2).join(' ');
    }
}

const reason = reasonToSkip();
if (reason !== null) {
    console.log(`SKIP ${reason}`);
    process.exit(0);
}

let shop;
let sink;
before(async () => {
    sink = await startSink();
    shop = await startShop({ otlp: sink.ports, say: (text) => console.log(`# ${text}`) });
});
after(async () => {
    await shop?.stop();
    sink?.stop();
    for (const end of shop ? ['', '-2'] : [])
        fs.rmSync(shop.state.scratch + end, { recursive: true, force: true });
});

const buy = async () => {
    const response = await fetch(shop.urls.buy);
    return { status: response.status, body: await response.json() };
};

test('a purchase goes through all services and onto the queue', async () => {
    const packed = await shop.services.fulfilment.metric('orders_fulfilled_total');
    for (let i = 0; i < 20; i += 1) {
        const { status, body } = await buy();
        assert.equal(status, 200);
        assert.equal(body.payment, 'done');
    }
    await waitUntil('20 orders are packed',
        async () => await shop.services.fulfilment.metric('orders_fulfilled_total') >= packed + 20);
    assert.ok(await shop.services.ledger.metric('http_server_requests_total') >= 20);
});

test('every service reports its spans, ledger over gRPC', async () => {
    for (const name of ['web', 'checkout', 'payment', 'fulfilment'])
        await waitUntil(`spans of ${name}`, async () => sink.has('http', name), { deadlineMs: 10000 });
    await waitUntil('spans of ledger', async () => sink.has('grpc', 'ledger'), { deadlineMs: 10000 });
    assert.ok(sink.has('grpc', 'redis'), 'a span of the Redis client');
    assert.ok(sink.has('http', 'rabbitmq'), 'a span of the RabbitMQ client');
    assert.ok(!sink.has('http', '/metrics'), 'no span of the own endpoints');
});

test('a failing payment is deferred, and heals', async () => {
    const { payment, checkout } = shop.services;
    assert.equal((await payment.setFault({ errorShare: 1 })).errorShare, 1);
    const failing = await buy();
    assert.equal(failing.status, 200);
    assert.equal(failing.body.payment, 'deferred');
    assert.ok(await checkout.metric('payments_deferred_total') >= 1);
    await payment.heal();
    assert.equal((await buy()).body.payment, 'done');
});

test('a hanging payment does not take its own switch and metrics with it', async () => {
    const { payment } = shop.services;
    await payment.setFault({ hang: true });
    assert.equal((await buy()).body.payment, 'deferred');
    assert.equal(await payment.metric('worker_pool_size'), 4);
    await payment.heal();
    assert.equal((await buy()).body.payment, 'done');
    assert.equal(await payment.metric('worker_pool_busy'), 0);
});

test('the capacity follows its factor', async () => {
    const { payment } = shop.services;
    await payment.setFault({ capacityFactor: 0.5 });
    assert.equal(await payment.metric('worker_pool_size'), 2);
    await payment.heal();
    assert.equal(await payment.metric('worker_pool_size'), 4);
});

test('a fault that makes no sense is refused and changes nothing', async () => {
    const { ledger } = shop.services;
    await assert.rejects(ledger.setFault({ errorShare: 1.5, latencyMs: 5 }), /errorShare must be 0 to 1/);
    await assert.rejects(ledger.setFault({ lag: 1 }), /lag is unknown/);
    assert.equal((await ledger.fault('GET')).latencyMs, 0);
});

test('a crashed service comes back', async () => {
    const { ledger } = shop.services;
    const { pid } = ledger.daemon;
    await ledger.setFault({ crash: true });
    await waitUntil('ledger has a new process', async () => ledger.daemon.isRunning && ledger.daemon.pid !== pid);
    await waitUntil('payments are done again', async () => (await buy()).body.payment === 'done');
});

test('the load generator sells', { skip: loadgen === null && 'no levee-loadgen given' }, () => {
    const run = spawnSync(loadgen, ['--url', shop.urls.buy, '--rate', '40', '--duration', '500ms', '--quiet',
        '--arrivals', 'even'], { encoding: 'utf8', timeout: 30000 });
    assert.equal(run.status, 0, run.stderr);
    const report = JSON.parse(run.stdout);
    assert.equal(report.ok, report.offered);
});

test('nothing is left after the end', async () => {
    assert.ok(findLeftovers(shop.state.scratch).length > 5);
    await shop.stop();
    assert.deepEqual(findLeftovers(shop.state.scratch), []);
});

test('a start that fails leaves nothing either', async () => {
    const scratch = `${shop.state.scratch}-2`;
    await assert.rejects(startShop({ scratch, agent: '/bin/false' }), /levee-agent is ready: the process is gone/);
    assert.deepEqual(findLeftovers(scratch), []);
});
