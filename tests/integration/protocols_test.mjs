// SPDX-License-Identifier: Apache-2.0
// What listeners can speak: HTTP/2 and gRPC, TLS on either side, WebSocket, and targets whose names are looked up while
// the gateway runs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import dgram from 'node:dgram';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { after, before, test } from 'node:test';
import { findProgram } from '../shop/demo/backends.mjs';
import { eventually, skipUnlessInstalled } from './programs.mjs';
import { Stand } from './stand.mjs';

skipUnlessInstalled();
if (findProgram('openssl') === null) {
    console.log('SKIP: not installed: openssl');
    process.exit(0);
}

const kName = 'shop.test';
const servers = [];
const ports = {};
let stand;
let certificate;
/// What the name of the targets is looked up to.
let answerWith = '127.0.0.1';

async function listen(server) {
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server.address().port;
}

/// {status, headers, body} by HTTP/2; `to`: "http://..." or "https://...".
function ask2(to, headers = {}, options = {}) {
    return new Promise((resolve, reject) => {
        const session = http2.connect(to, { ca: certificate.cert, servername: kName, ...options });
        session.once('error', reject);
        const request = session.request({ ':path': '/', ...headers });
        let body = '';
        let answer;
        request.on('response', (seen) => { answer = seen; });
        request.setEncoding('utf8');
        request.on('data', (piece) => { body += piece; });
        request.once('end', () => {
            session.close();
            resolve({ status: answer[':status'], headers: answer, body });
        });
        request.end();
    });
}

/// The smallest server of names: every question for an address gets `answerWith`.
async function startNames() {
    const socket = dgram.createSocket('udp4');
    socket.on('message', (question, from) => {
        const end = question.indexOf(0, 12) + 5;
        const isA = question.readUInt16BE(end - 4) === 1;
        const head = Buffer.from(question.subarray(0, 12));
        head.writeUInt16BE(0x8180, 2);
        head.writeUInt16BE(isA ? 1 : 0, 6);
        head.writeUInt16BE(0, 8);
        head.writeUInt16BE(0, 10);
        const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...answerWith.split('.').map(Number)]);
        socket.send(Buffer.concat([head, question.subarray(12, end), ...isA ? [answer] : []]), from.port, from.address);
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return socket;
}

let names;
before(async () => {
    const folder = fs.mkdtempSync('/tmp/levee-certificate-');
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${folder}/key.pem`, '-out',
        `${folder}/cert.pem`, '-days', '2', '-subj', `/CN=${kName}`, '-addext', `subjectAltName=DNS:${kName}`],
    { stdio: 'ignore' });
    certificate = { cert: fs.readFileSync(`${folder}/cert.pem`), key: fs.readFileSync(`${folder}/key.pem`), folder };
    fs.writeFileSync(`${folder}/site.pem`, Buffer.concat([certificate.cert, certificate.key]));
    ports.plain = await listen(http.createServer((request, response) => response.end(`http/${request.httpVersion}\n`))
        .on('upgrade', (request, socket) => {
            const accept = createHash('sha1').update(request.headers['sec-websocket-key']
                + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
            socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n'
                + `sec-websocket-accept: ${accept}\r\n\r\n`);
            socket.pipe(socket);
        }));
    ports.h2 = await listen(http2.createServer((request, response) => response.end(`http/${request.httpVersion}\n`)));
    ports.grpc = await listen(http2.createServer((request, response) => {
        response.writeHead(200, { 'content-type': 'application/grpc', 'grpc-status': request.url === '/fails' ? '14' : '0' });
        response.end();
    }));
    ports.tls = await listen(https.createServer(certificate, (request, response) => response.end('secret\n')));
    names = await startNames();
    stand = await new Stand().start({
        resolvers: `127.0.0.1:${names.address().port}`,
        listeners: async (pick) => {
            for (const name of ['tlsIn', 'h2Out', 'grpcOut', 'tlsOut', 'namedOut'])
                ports[name] = await pick();
            const line = (name, service, target, more) => `    - {service: ${service}, bind: "127.0.0.1:${ports[name]}", `
                + `targets: ["${target}"]${more}}\n`;
            return line('tlsIn', 'a', `127.0.0.1:${ports.plain}`, `, tls: {certificate: "${folder}/site.pem"}`)
                + line('h2Out', 'b', `127.0.0.1:${ports.h2}`, ', protocol: http2')
                + line('grpcOut', 'c', `127.0.0.1:${ports.grpc}`, ', protocol: grpc').replace('{service', '{client: web, service')
                + line('tlsOut', 'd', `127.0.0.1:${ports.tls}`, `, target_tls: {ca: "${folder}/cert.pem", server_name: ${kName}}`)
                + line('namedOut', 'e', `shop.test:${ports.plain}`, '');
        },
    });
});
after(async () => {
    await stand?.stop();
    names?.close();
    for (const server of servers) {
        server.closeAllConnections?.();
        server.close();
    }
    fs.rmSync(certificate.folder, { recursive: true, force: true });
});

test('callers speak HTTP/1.1 or HTTP/2, with TLS or without', async () => {
    for (const to of [`http://127.0.0.1:${stand.ports.in}`, `https://127.0.0.1:${ports.tlsIn}`])
        assert.equal((await ask2(to)).status, 200);
    assert.equal((await fetch(stand.urls.in)).status, 200);
    await assert.rejects(fetch(`http://127.0.0.1:${ports.tlsIn}/`));
});

