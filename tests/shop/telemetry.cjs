// SPDX-License-Identifier: Apache-2.0
// Preloaded (`node -r`) before a service's own code: the official OpenTelemetry SDK with its stock
// instrumentations and nothing of our own in between. Everything else comes by the standard
// OTEL_* environment variables that the orchestrator sets (name, protocol, endpoint, delays).
'use strict';

const { NodeSDK } = require('@opentelemetry/sdk-node');
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');
const { IORedisInstrumentation } = require('@opentelemetry/instrumentation-ioredis');
const { AmqplibInstrumentation } = require('@opentelemetry/instrumentation-amqplib');

const ownPaths = new Set(['/metrics', '/health', '/fault']);

const sdk = new NodeSDK({
    instrumentations: [
        new HttpInstrumentation({
            ignoreIncomingRequestHook: (request) => ownPaths.has(request.url.split('?', 1)[0]),
        }),
        new IORedisInstrumentation(),
        new AmqplibInstrumentation(),
    ],
});
sdk.start();

/// Sends the spans that still wait. Resolves after a second at the latest.
module.exports.flushTelemetry = () => Promise.race([
    sdk.shutdown().catch(() => {}),
    new Promise((resolve) => setTimeout(resolve, 1000).unref()),
]);
