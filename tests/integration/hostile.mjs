// SPDX-License-Identifier: Apache-2.0
// Targets that a scraper should survive, and spans as bytes.
import { once } from 'node:events';
import net from 'node:net';
import zlib from 'node:zlib';
import { Backend } from './stand.mjs';

const kPage = '# HELP jobs Jobs.\n# TYPE jobs gauge\njobs{kind="a"} 1\n';

export function gzipBomb(bytes) {
    return zlib.gzipSync(Buffer.alloc(bytes, '#'), { level: 9 });
}

async function page(answer) {
    const backend = await new Backend().start();
    backend.answer = (request, response) => {
        response.setHeader('content-type', 'text/plain; version=0.0.4');
        answer(response);
    };
    return backend;
}

export const goodTarget = () => page((response) => response.end(kPage));

/// Each with what the agent must say of it: the metric's label, and words of the target's error.
export async function hostileTargets() {
    const bomb = gzipBomb(200 * 1024 * 1024);
    const packed = zlib.gzipSync(kPage);
    const gzip = (body) => (response) => {
        response.setHeader('content-encoding', 'gzip');
        response.end(body);
    };
    return [
        { what: 'a gzip bomb', result: 'bomb', error: /200 times its size/, target: await page(gzip(bomb)) },
        { what: 'damaged gzip', result: 'encoding', error: /gzip/i, target: await page(gzip(packed.subarray(0, 20))) },
        { what: 'one that never answers', result: 'timeout', error: /no whole answer within 1s/, target: await silent() },
        { what: 'a malformed line', result: 'parse', error: /^2:12: expected/,
            target: await page((response) => response.end('good 1\nbad{a="b} 2\n')) },
        { what: 'an error status', result: 'bad_status', error: /500/, target: await page((response) => {
            response.statusCode = 500;
            response.end('no');
        }) },
        { what: 'a web page', result: 'content_type', error: /text\/html/, target: await page((response) => {
            response.setHeader('content-type', 'text/html');
            response.end('<html>');
        }) },
        { what: 'a page without end', result: 'too_big', error: /MiB|bytes/,
            target: await page(endless(`# ${'x'.repeat(98)}`)) },
        { what: 'samples without end', result: 'sample_limit', error: /samples/, target: await page(endless('x 1')) },
        { what: 'one that breaks off', result: 'transfer', error: /./, target: await page((response) => {
            response.setHeader('content-length', 1000);
            response.write('good 1\n', () => response.destroy());
        }) },
        { what: 'nobody at the port', result: 'refused', error: /refused|connect/i, target: await nobody() },
    ];
}

const endless = (line) => (response) => {
    const piece = `${line}\n`.repeat(10000);
    const more = () => {
        while (!response.destroyed && response.write(piece));
    };
    response.on('drain', more);
    more();
};

async function silent() {
    const sockets = [];
    const server = net.createServer((socket) => sockets.push(socket.on('error', () => {})));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { port: server.address().port, stop: () => {
        server.close();
        sockets.forEach((socket) => socket.destroy());
    } };
}

async function nobody() {
    const { port, stop } = await silent();
    stop();
    return { port, stop: () => {} };
}

/// An OTLP export of one server span of `service`, as protobuf.
export function spanOf(service) {
    const field = (number, value) => {
        const body = Buffer.from(value);
        return Buffer.concat([Buffer.from([number << 3 | 2, body.length]), body]);
    };
    const fixed64 = (number, value) => {
        const bytes = Buffer.alloc(9);
        bytes[0] = number << 3 | 1;
        bytes.writeBigUInt64LE(value, 1);
        return bytes;
    };
    const join = (...parts) => Buffer.concat(parts);
    const now = BigInt(Date.now()) * 1000000n;
    const span = join(field(1, Buffer.alloc(16, 7)), field(2, Buffer.alloc(8, 9)), field(5, 'GET /'),
        Buffer.from([6 << 3, 2]), fixed64(7, now - 5000000n), fixed64(8, now));
    const attribute = join(field(1, 'service.name'), field(2, field(1, service)));
    return field(1, join(field(1, field(1, attribute)), field(2, field(2, span))));
}
