// SPDX-License-Identifier: Apache-2.0
// Takes orders: 64 workers x 5 ms, then payment, then the orders queue. An order whose payment
// does not work out now is taken all the same and paid later: the shop outlives its payment service.
'use strict';

const { randomUUID } = require('node:crypto');
const { Service, Refusal } = require('../lib/service.cjs');
const { Caller } = require('../lib/caller.cjs');
const { OrdersQueue } = require('../lib/orders_queue.cjs');
const { counter } = require('../lib/metrics.cjs');

const payment = new Caller(process.env.PAYMENT_URL, { timeoutMs: 1000 });
const orders = new OrdersQueue(process.env.AMQP_URL);
const deferred = counter('payments_deferred_total', 'Orders taken without a payment');

async function pay(order) {
    try {
        const { status } = await payment.post('/charges', order);
        if (status === 200)
            return 'done';
    } catch {
        // No answer is the same to the customer as a refusal.
    }
    deferred.inc();
    return 'deferred';
}

async function takeOrder(slot, { item = 'book', amount = 1 }) {
    const order = { id: randomUUID(), item, amount };
    await slot.work(5);
    order.payment = await pay(order);
    await orders.publish(order).catch((error) => { throw new Refusal(503, error.message); });
    return { order: order.id, payment: order.payment };
}

new Service({ workers: 64, routes: { '/orders': takeOrder }, ready: () => orders.isConnected });
