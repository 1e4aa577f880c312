// SPDX-License-Identifier: Apache-2.0
// Forked by bad_targets_bench: one target that behaves badly. Sends {port}.
//   deaf     takes no connection
//   silent   takes it and says nothing
//   drip     a byte a second
//   half     half of the body, then a reset
//   bomb     gzip, a thousand times its size
//   page SERIES [new]   so many series; new: other ones each time
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import zlib from 'node:zlib';
import { portPicker } from '../../shop/demo/ports.mjs';

const [kind, series, isNew] = process.argv.slice(2);
const kHead = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain; version=0.0.4\r\n';
const bomb = kind === 'bomb' ? zlib.gzipSync(Buffer.alloc(256 << 20, '#'), { level: 9 }) : null;
let scrapes = 0;

function page() {
    const generation = isNew ? scrapes : 0;
    const lines = ['# TYPE jobs gauge'];
    for (let i = 0; i < Number(series); i += 1)
        lines.push(`jobs{generation="${generation}",number="${i}"} ${scrapes}`);
    return `${lines.join('\n')}\n`;
}

function answer(socket) {
    switch (kind) {
    case 'drip': {
        socket.write(`${kHead}content-length: 1000\r\n\r\n`);
        const timer = setInterval(() => socket.write('#'), 1000);
        socket.once('close', () => clearInterval(timer));
        break;
    }
    case 'half':
        socket.write(`${kHead}content-length: 1000\r\n\r\njobs 1\n`, () => socket.resetAndDestroy());
        break;
    case 'bomb':
        socket.write(`${kHead}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
        socket.write(bomb);
        break;
    default:
        break;
    }
}

let next = kind === 'page' ? page() : '';
const port = await portPicker()();
const server = kind === 'page'
    ? http.createServer((request, response) => {
        response.setHeader('content-type', 'text/plain; version=0.0.4');
        response.end(next);
        scrapes += 1;
        if (isNew)
            setImmediate(() => { next = page(); });
    })
    : net.createServer((socket) => {
        socket.on('error', () => {});
        socket.on('data', (bytes) => bytes.includes('\r\n\r\n') && answer(socket));
    });
server.listen({ port, host: '127.0.0.1', backlog: 1 });
await once(server, 'listening');
process.on('disconnect', () => process.exit());
process.send({ port }, () => {
    if (kind === 'deaf')  // the kernel takes two into the queue that nobody empties
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
