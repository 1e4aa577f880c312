// SPDX-License-Identifier: Apache-2.0
// The frame of every service: an HTTP server whose routes run on the worker pool, and three
// endpoints that never wait for it: GET /health, GET /metrics, and /fault.
'use strict';

const http = require('node:http');
const { performance } = require('node:perf_hooks');
const { WorkerPool, QueueFull } = require('./worker_pool.cjs');
const { FaultSwitch, InjectedError } = require('./fault.cjs');
const metrics = require('./metrics.cjs');
const { flushTelemetry } = require('../telemetry.cjs');

const kMaxBodyBytes = 64 * 1024;

/// An answer that is not a 200, thrown by a route.
class Refusal extends Error {
    constructor(status, message) {
        super(message);
        this.status = status;
    }
}

class Service {
    /// routes: {'/path': async (slot, body) => answer object}. Starts listening at once.
    constructor({ workers, routes, ready = () => true }) {
        this.pool = new WorkerPool({ workers });
        this.fault = new FaultSwitch(this.pool);
        this.routes = new Map(Object.entries(routes));
        this.ready = ready;
        metrics.watchPool(this.pool);
        this.server = http.createServer((request, response) => this.dispatch(request, response));
        // Longer than any proxy keeps an idle connection: the caller closes first, never we.
        this.server.keepAliveTimeout = 120000;
        this.server.headersTimeout = 125000;
        this.server.listen({ host: '127.0.0.1', port: Number(process.env.PORT), backlog: 4096 });
        for (const signal of ['SIGTERM', 'SIGINT'])
            process.once(signal, () => flushTelemetry().then(() => process.exit(0)));
    }

    /// Runs a job with the faults of the service applied: what a route does, and what a consumer does.
    run(job, gone = new Promise(() => {})) {
        return this.pool.run(async (slot) => {
            await this.fault.suffer(slot, gone);
            return job(slot);
        });
    }

    async dispatch(request, response) {
        const path = request.url.split('?', 1)[0];
        try {
            if (path === '/health')
                answer(response, this.ready() ? 200 : 503, { ready: this.ready() });
            else if (path === '/metrics')
                response.setHeader('content-type', metrics.registry.contentType).end(await metrics.registry.metrics());
            else if (path === '/fault')
                await this.faultEndpoint(request, response);
            else if (this.routes.has(path))
                await this.serve(path, request, response);
            else
                answer(response, 404, { error: `no route ${path}` });
        } catch (error) {
            answer(response, error.status ?? 500, { error: error.message });
        }
    }

    async serve(path, request, response) {
        const began = performance.now();
        const gone = new Promise((resolve) => response.once('close', resolve));
        let status = 200;
        let body;
        try {
            const payload = await readJson(request);
            body = await this.run((slot) => this.routes.get(path)(slot, payload), gone);
        } catch (error) {
            status = statusOf(error);
            body = { error: error.message };
        }
        metrics.requests.inc({ route: path, status });
        metrics.duration.observe({ route: path }, (performance.now() - began) / 1000);
        answer(response, status, body);
    }

    async faultEndpoint(request, response) {
        if (request.method === 'PUT' || request.method === 'POST') {
            const complaints = this.fault.set(await readJson(request));
            if (complaints.length > 0)
                return answer(response, 400, { error: complaints.join('; ') });
        } else if (request.method === 'DELETE') {
            this.fault.heal();
        }
        answer(response, 200, this.fault.state);
        if (this.fault.state.crash)
            response.once('close', () => process.exit(1));
    }
}

function statusOf(error) {
    if (error instanceof QueueFull)
        return 503;
    return error instanceof InjectedError ? 500 : error.status ?? 500;
}

function answer(response, status, body) {
    if (response.headersSent || response.destroyed)
        return;
    const text = JSON.stringify(body);
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
}

async function readJson(request) {
    const chunks = [];
    let size = 0;
    for await (const chunk of request) {
        size += chunk.length;
        if (size > kMaxBodyBytes)
            throw new Refusal(413, `the body is above ${kMaxBodyBytes} bytes`);
        chunks.push(chunk);
    }
    if (size === 0)
        return {};
    try {
        return JSON.parse(Buffer.concat(chunks).toString());
    } catch (error) {
        throw new Refusal(400, `the body is not JSON: ${error.message}`);
    }
}

module.exports = { Service, Refusal };
