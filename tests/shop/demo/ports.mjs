// SPDX-License-Identifier: Apache-2.0
// Free loopback ports below the kernel's ephemeral range: a port that is free now is not taken by
// somebody's outgoing connection before its daemon has started.
import net from 'node:net';

const kLow = 20000;
const kHigh = 32000;

function isFree(port) {
    return new Promise((resolve) => {
        const probe = net.createServer();
        probe.once('error', () => resolve(false));
        probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
    });
}

/// A function that hands out one free port a call, never the same twice.
export function portPicker() {
    let next = kLow + Math.floor(Math.random() * (kHigh - kLow));
    let left = kHigh - kLow;
    return async () => {
        for (; left > 0; left -= 1) {
            const port = next;
            next = next + 1 < kHigh ? next + 1 : kLow;
            if (await isFree(port))
                return port;
        }
        throw new Error(`no free port between ${kLow} and ${kHigh}`);
    };
}
