// SPDX-License-Identifier: Apache-2.0
// Sends a known topology of spans through the official OpenTelemetry SDK and prints how many:
//   node send_spans.js http|http-gzip|http-json|grpc|zipkin URL ROUNDS
// Each round: user -> frontend -> checkout -> {redis, queue -> shipping (joined by a link only),
// payment (fails in every fourth round), stock (asked twice by one call)}, a message to a queue that
// audit reads four at a time and does not name (joined by its links only), and a trace of nightly
// that stands for two (sampled).
'use strict';
const path = require('path');
const modules = process.env.LEVEE_NODE_MODULES || path.join(__dirname, 'node_modules');
const load = (name) => require(require.resolve(name, { paths: [modules] }));
const { SpanKind, SpanStatusCode, createTraceState, trace, ROOT_CONTEXT } = load('@opentelemetry/api');
const { AlwaysOnSampler, BasicTracerProvider, BatchSpanProcessor, SamplingDecision } =
  load('@opentelemetry/sdk-trace-base');
const { resourceFromAttributes } = load('@opentelemetry/resources');

const [protocol, url, roundsText] = process.argv.slice(2);
const rounds = Number(roundsText);
const start = 1700000000000;

function makeExporter() {
  if (protocol === 'grpc') {
    const { OTLPTraceExporter } = load('@opentelemetry/exporter-trace-otlp-grpc');
    return new OTLPTraceExporter({ url });
  }
  if (protocol === 'zipkin') {
    const { ZipkinExporter } = load('@opentelemetry/exporter-zipkin');
    return new ZipkinExporter({ url: url + '/api/v2/spans' });
  }
  const { OTLPTraceExporter } = load(protocol === 'http-json'
    ? '@opentelemetry/exporter-trace-otlp-http' : '@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter({ url: url + '/v1/traces',
                                 compression: protocol === 'http-gzip' ? 'gzip' : 'none' });
}

// Says that it keeps every second trace, as a consistent probability sampler does.
const halfSampler = {
  shouldSample: () => ({ decision: SamplingDecision.RECORD_AND_SAMPLED,
                         traceState: createTraceState('ot=th:8') }),
  toString: () => 'half',
};

let failures = 0;
const providers = {};
function tracerOf(service) {
  if (!providers[service]) {
    const exporter = makeExporter();
    const original = exporter.export.bind(exporter);
    exporter.export = (spans, done) => original(spans, (result) => {
      if (result.code !== 0) {
        failures += 1;
        console.error('export failed:', result.error && result.error.message);
      }
      done(result);
    });
    // Only these attributes: nothing of the machine that runs this gets into a capture.
    const provider = new BasicTracerProvider({
      resource: resourceFromAttributes({ 'service.name': service,
                                         'service.instance.id': service + '-1',
                                         'host.name': 'host-a' }),
      sampler: service === 'nightly' ? halfSampler : new AlwaysOnSampler(),
      spanProcessors: [new BatchSpanProcessor(exporter, { maxQueueSize: 100000,
                                                          maxExportBatchSize: 240 })],
    });
    providers[service] = { provider, tracer: provider.getTracer('levee-test') };
  }
  return providers[service].tracer;
}

let sent = 0;
function span(service, name, kind, parent, from, to, options) {
  const { attributes, links, failed } = options || {};
  const context = parent ? trace.setSpanContext(ROOT_CONTEXT, parent.spanContext()) : ROOT_CONTEXT;
  const s = tracerOf(service).startSpan(name, { kind, attributes, links, startTime: start + from },
                                        context);
  if (failed)
    s.setStatus({ code: SpanStatusCode.ERROR, message: 'declined' });
  s.end(start + to);
  sent += 1;
  return s;
}

let audited = [];
function audit(message) {
  audited.push({ context: message.spanContext() });
  if (audited.length < 4)
    return;
  span('audit', 'process', SpanKind.CONSUMER, null, 70, 95,
       { links: audited, attributes: { 'messaging.system': 'kafka' } });
  audited = [];
}

function round(i) {
  const failed = i % 4 === 3;
  const root = span('frontend', 'GET /buy', SpanKind.SERVER, null, 0, 100,
                    { attributes: { 'http.request.method': 'GET', 'url.path': '/buy' } });
  const work = span('frontend', 'handler', SpanKind.INTERNAL, root, 1, 99);
  const toCheckout = span('frontend', 'POST', SpanKind.CLIENT, work, 10, 90,
                          { attributes: { 'server.address': '127.0.0.1', 'server.port': 8103,
                                          'http.response.status_code': 200 } });
  const checkout = span('checkout', 'POST /checkout', SpanKind.SERVER, toCheckout, 12, 88);
  span('checkout', 'GET', SpanKind.CLIENT, checkout, 15, 17,
       { attributes: { 'db.system.name': 'redis', 'db.namespace': '0',
                       'server.address': '127.0.0.1', 'server.port': 6379 } });
  const toPayment = span('checkout', 'POST', SpanKind.CLIENT, checkout, 20, 60,
                         { failed, attributes: { 'server.address': '127.0.0.1',
                                                 'server.port': 8105,
                                                 'http.response.status_code': failed ? 500 : 200 } });
  span('payment', 'POST /pay', SpanKind.SERVER, toPayment, 22, 58,
       { failed, attributes: { 'http.response.status_code': failed ? 500 : 200 } });
  const toStock = span('checkout', 'POST', SpanKind.CLIENT, checkout, 20, 80,
                       { attributes: { 'server.address': '127.0.0.1', 'server.port': 8107 } });
  span('stock', 'POST /reserve', SpanKind.SERVER, toStock, 21, 79);
  span('stock', 'POST /reserve', SpanKind.SERVER, toStock, 50, 60);
  audit(span('checkout', 'send audit', SpanKind.PRODUCER, checkout, 64, 65,
             { attributes: { 'messaging.system': 'kafka', 'messaging.destination.name': 'audit' } }));
  span('nightly', 'GET /report', SpanKind.SERVER, null, 0, 50);
  const publish = span('checkout', 'send orders', SpanKind.PRODUCER, checkout, 61, 63,
                       { attributes: { 'messaging.system': 'redis',
                                       'messaging.destination.name': 'orders',
                                       'messaging.operation.type': 'send' } });
  span('shipping', 'process orders', SpanKind.CONSUMER, null, 70, 95,
       { links: [{ context: publish.spanContext() }],
         attributes: { 'messaging.system': 'redis', 'messaging.destination.name': 'orders',
                       'messaging.operation.type': 'process' } });
}

async function main() {
  for (let i = 0; i < rounds; ++i)
    round(i);
  await Promise.all(Object.values(providers).map((p) => p.provider.shutdown()));
  console.log('spans ' + sent);
  process.exit(failures === 0 ? 0 : 1);
}
main();
