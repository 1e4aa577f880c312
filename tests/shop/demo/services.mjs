// SPDX-License-Identifier: Apache-2.0
// The five services: who calls whom, and how each is started.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitUntil } from './daemon.mjs';

export const kShopFolder = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
export const kRestartAfterMs = 2000;

/// In the order of starting. `calls`: services reached through the gateway. `gateway`: has an
/// inbound listener. `protocol`: how its spans travel.
export const kServices = [
    { name: 'ledger', calls: [], gateway: true, protocol: 'grpc' },
    { name: 'fulfilment', calls: [], gateway: false, protocol: 'http/protobuf' },
    { name: 'payment', calls: ['ledger'], gateway: true, protocol: 'http/protobuf' },
    { name: 'checkout', calls: ['payment'], gateway: true, protocol: 'http/protobuf' },
    { name: 'web', calls: ['checkout'], gateway: true, protocol: 'http/protobuf' },
];

/// ports: {service name: port}; urls: {"client->service": where that caller reaches it};
/// backends: {redis, amqp} URLs; otlp: {grpc, http} ports, or null for no export.
export async function startService(run, service, { ports, urls, backends, otlp }) {
    const port = ports[service.name];
    const env = {
        PORT: port, REDIS_URL: backends.redis, AMQP_URL: backends.amqp, NODE_ENV: 'production',
        ...telemetryEnv(service, port, otlp),
    };
    for (const callee of service.calls)
        env[`${callee.toUpperCase()}_URL`] = urls[`${service.name}->${callee}`];
    return run.start({
        name: service.name, command: process.execPath,
        args: ['-r', path.join(kShopFolder, 'telemetry.cjs'),
            path.join(kShopFolder, 'services', `${service.name}.cjs`)],
        env, restartAfterMs: kRestartAfterMs,
    });
}

export function waitForService(run, name, port, daemon) {
    return waitUntil(`${name} is healthy`, async () => (await fetch(`http://127.0.0.1:${port}/health`)).ok,
        { daemon, deadlineMs: 30000, signal: run.signal });
}

function telemetryEnv(service, port, otlp) {
    const off = { OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' };
    if (otlp === null)
        return { ...off, OTEL_TRACES_EXPORTER: 'none' };
    const isGrpc = service.protocol === 'grpc';
    return {
        ...off,
        OTEL_SERVICE_NAME: service.name,
        OTEL_RESOURCE_ATTRIBUTES: `service.instance.id=127.0.0.1:${port},service.namespace=shop`,
        OTEL_TRACES_EXPORTER: 'otlp',
        OTEL_EXPORTER_OTLP_PROTOCOL: service.protocol,
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${isGrpc ? otlp.grpc : otlp.http}`,
        OTEL_PROPAGATORS: 'tracecontext',
        OTEL_SEMCONV_STABILITY_OPT_IN: 'http',
        OTEL_NODE_RESOURCE_DETECTORS: 'env,host,process',
        OTEL_BSP_SCHEDULE_DELAY: 500,
        OTEL_BSP_MAX_QUEUE_SIZE: 8192,
    };
}
