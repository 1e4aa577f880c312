// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import os from 'node:os';
import { findLeftovers } from '../../shop/demo/leftovers.mjs';
import { Stage, sh } from './stage.mjs';

/// The exporter sees a file system of 4 MiB and 64 inodes of its own, where the machine lets a test make one.
export class NodeStage extends Stage {
    static needs = ['prometheus-node-exporter', 'unshare'];
    unprovoked = {
        'node-memory-short': 'would take the memory of everything else',
        'node-io-stalled': 'needs a disk that is slower than what writes to it',
        'node-files-near-limit': 'needs millions of open files',
        'node-oom-kill': 'needs a memory cgroup that a test may make',
    };

    async start() {
        const exporter = await this.pick();
        this.disk = this.file('disk');
        fs.mkdirSync(this.disk);
        const listen = `--web.listen-address=127.0.0.1:${exporter}`;
        const mount = `mount -t tmpfs -o size=4m,nr_inodes=64 none ${this.disk}`;
        this.hasDisk = await this.run('unshare', ['-m', '-p', '-f', '--mount-proc', 'sh', '-c', mount])
            .then(() => true, () => false);
        if (this.hasDisk) {
            await this.daemon('exporter', 'unshare', ['-m', '-p', '-f', '--mount-proc', '--kill-child', 'sh', '-c',
                `${mount} && exec ${sh('prometheus-node-exporter')} ${listen}`], { port: exporter });
        } else {
            for (const rule of ['node-disk-full', 'node-inodes-used-up']) {
                this.unprovoked[rule] = 'a file system cannot be made here';
                delete this.incidents[rule];
            }
            await this.daemon('exporter', 'prometheus-node-exporter', [listen], { port: exporter });
        }
        return { 9100: exporter };
    }

    async load() {}

    /// The exporter's file system, from outside of its name space.
    inside() {
        const pid = findLeftovers(this.scratch).find((each) => {
            const file = `/proc/${each}/root${this.disk}`;
            return fs.existsSync(file) && fs.statfsSync(file).blocks * fs.statfsSync(file).bsize <= 4 << 20;
        });
        return `/proc/${pid}/root${this.disk}`;
    }

    incidents = {
        'node-disk-full': () => fs.writeFileSync(`${this.inside()}/log`, Buffer.alloc(3900000)),
        'node-inodes-used-up': () => {
            for (let i = 0; i < 60; i += 1)
                fs.writeFileSync(`${this.inside()}/${i}`, '');
        },
        'node-listen-drops': async () => {
            const port = await this.pick();
            const stuck = await this.daemon('stuck', process.execPath, ['-e',
                `require('net').createServer(() => {}).listen({port: ${port}, host: '127.0.0.1', backlog: 1})`], { port });
            process.kill(-stuck.pid, 'SIGSTOP');
            this.connect(10, port);
        },
        // Everybody else goes first, so that this costs nobody anything but still waits.
        'node-cpu-pressure': () => Promise.all(Array.from({ length: 2 * os.availableParallelism() }, (_, i) =>
            this.daemon(`busy${i}`, 'nice', ['-n', 19, 'sh', '-c', 'while :; do :; done']))),
    };
}
