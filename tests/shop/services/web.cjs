// SPDX-License-Identifier: Apache-2.0
// The shop's front door: 128 workers x 2 ms. /buy asks checkout; / needs nobody.
'use strict';

const { Service, Refusal } = require('../lib/service.cjs');
const { Caller } = require('../lib/caller.cjs');

const checkout = new Caller(process.env.CHECKOUT_URL, { timeoutMs: 3000 });

async function buy(slot) {
    await slot.work(2);
    const { status, body } = await checkout.post('/orders', { item: 'book', amount: 12 })
        .catch((error) => { throw new Refusal(502, error.message); });
    if (status !== 200)
        throw new Refusal(status === 503 || status === 429 ? 503 : 502, `checkout answered ${status}`);
    return { bought: true, ...JSON.parse(body) };
}

new Service({
    workers: 128,
    routes: { '/': async (slot) => { await slot.work(2); return { shop: 'open' }; }, '/buy': buy },
});
