// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { eventually } from '../programs.mjs';
import { Stage } from './stage.mjs';

/// 160 connections; /slow is answered by a server that never does.
export class NginxStage extends Stage {
    static needs = ['nginx', 'prometheus-nginx-exporter'];

    async start() {
        this.port = await this.pick();
        const [exporter, slow] = [await this.pick(), await this.pick()];
        this.url = `http://127.0.0.1:${this.port}`;
        const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) =>
            `${name}_temp_path ${this.file(name)};`).join(' ');
        const config = this.file('nginx.conf', `daemon off; pid ${this.file('pid')}; error_log ${this.file('error')};
worker_processes 1; events { worker_connections 160; }
http { access_log off; ${paths} proxy_read_timeout 300s;
  server { listen 127.0.0.1:${this.port};
    location /stub_status { stub_status; }
    location /slow { proxy_pass http://127.0.0.1:${slow}; }
    location / { return 200 "fine"; } } }
`);
        await this.daemon('slow', process.execPath, ['-e',
            `require('net').createServer((s) => s.on('error', () => {})).listen(${slow}, '127.0.0.1')`], { port: slow });
        this.nginx = await this.daemon('server', 'nginx', ['-c', config, '-e', this.file('error'), '-p', this.folder],
            { port: this.port });
        await this.daemon('exporter', 'prometheus-nginx-exporter', [`-web.listen-address=127.0.0.1:${exporter}`,
            `-nginx.scrape-uri=${this.url}/stub_status`, '-nginx.retries=50', '-nginx.retry-interval=200ms'],
        { port: exporter });
        return { 9113: exporter };
    }

    async load() {
        this.repeat(200, () => this.connect(1, this.port, 'GET / HTTP/1.0\r\n\r\n'));
    }

    incidents = {
        'nginx-slow-clients': async () => {
            this.close = await this.connect(60, this.port, 'GET / HTTP/1.1\r\nHost: x\r\n');
        },
        'nginx-drops-connections': async () => {
            // First it closes those that have not said anything; only where all are in use it has none to give.
            const rounds = [];
            await eventually('nginx has no connections left', async () => {
                rounds.push(await this.connect(20, this.port, 'GET / HTTP/1.1\r\nHost: x\r\n'));
                assert.match(fs.readFileSync(this.file('error'), 'utf8'), /worker_connections are not enough/);
            });
            for (const close of [this.close, ...rounds])
                close();
        },
        // Last, as the rule compares with what was half a minute ago.
        'nginx-piles-up': () => this.connect(40, this.port, 'GET /slow HTTP/1.1\r\nHost: x\r\n\r\n'),
        'nginx-down': () => process.kill(-this.nginx.pid, 'SIGKILL'),
    };
}