test('targets are spoken to in HTTP/2', async () => {
    const response = await fetch(`http://127.0.0.1:${ports.h2Out}/`);
    assert.equal(await response.text(), 'http/2.0\n');
});

test('targets are spoken to by TLS, and their certificate counts', async () => {
    assert.equal(await (await fetch(`http://127.0.0.1:${ports.tlsOut}/`)).text(), 'secret\n');
});

test("gRPC's own failures open the breaker, and its refusals are gRPC's", async () => {
    const to = `http://127.0.0.1:${ports.grpcOut}`;
    const well = await ask2(to, { ':method': 'POST', 'content-type': 'application/grpc' });
    assert.deepEqual([well.status, well.headers['grpc-status']], [200, '0']);
    await eventually('the breaker is open', async () => {
        const answer = await ask2(to, { ':method': 'POST', ':path': '/fails', 'content-type': 'application/grpc' });
        assert.equal(answer.headers['levee-outcome'], 'breaker');
        assert.deepEqual([answer.status, answer.headers['grpc-status'], answer.headers['content-type']],
            [200, '14', 'application/grpc']);
    });
});

test('a WebSocket passes', async () => {
    const url = `http://127.0.0.1:${ports.namedOut}/`;
    await eventually('its name is looked up', async () => assert.equal((await fetch(url)).status, 200));
    const request = http.get(url, { headers: { connection: 'upgrade', upgrade: 'websocket',
        'sec-websocket-key': randomBytes(16).toString('base64'), 'sec-websocket-version': 13 } });
    request.once('response', ({ statusCode }) => request.emit('error', new Error(`answered ${statusCode}`)));
    const [response, socket] = await once(request, 'upgrade');
    assert.equal(response.statusCode, 101);
    socket.write('hello');
    assert.equal(String((await once(socket, 'data'))[0]), 'hello');
    socket.destroy();
});

/// On a connection of its own: those that are open stay with the address that they were opened to.
async function freshStatus(url) {
    const [response] = await once(http.get(url, { agent: false }), 'response');
    response.resume();
    return response.statusCode;
}

test('a target that moves is followed without a reload', async () => {
    const pid = await stand.view.gatewayPid();
    const url = `http://127.0.0.1:${ports.namedOut}/`;
    await eventually('its name is looked up', async () => assert.equal(await freshStatus(url), 200));
    answerWith = '127.0.0.9';  // nobody is there
    await eventually('it has moved away', async () => assert.notEqual(await freshStatus(url), 200));
    answerWith = '127.0.0.1';
    await eventually('it is back', async () => assert.equal(await freshStatus(url), 200));
    assert.equal(await stand.view.gatewayPid(), pid);
});
