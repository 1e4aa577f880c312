// SPDX-License-Identifier: Apache-2.0
// A receiver of OTLP that keeps the raw bodies: HTTP on one port, gRPC (HTTP/2 without TLS) on another.
import http from 'node:http';
import http2 from 'node:http2';
import zlib from 'node:zlib';

async function readAll(stream) {
    const chunks = [];
    for await (const chunk of stream)
        chunks.push(chunk);
    return Buffer.concat(chunks);
}

function listen(server) {
    return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
}

export async function startSink() {
    const bodies = { http: [], grpc: [] };
    const overHttp = http.createServer(async (request, response) => {
        const body = await readAll(request);
        bodies.http.push(request.headers['content-encoding'] === 'gzip' ? zlib.gunzipSync(body) : body);
        response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
    const overGrpc = http2.createServer();
    overGrpc.on('stream', async (stream) => {
        stream.on('error', () => {});
        bodies.grpc.push(await readAll(stream));
        stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
        stream.end(Buffer.alloc(5));  // one empty message
    });
    const sessions = new Set();
    overGrpc.on('session', (session) => sessions.add(session));
    return {
        ports: { http: await listen(overHttp), grpc: await listen(overGrpc) },
        /// Whether a body of this protocol holds this text.
        has: (protocol, text) => bodies[protocol].some((body) => body.includes(text)),
        stop() {
            overHttp.closeAllConnections();
            overHttp.close();
            for (const session of sessions)
                session.destroy();
            overGrpc.close();
        },
    };
}
