// SPDX-License-Identifier: Apache-2.0
// An incident end to end: payment fails under load, and an on-call engineer (incident_window, the real main window of
// the dashboard) goes from the desktop's notification to a rule that is applied and proven in at most 12 key presses
// and clicks; then the shop's callers get what the rule says.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { startShop } from '../shop/demo/shop.mjs';
import { AgentView } from './agent_view.mjs';
import { eventually, programs, removeScratch, skipUnlessInstalled, sweepAtEnd } from './programs.mjs';

const kWindow = process.argv[5];
const kEdge = 'checkout->payment';
const kPatienceMs = 120000;

skipUnlessInstalled({ shop: true });

let shop;
let view;
before(async () => {
    shop = await startShop({ ...programs, rate: 60, exporters: false, say: (text) => console.log(`# ${text}`) });
    sweepAtEnd(shop.state.scratch);
    view = new AgentView({ http: shop.urls.agent, grpc: shop.urls.agentGrpc });
});
after(async () => {
    await shop?.stop();
    if (shop)
        await removeScratch(shop.state.scratch);
});

/// Runs the window; calls onFault when it says that something may break. Gives its exit code and what it said.
async function drive(onFault) {
    const child = spawn(kWindow, [shop.urls.agentGrpc], { stdio: ['ignore', 'pipe', 'pipe'], timeout: kPatienceMs,
        env: { ...process.env, LEVEE_DEMO_SCRATCH: shop.state.scratch } });
    let said = '';
    let broken = null;
    child.stdout.on('data', (bytes) => {
        said += bytes;
        if (broken === null && /^fault$/m.test(said))
            broken = onFault();
    });
    child.stderr.on('data', (bytes) => { said += bytes; });
    const code = await new Promise((resolve) => { child.once('close', resolve); });
    await broken;
    return { code, said };
}

test('from the notification to a proven rule in at most 12 key presses and clicks', async () => {
    const { code, said } = await drive(() => shop.services.payment.setFault({ errorShare: 1 }));
    console.log(said.trim().split('\n').map((line) => `# ${line}`).join('\n'));
    assert.equal(code, 0, said);
    const presses = Number(/^(\d+) key presses and clicks/m.exec(said)?.[1]);
    assert.ok(presses >= 1 && presses <= 12, `${presses} presses`);
});

test('the rule is in force under a reason of its own', async () => {
    const [latest] = await view.leveeJson('rules', 'history');
    assert.match(latest.reason, /checkout → payment: /);
});

test('callers get the answer of the rule while the breaker is open', async () => {
    await eventually('the fallback of the rule', async () => {
        const response = await fetch(`http://127.0.0.1:${shop.state.ports.outbound[kEdge]}/charges`,
            { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"amount": 1}' });
        const body = await response.text();
        assert.equal(response.headers.get('levee-outcome'), 'breaker');
        assert.deepEqual(JSON.parse(body), { deferred: true });
    });
});
