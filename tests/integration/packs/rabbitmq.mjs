// SPDX-License-Identifier: Apache-2.0
import { createRequire } from 'node:module';
import { startRabbit } from '../../shop/demo/backends.mjs';
import { Daemon } from '../../shop/demo/daemon.mjs';
import { Stage } from './stage.mjs';

const shop = createRequire(new URL('../../shop/package.json', import.meta.url));

export class RabbitmqStage extends Stage {
    static needs = ['/usr/lib/rabbitmq/bin/rabbitmq-server', 'erl', 'epmd'];
    unprovoked = { 'rabbitmq-files-near-limit': 'needs some 20,000 connections' };

    async start() {
        this.ports = {};
        for (const name of ['amqp', 'prometheus', 'epmd', 'distribution'])
            this.ports[name] = await this.pick();
        const run = {
            folder: () => this.folder,
            start: async (settings) => {
                const daemon = new Daemon({ ...settings, scratch: this.scratch, name: `rabbitmq-${settings.name}` });
                await daemon.start();
                return daemon;
            },
        };
        await startRabbit(run, this.ports);
        this.connection = await shop('amqplib').connect(`amqp://127.0.0.1:${this.ports.amqp}`);
        this.connection.on('error', () => {});
        this.channel = await this.connection.createChannel();
        for (const queue of ['orders', 'lost', 'held', 'poison'])
            await this.channel.assertQueue(queue, { durable: false });
        return { 15692: this.ports.prometheus };
    }

    publish(queue, count) {
        for (let i = 0; i < count; i += 1)
            this.channel.sendToQueue(queue, Buffer.from('message'));
    }

    async load() {
        await this.channel.consume('orders', (message) => this.channel.ack(message));
        this.repeat(100, () => this.publish('orders', 1));
    }

    /// Expressions for the broker; each call costs a virtual machine's start.
    eval(...expressions) {
        return this.run('/usr/lib/rabbitmq/bin/rabbitmqctl',
            ['-n', `shop-${this.ports.amqp}@localhost`, 'eval', `${expressions.join(', ')}.`],
            { HOME: this.folder, ERL_EPMD_PORT: this.ports.epmd });
    }

    incidents = {
        'rabbitmq-redelivers': async () => {
            // Messages that come back each time, and more often than all the others come. On a channel of their own:
            // one with many unacknowledged messages is slow to give one back.
            const channel = await this.connection.createChannel();
            await channel.consume('poison', (message) => setTimeout(() => channel.nack(message), 10).unref());
            this.publish('poison', 4);
        },
        'rabbitmq-queue-without-consumer': () => {
            this.publish('lost', 1500);
            this.repeat(100, () => this.publish('lost', 5));
        },
        'rabbitmq-queue-grows': () => {},  // the same queue
        'rabbitmq-unacked': async () => {
            await this.channel.consume('held', () => {});
            this.publish('held', 1500);
            this.repeat(100, () => this.publish('held', 5));
        },
        'rabbitmq-drops-messages': () => this.publish('no-such-queue', 10),
        'rabbitmq-memory-near-limit': () => this.eval(
            'vm_memory_monitor:set_vm_memory_high_watermark({absolute, 10000000})',
            'rabbit_disk_monitor:set_disk_free_limit(900000000000000)'),
        'rabbitmq-memory-alarm': () => {},  // with it
        'rabbitmq-disk-alarm': () => {},
    };
}
