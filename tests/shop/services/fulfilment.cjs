// SPDX-License-Identifier: Apache-2.0
// Takes orders off the queue: 8 workers x 10 ms = 800 a second. Its faults act on orders.
'use strict';

const { Service } = require('../lib/service.cjs');
const { OrdersQueue } = require('../lib/orders_queue.cjs');
const { counter } = require('../lib/metrics.cjs');

const fulfilled = counter('orders_fulfilled_total', 'Orders taken off the queue and packed');

const service = new Service({ workers: 8, routes: {}, ready: () => orders.isConnected });
const orders = new OrdersQueue(process.env.AMQP_URL, {
    prefetch: 64,
    consume: () => service.run(async (slot) => {
        await slot.work(10);
        fulfilled.inc();
    }),
});
