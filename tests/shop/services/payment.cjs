// SPDX-License-Identifier: Apache-2.0
// The narrow place: 4 workers x 20 ms = 200 charges a second. The ledger entry is written while
// the charge runs, so a healthy ledger costs nothing and a slow one takes the workers with it.
'use strict';

const { Service, Refusal } = require('../lib/service.cjs');
const { Caller } = require('../lib/caller.cjs');

const ledger = new Caller(process.env.LEDGER_URL, { timeoutMs: 500 });

async function charge(slot, { id = 'direct', amount = 1 }) {
    const [entry] = await Promise.all([
        ledger.post('/entries', { order: id, amount })
            .catch((error) => { throw new Refusal(503, error.message); }),
        slot.work(20),
    ]);
    if (entry.status !== 200)
        throw new Refusal(503, `ledger answered ${entry.status}`);
    return { charged: amount };
}

new Service({ workers: 4, routes: { '/charges': charge } });
