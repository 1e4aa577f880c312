// SPDX-License-Identifier: Apache-2.0
// A dependency of the shop fails outright: the breaker opens, callers are answered at once, the shop goes on selling,
// and the traffic comes back by itself.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startShop } from '../shop/demo/shop.mjs';
import { AgentView } from './agent_view.mjs';
import { eventually, programs, removeScratch, skipUnlessInstalled, sweepAtEnd } from './programs.mjs';

skipUnlessInstalled({ shop: true });

const kEdge = 'checkout->payment';

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

const charge = () => fetch(`http://127.0.0.1:${shop.state.ports.outbound[kEdge]}/charges`,
    { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"amount": 1}' });
const buy = async () => {
    const response = await fetch(shop.urls.buy);
    return { status: response.status, body: await response.json() };
};
const breakerEvents = async () =>
    (await view.events()).filter((event) => event.kind === 'breaker' && event.subject === kEdge);

test('before the fault the breaker is closed and payments are done', async () => {
    await eventually('closed and enforced', async () => {
        const guard = await view.guard(kEdge);
        assert.equal(guard.breaker, 'closed');
        assert.equal(guard.enforcement, 'enforcing');
        assert.ok((await buy()).body.payment === 'done');
    });
});

test('a payment that fails opens the breaker, and the gateway proves it', async () => {
    await shop.services.payment.setFault({ errorShare: 1 });
    await eventually('the breaker has opened', async () => {
        const guard = await view.guard(kEdge);
        assert.ok(guard.trips >= 1);
        assert.match((await breakerEvents())[0].text, /^opened: /);
    });
    await eventually('open, read back', async () => {
        const guard = await view.guard(kEdge);
        assert.deepEqual([guard.breaker, guard.admit_share, guard.enforcement], ['open', 0, 'enforcing']);
    });
});

test('while it is open callers get the fallback at once', async () => {
    // Between two reads of "open" lies nothing else: the answer in between was the open breaker's.
    await eventually('the fallback', async () => {
        const response = await charge();
        assert.equal(response.status, 503);
        assert.equal(response.headers.get('levee-outcome'), 'breaker');
        assert.match(response.headers.get('retry-after') ?? '', /^\d+$/);
        await response.text();
    });
});

test('while it is open the shop sells, and payments are deferred', async () => {
    for (let i = 0; i < 5; i += 1)
        assert.deepEqual((({ status, body }) => [status, body.payment])(await buy()), [200, 'deferred']);
});

test('after the heal traffic comes back through probes and a ramp', async () => {
    await shop.services.payment.heal();
    const tripsAtHeal = (await view.guard(kEdge)).trips;
    await eventually('closed again', async () => assert.equal((await view.guard(kEdge)).breaker, 'closed'));
    const words = (await breakerEvents()).map((event) => event.text.split(/[:; ]/)[0]);
    console.log(`# the breaker: ${words.join(', ')}`);
    // The probing that succeeds may have begun before the heal, and one that was under way then may have failed.
    assert.deepEqual(words.slice(words.lastIndexOf('half-open')), ['half-open', 'ramping', 'closed']);
    assert.ok((await view.guard(kEdge)).trips <= tripsAtHeal + 1);
});

test('it stays closed and payments are done', async () => {
    const { trips } = await view.guard(kEdge);
    const { sequence } = await view.state();
    await eventually('ten seconds more', async () => assert.ok((await view.state()).sequence >= sequence + 10));
    const guard = await view.guard(kEdge);
    assert.deepEqual([guard.breaker, guard.trips, guard.admit_share], ['closed', trips, 1]);
    assert.deepEqual((await buy()).body.payment, 'done');
});
