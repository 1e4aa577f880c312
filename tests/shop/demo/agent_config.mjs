// SPDX-License-Identifier: Apache-2.0
// The text of agent.yaml for the shop.
import path from 'node:path';
import { kServices } from './services.mjs';

const at = (port) => `127.0.0.1:${port}`;
const q = (text) => JSON.stringify(text);

/// The gateway's listeners: one inbound per service behind the gateway, one outbound per call.
export function listeners(ports) {
    const inbound = kServices.filter((s) => s.gateway).map((s) => ({
        service: s.name, bind: at(ports.inbound[s.name]), targets: [at(ports.service[s.name])],
    }));
    const outbound = kServices.flatMap((s) => s.calls.map((callee) => ({
        client: s.name, service: callee, bind: at(ports.outbound[`${s.name}->${callee}`]),
        targets: [at(ports.inbound[callee])],
    })));
    return [...inbound, ...outbound];
}

/// exporters: the set of those that run.
export function agentConfig({ scratch, ports, exporters }) {
    const job = (name, targets, extra = '') =>
        `  - job_name: ${name}\n    scrape_interval: 1s\n${extra}    static_configs:\n${targets.join('')}`;
    const target = (port, service) =>
        `      - {targets: [${q(at(port))}]${service ? `, labels: {service: ${service}}` : ''}}\n`;
    const path_ = '    metrics_path: /metrics\n';
    const jobs = [
        job('shop', kServices.map((s) => target(ports.service[s.name], s.name))),
        exporters.has('node-exporter') && job('node', [target(ports.nodeExporter)]),
        exporters.has('redis-exporter') && job('redis', [target(ports.redisExporter, 'redis')]),
        job('rabbitmq', [target(ports.rabbitPrometheus, 'rabbitmq')], path_),
        job('haproxy', [target(ports.haproxyStats)], path_),
    ].filter(Boolean);
    const listenerLines = listeners(ports).map(({ client, service, bind, targets }) =>
        `    - {${client ? `client: ${client}, ` : ''}service: ${service}, bind: ${q(bind)}, `
        + `targets: [${targets.map(q).join(', ')}]}`);
    return `# Written by the demo for this run.
host: demo
listen: {http: ${q(at(ports.agentHttp))}, grpc: ${q(at(ports.agentGrpc))}, unix: ${q(path.join(scratch, 'agent.sock'))}}
state_dir: ${q(path.join(scratch, 'state'))}
ingest: {otlp: {grpc: ${q(at(ports.otlpGrpc))}, http: ${q(at(ports.otlpHttp))}}}
lifecycle_api: true
rule_files: [${q(path.join(scratch, 'rules.d', '*.yaml'))}]
gateway:
  directory: ${q(path.join(scratch, 'gateway'))}
  stats_listen: ${q(at(ports.haproxyStats))}
  listeners:
${listenerLines.join('\n')}
scrape_configs:
${jobs.join('')}`;
}
