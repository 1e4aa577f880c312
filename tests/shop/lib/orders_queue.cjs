// SPDX-License-Identifier: Apache-2.0
// The queue between checkout and fulfilment, on a real RabbitMQ. Connects, and connects again half a
// second after a loss; without a connection publish() fails at once.
'use strict';

const amqp = require('amqplib');

const kQueue = 'orders';
const kRetryMs = 500;
const kConfirmMs = 1000;

class OrdersQueue {
    /// With `consume` (async (message object) => void): a consumer of up to `prefetch` at a time.
    /// It acknowledges what consume() did, and drops what it threw at.
    constructor(url, { consume, prefetch = 32 } = {}) {
        this.url = url;
        this.consume = consume;
        this.prefetch = prefetch;
        this.channel = null;
        this.connect();
    }

    get isConnected() {
        return this.channel !== null;
    }

    async connect() {
        try {
            const connection = await amqp.connect(this.url, { timeout: 2000, heartbeat: 5 });
            connection.on('error', () => {});
            connection.on('close', () => this.lost());
            const channel = await connection.createConfirmChannel();
            channel.on('error', () => {});
            channel.on('close', () => connection.close().catch(() => {}));
            await channel.assertQueue(kQueue, { durable: false });
            if (this.consume) {
                await channel.prefetch(this.prefetch);
                await channel.consume(kQueue, (message) => this.deliver(channel, message));
            }
            this.channel = channel;
        } catch {
            this.lost();
        }
    }

    lost() {
        this.channel = null;
        clearTimeout(this.retry);
        this.retry = setTimeout(() => this.connect(), kRetryMs);
    }

    /// Resolves when the broker has confirmed.
    publish(order) {
        const channel = this.channel;
        if (channel === null)
            return Promise.reject(new Error('no connection to the broker'));
        return new Promise((resolve, reject) => {
            const timer = setTimeout(() => reject(new Error('the broker did not confirm')), kConfirmMs);
            channel.sendToQueue(kQueue, Buffer.from(JSON.stringify(order)), {}, (error) => {
                clearTimeout(timer);
                if (error)
                    reject(error);
                else
                    resolve();
            });
        });
    }

    async deliver(channel, message) {
        if (message === null)
            return channel.connection.close();
        let isDone = true;
        try {
            await this.consume(JSON.parse(message.content.toString()));
        } catch {
            isDone = false;
        }
        if (channel !== this.channel)
            return undefined;  // That connection is gone: the broker delivers it again.
        return isDone ? channel.ack(message) : channel.nack(message, false, false);
    }
}

module.exports = { OrdersQueue };
