// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import { Stage } from './stage.mjs';

const kNeeds = ['redis-server', 'redis-cli', 'prometheus-redis-exporter'];

/// A primary of 16 MiB for 40 clients, and a replica.
export class RedisStage extends Stage {
    static needs = kNeeds;

    async start() {
        for (const name of ['port', 'replica', 'exporter'])
            this[name] = await this.pick();
        fs.mkdirSync(this.file('data'));
        fs.mkdirSync(this.file('replica'));
        const common = ['--bind', '127.0.0.1', '--save', ''];
        this.redis = await this.daemon('primary', 'redis-server', ['--port', this.port, '--dir', this.file('data'),
            '--maxmemory', '16mb', '--maxclients', 40, '--repl-diskless-sync-delay', 0, ...common], { port: this.port });
        await this.daemon('replica', 'redis-server', ['--port', this.replica, '--dir', this.file('replica'),
            '--enable-debug-command', 'yes', '--replicaof', `127.0.0.1 ${this.port}`, ...common], { port: this.replica });
        await this.daemon('exporter', 'prometheus-redis-exporter', ['-web.listen-address', `127.0.0.1:${this.exporter}`,
            '-redis.addr', `redis://127.0.0.1:${this.port}`], { port: this.exporter });
        return { 9121: this.exporter };
    }

    cli(...args) {
        return this.run('redis-cli', ['-p', this.port, ...args]);
    }

    /// `count` writes of 10 kB, and reads of which `hits` in ten find their key.
    work(count, hits) {
        return this.cli('eval', `redis.call('set', 'here', '1')
for i = 1, ${count} do
  redis.pcall('set', 'key' .. math.random(1000000), string.rep('x', 10000))
  redis.pcall('get', i % 10 < ${hits} and 'here' or 'nowhere')
end`, 0);
    }

    async load() {
        await this.daemon('worker', 'redis-cli', ['-p', this.port, 'blpop', 'jobs', 0]);
        this.repeat(500, () => this.work(2, 10));
    }

    incidents = {
        'redis-memory-full': () => this.work(2500, 10),
        'redis-evicts-hot-keys': async () => {
            await this.cli('config', 'set', 'maxmemory-policy', 'allkeys-lru');
            this.repeat(500, () => this.work(100, 2));
        },
        // Not by SIGSTOP: one that is stopped would outlive a test that is interrupted.
        'redis-replica-lags': () => {
            this.run('redis-cli', ['-p', this.replica, 'debug', 'sleep', 40]).catch(() => {});
        },
        'redis-cannot-save': async () => {
            fs.rmSync(this.file('data'), { recursive: true });
            await this.cli('bgsave');
        },
        'redis-clients-near-limit': () => this.connect(33, this.port),
        'redis-refuses-clients': async () => {
            // The exporter needs a place of its own.
            const close = await this.connect(10, this.port);
            close();
        },
        'redis-down': () => process.kill(-this.redis.pid, 'SIGKILL'),
    };
}
