// SPDX-License-Identifier: Apache-2.0
// Broken and hostile neighbours: each harms only itself, each is named with its reason, and the agent stays small.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { goodTarget, gzipBomb, hostileTargets, spanOf } from './hostile.mjs';
import { eventually, skipUnlessInstalled } from './programs.mjs';
import { Stand } from './stand.mjs';

skipUnlessInstalled({ gateway: false });

const kMostMiB = 80;
// While a body of the largest size is taken in on each side: the program's own 35, 24 for a scrape (16) and 36 for an
// export (20), since a buffer that grows stands beside its copy for a moment.
const kMostMiBEver = 120;

let stand;
let view;
let hostile;
let good;
before(async () => {
    hostile = await hostileTargets();
    good = [await goodTarget(), await goodTarget()];
    const targets = [...good, ...hostile.map(({ target }) => target)].map(({ port }) => port);
    stand = await new Stand().start({ gateway: false, targets });
    view = stand.view;
});
after(async () => {
    for (const target of [...good ?? [], ...(hostile ?? []).map((each) => each.target)])
        target.stop();
    await stand?.stop();
});

/// Status of a POST to the OTLP receiver; an answer that comes before the whole body was taken counts.
function post(body, headers = {}) {
    return new Promise((resolve, reject) => {
        const request = http.request({ host: '127.0.0.1', port: stand.ports.otlpHttp, path: '/v1/traces',
            method: 'POST', headers: { 'content-type': 'application/x-protobuf', ...headers } });
        let status = null;
        request.on('response', (response) => {
            status = response.statusCode;
            response.resume();
            response.once('close', () => {
                request.destroy();
                resolve(status);
            });
            response.on('error', () => {});
        });
        request.on('error', (error) => (status === null ? reject(error) : resolve(status)));
        request.end(body);
    });
}

function memoryMiB(field) {
    const status = fs.readFileSync(`/proc/${stand.agent.pid}/status`, 'utf8');
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)[1]) / 1024;
}

async function targetAt(port) {
    const { targets } = await view.state();
    const found = targets.find((each) => each.url === `http://127.0.0.1:${port}/metrics`);
    assert.ok(found, `no target with port ${port}`);
    return found;
}

test('each bad target is down, says why, and is counted', async () => {
    for (const { what, result, error, target } of hostile) {
        await eventually(`${what} is down`, async () => {
            const state = await targetAt(target.port);
            assert.equal(state.up, false);
            assert.match(state.error, error);
            assert.ok(await view.metric(`levee_scrapes_total{result="${result}"}`) >= 1);
        });
        console.log(`# ${what}: ${(await targetAt(target.port)).error}`);
    }
});

test('good targets beside them stay up and are scraped on', async () => {
    const served = good.map((target) => target.served);
    const errors = await view.metric('levee_scrapes_total{result="timeout"}');
    await eventually('five more scrapes', async () => {
        for (const { port } of good)
            assert.equal((await targetAt(port)).up, true);
        good.forEach((target, i) => assert.ok(target.served >= served[i] + 5));
        assert.ok(await view.metric('levee_scrapes_total{result="timeout"}') >= errors + 2);
    });
    for (const { port } of good) {
        const state = await targetAt(port);
        assert.equal(state.samples, 1);
        assert.equal(state.error, '');
    }
});

test('a malformed export is refused and counted', async () => {
    for (const body of [Buffer.from('not protobuf'), randomBytes(4096), Buffer.alloc(100, 0x0a)])
        assert.equal(await post(body), 400);
    assert.equal(await post(Buffer.from('not gzip'), { 'content-encoding': 'gzip' }), 400);
    assert.equal(await post(spanOf('half').subarray(0, 40)), 400);
    assert.ok(await view.metric('levee_span_requests_total{result="malformed"}') >= 4);
    assert.equal(await view.metric('levee_spans_total{result="accepted"}'), 0);
});

test('an export that is too large is refused, packed or not', async () => {
    const announced = await post(Buffer.alloc(1000), { 'content-length': 21 * 1024 * 1024 });
    assert.equal(announced, 413, 'without waiting for the body');
    const packed = await post(gzipBomb(256 * 1024 * 1024), { 'content-encoding': 'gzip' });
    assert.ok(packed === 413 || packed === 400, `${packed}`);
    const chunked = await post(Buffer.alloc(21 * 1024 * 1024), { 'transfer-encoding': 'chunked' });
    assert.equal(chunked, 413);
    assert.ok(await view.metric('levee_span_requests_total{result="too_large"}') >= 2);
});

test('another content type or path is refused', async () => {
    assert.equal(await post(spanOf('x'), { 'content-type': 'text/plain' }), 415);
    const response = await fetch(`http://127.0.0.1:${stand.ports.otlpHttp}/v1/logs`, { method: 'POST', body: 'x' });
    assert.equal(response.status, 404);
});

test('noise at every port is survived', async () => {
    const noise = async (port, bytes) => {
        const socket = net.connect(port, '127.0.0.1');
        socket.on('error', () => {});
        await once(socket, 'connect');
        socket.end(bytes);
        socket.resume();
        await new Promise((resolve) => { socket.setTimeout(2000, resolve).once('close', resolve); });
        socket.destroy();
    };
    const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
    for (const name of ['otlpGrpc', 'grpc', 'otlpHttp', 'http']) {
        const kinds = [randomBytes(65536), Buffer.concat([Buffer.from(preface), randomBytes(65536)]),
            Buffer.from('POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n'),
            Buffer.from(`GET /${'a'.repeat(100000)} HTTP/1.1\r\n\r\n`)];
        await Promise.all(kinds.map((bytes) => noise(stand.ports[name], bytes)));
    }
});

test('after all that spans are taken and the state is served', async () => {
    await eventually('the service is on the map', async () => {
        assert.equal(await post(spanOf('afterwards')), 200);
        const { nodes } = await view.leveeJson('get', 'services');
        assert.ok(nodes.some((node) => node.name === 'afterwards'), JSON.stringify(nodes.map((n) => n.name)));
    });
    assert.equal((await view.page('/-/healthy')).status, 200);
    assert.equal((await view.page('/-/ready')).status, 200);
    for (const { port } of good)
        assert.equal((await targetAt(port)).up, true);
});

test('the agent stayed the same process, and small', async () => {
    assert.ok(stand.agent.isRunning);
    console.log(`# peak memory: ${memoryMiB('VmHWM').toFixed(1)} MiB, now ${memoryMiB('VmRSS').toFixed(1)} MiB`);
    if (process.env.LEVEE_SANITIZE) {
        console.log('# a sanitizer keeps memory of its own: the bounds are not held against it');
        return;
    }
    assert.ok(memoryMiB('VmHWM') < kMostMiBEver);
    await eventually('the memory is given back', async () => assert.ok(memoryMiB('VmRSS') < kMostMiB));
});
