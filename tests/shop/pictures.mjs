// SPDX-License-Identifier: Apache-2.0
// The pictures that the README shows, taken of the real dashboard in front of the real demo while payment fails:
//
//   node tests/shop/pictures.mjs --bin build/release/bin shared/docs/screenshots
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { startShop } from './demo/shop.mjs';

const run = promisify(execFile);
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

const kPictures = [
    ['topology-dark', '--page', 'topology', '--theme', 'dark'],
    ['topology-light', '--page', 'topology', '--theme', 'light'],
    ['service-light', '--page', 'service', '--theme', 'light'],
    ['service-dark', '--page', 'service', '--theme', 'dark'],
    ['rules-dark', '--page', 'rules', '--theme', 'dark'],
    ['scaling-light', '--page', 'scaling', '--theme', 'light'],
    ['timeline-dark', '--page', 'timeline', '--theme', 'dark'],
    ['fleet-light', '--page', 'fleet', '--theme', 'light'],
    ['topology-contrast-zh', '--page', 'topology', '--theme', 'contrast', '--language', 'zh_CN'],
];
const kRule = `apiVersion: levee/v1
kind: Guard
metadata: {name: checkout-payment}
spec:
  match: {client: checkout, service: payment}
  breaker: {openFor: 3s, ramp: 3s}
  fallback: {status: 503, body: "{\\"payment\\": \\"deferred\\"}", retryAfter: 2s}
`;

const { values, positionals } = parseArgs({ options: { bin: { type: 'string', default: 'build/release/bin' } },
    allowPositionals: true });
if (positionals.length !== 1) {
    console.error('usage: node pictures.mjs [--bin DIR] FOLDER');
    process.exit(2);
}
const [folder] = positionals;
const program = (name) => path.resolve(values.bin, name);
const shop = await startShop({ agent: program('levee-agent'), loadgen: program('levee-loadgen'), say: console.log });
for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => shop.stop().finally(() => process.exit(1)));
try {
    const levee = (...words) => run(program('levee'), ['--agent', shop.urls.agentGrpc, ...words]);
    fs.mkdirSync(folder, { recursive: true });
    await pause(120000);
    // Open from before the fault on, so that the map has its sparklines.
    const taken = Promise.all(kPictures.map(async ([name, ...words]) => {
        const file = path.join(folder, `${name}.png`);
        await run(program('levee-dashboard'), ['--connect', shop.urls.agentGrpc, '--screenshot', file, '--after', '90s',
            '--select', 'payment', ...words], { env: { ...process.env, QT_QPA_PLATFORM: 'offscreen' }, timeout: 200000 });
        console.log(file);
    }));
    taken.catch(() => {});  // told of below, after the demo was ended
    await pause(50000);
    await shop.services.payment.setFault({ errorShare: 0.7, latencyMs: 300 });
    await pause(15000);
    const rule = path.join(shop.state.scratch, 'payment.yaml');
    fs.writeFileSync(rule, kRule);
    await levee('rules', 'apply', rule, '--reason', 'payment is down, INC-42');
    await levee('override', 'set', 'payment', '--factor', '0.5', '--ttl', '30m', '--reason', 'INC-42: half of what it carries');
    await taken;
} finally {
    await shop.stop();
    fs.rmSync(shop.state.scratch, { recursive: true, force: true });
}
process.exit(0);
