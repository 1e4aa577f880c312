// SPDX-License-Identifier: Apache-2.0
import { Stage, ask } from './stage.mjs';

/// 60 connections; `shop` has two servers that are checked, `old` one that is not there, `slow` one that never answers.
export class HaproxyStage extends Stage {
    static needs = ['haproxy'];
    unprovoked = { 'haproxy-busy': 'needs more load than a test may make' };

    async start() {
        const metrics = await this.pick();
        for (const name of ['port', 'a', 'b', 'none', 'slow'])
            this[name] = await this.pick();
        this.url = `http://127.0.0.1:${this.port}`;
        const config = this.file('haproxy.cfg', `global
  maxconn 60
defaults
  mode http
  timeout connect 1s
  retries 1
  timeout client 300s
  timeout server 300s
  timeout queue 300s
  default-server inter 500ms fall 2 rise 1
frontend metrics
  bind 127.0.0.1:${metrics}
  http-request use-service prometheus-exporter if { path /metrics }
frontend web
  bind 127.0.0.1:${this.port}
  use_backend old if { path /old }
  use_backend slow if { path /slow }
  default_backend shop
backend shop
  server a 127.0.0.1:${this.a} check
  server b 127.0.0.1:${this.b} check
backend old
  server none 127.0.0.1:${this.none}
backend slow
  server slow 127.0.0.1:${this.slow} maxconn 2
`);
        const server = (name, answer) => this.daemon(name, process.execPath, ['-e',
            `require('http').createServer((q, r) => { ${answer} }).listen(${this[name]}, '127.0.0.1')`],
        { port: this[name] });
        this.servers = [await server('a', 'r.end("a")'), await server('b', 'r.end("b")')];
        await server('slow', '');
        await this.daemon('haproxy', 'haproxy', ['-db', '-f', config], { port: metrics });
        return { 8404: metrics };
    }

    async load() {
        this.repeat(200, () => ask(`${this.url}/`));
    }

    incidents = {
        'haproxy-queue': async () => {
            this.close = await this.connect(8, this.port, 'GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
        },
        'haproxy-cannot-connect': () => this.repeat(300, () => ask(`${this.url}/old`)),
        'haproxy-server-errors': () => {},  // of `old`, already
        'haproxy-connections-near-limit': async () => {
            this.closeIdle = await this.connect(46, this.port);
        },
        'haproxy-servers-down': async () => {
            this.closeIdle();
            process.kill(-this.servers[0].pid, 'SIGKILL');
        },
        'haproxy-backend-down': () => process.kill(-this.servers[1].pid, 'SIGKILL'),
    };
}
