// SPDX-License-Identifier: Apache-2.0
// Books entries in a real Redis: 32 workers x 2 ms. Reports its spans over gRPC.
'use strict';

const Redis = require('ioredis');
const { Service, Refusal } = require('../lib/service.cjs');

const kKeptEntries = 1000;

const redis = new Redis(process.env.REDIS_URL, {
    commandTimeout: 400, maxRetriesPerRequest: 0, enableOfflineQueue: false,
    retryStrategy: () => 500,
});
redis.on('error', () => {});

async function book(slot, { order = 'direct', amount = 1 }) {
    await slot.work(2);
    try {
        const balance = await redis.incrby('balance', Math.round(amount));
        await redis.lpush('entries', `${order} ${amount}`);
        await redis.ltrim('entries', 0, kKeptEntries - 1);
        return { balance };
    } catch (error) {
        throw new Refusal(503, `redis: ${error.message}`);
    }
}

new Service({ workers: 32, routes: { '/entries': book }, ready: () => redis.status === 'ready' });
