// SPDX-License-Identifier: Apache-2.0
// HAProxy's own log, read beside the agent: the ring's lines by `show events` on the runtime socket.
// Nothing of the agent stands between the gateway and these figures. The grammar of a line is in
// agent/enforce/log_line.h; times are HAProxy's, microseconds since the epoch.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

const kRefusals = { s: 'shed', b: 'breaker', r: 'shed-remote', p: 'priority', q: 'rate' };

/// {listener, began, ended, status, outcome}: times in milliseconds since the epoch with microseconds
/// behind the point; outcome: ok, failed, shed, breaker, rate,
/// priority, shed-remote.
export function parseLine(line, listeners) {
    const f = line.split(' ');
    if (f[0] !== 'L2' || f.length < 20 || !/^\d+$/.test(f[3]))
        return null;
    const status = Number(f[8]);
    return {
        listener: listeners.get(`${f[1]} ${f[2]}`) ?? '?',
        began: Number(f[3]) / 1000, ended: Number(/^\d+$/.test(f[4]) ? f[4] : f[5]) / 1000,
        status, outcome: kRefusals[f[14]] ?? (status >= 500 || status < 0 ? 'failed' : 'ok'),
    };
}

/// Which index of which configuration is which listener: {"c9841406 5" -> "out.checkout.payment"}.
export function readListeners(gatewayFolder) {
    const config = fs.readFileSync(path.join(gatewayFolder, 'haproxy.cfg'), 'utf8');
    const found = config.matchAll(/^frontend (\S+)$(?:\n {4}.*$)*?\n {4}log-format "L2 (\w+) (\d+) /gm);
    return new Map([...found].map(([, name, hash, index]) => [`${hash} ${index}`, name]));
}

/// Follows the log from now on until close(). One connection; `interruptions` counts its ends (a reload).
export class GatewayLog {
    constructor(gatewayFolder) {
        this.folder = gatewayFolder;
        this.records = [];
        this.interruptions = 0;
        this.strange = 0;
    }

    open() {
        this.listeners = readListeners(this.folder);
        return new Promise((resolve, reject) => {
            this.socket = net.connect(path.join(this.folder, 'haproxy.sock'));
            this.socket.setEncoding('latin1');
            let rest = '';
            this.socket.on('data', (chunk) => {
                const lines = (rest + chunk).split('\n');
                rest = lines.pop();
                lines.forEach((line) => this.take(line));
            });
            this.socket.once('connect', () => {
                this.socket.write('show events levee -w -n\n');
                resolve(this);
            });
            this.socket.once('error', reject);
            this.socket.once('close', () => {
                if (this.closed)
                    return;
                this.interruptions += 1;
                this.open().catch(() => {});
            });
        });
    }

    take(line) {
        if (line === '')
            return;
        const record = parseLine(line, this.listeners);
        if (record === null)
            this.strange += 1;
        else
            this.records.push(record);
    }

    of(listener) {
        return this.records.filter((record) => record.listener === listener);
    }

    close() {
        this.closed = true;
        this.socket?.destroy();
    }
}
