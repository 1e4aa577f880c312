// SPDX-License-Identifier: Apache-2.0
// What a service shows at /metrics.
'use strict';

const prom = require('prom-client');

prom.collectDefaultMetrics();

const requests = new prom.Counter({
    name: 'http_server_requests_total', help: 'Requests answered', labelNames: ['route', 'status'],
});
const duration = new prom.Histogram({
    name: 'http_server_duration_seconds', help: 'Time from the first byte to the answer',
    labelNames: ['route'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
});

function watchPool(pool) {
    const gauge = (name, help, read) => new prom.Gauge({
        name, help, collect() { this.set(read()); },
    });
    gauge('worker_pool_size', 'Workers', () => pool.size);
    gauge('worker_pool_busy', 'Workers that do a job now', () => pool.busy);
    gauge('worker_queue_length', 'Jobs that wait for a worker', () => pool.queue.length);
}

const counter = (name, help) => new prom.Counter({ name, help });

module.exports = { requests, duration, watchPool, counter, registry: prom.register };
