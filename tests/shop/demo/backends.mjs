// SPDX-License-Identifier: Apache-2.0
// The real Redis and RabbitMQ that the shop stands on, and the exporters beside them.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { waitUntil } from './daemon.mjs';

// Not /usr/sbin/rabbitmq-server: Debian's wrapper insists on root or the user rabbitmq.
const kRabbit = '/usr/lib/rabbitmq/bin/rabbitmq-server';
const kSearch = (process.env.PATH ?? '').split(':').concat('/usr/sbin', '/usr/local/bin', '/usr/bin');

export function findProgram(name) {
    const candidates = name.includes('/') ? [path.resolve(name)] : kSearch.map((folder) => path.join(folder, name));
    return candidates.find((file) => {
        try {
            fs.accessSync(file, fs.constants.X_OK);
            return fs.statSync(file).isFile();
        } catch {
            return false;
        }
    }) ?? null;
}

/// What has to be installed and is not, as a list of names.
export function missingPrograms() {
    return ['redis-server', kRabbit, 'erl', 'epmd'].filter((name) => findProgram(name) === null);
}

export function accepts(port) {
    return new Promise((resolve) => {
        const socket = net.connect({ port, host: '127.0.0.1' });
        socket.once('connect', () => { socket.destroy(); resolve(true); });
        socket.once('error', () => resolve(false));
    });
}

export async function startRedis(run, port) {
    const folder = run.folder('redis');
    const daemon = await run.start({
        name: 'redis', command: findProgram('redis-server'),
        args: ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
    });
    await waitUntil('redis accepts connections', () => accepts(port), { daemon, signal: run.signal });
}

/// Ports: amqp, prometheus, epmd, distribution. Everything that RabbitMQ would share with a broker
/// of the machine (node name, cookie, epmd, plugins file, configuration) is the run's own.
export async function startRabbit(run, ports) {
    const folder = run.folder('rabbitmq');
    const file = (name, text) => {
        fs.writeFileSync(path.join(folder, name), text);
        return path.join(folder, name);
    };
    const env = {
        HOME: folder, ERL_EPMD_PORT: ports.epmd, ERL_EPMD_ADDRESS: '127.0.0.1',
        RABBITMQ_NODENAME: `shop-${ports.amqp}@localhost`,
        RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1', RABBITMQ_NODE_PORT: ports.amqp,
        RABBITMQ_DIST_PORT: ports.distribution,
        RABBITMQ_MNESIA_BASE: path.join(folder, 'mnesia'), RABBITMQ_LOG_BASE: path.join(folder, 'log'),
        RABBITMQ_LOGS: '-', RABBITMQ_PID_FILE: path.join(folder, 'pid'),
        RABBITMQ_ENABLED_PLUGINS_FILE: file('enabled_plugins', '[rabbitmq_prometheus].\n'),
        RABBITMQ_CONF_ENV_FILE: file('rabbitmq-env.conf', ''),
        RABBITMQ_CONFIG_FILE: file('rabbitmq.conf', `prometheus.tcp.ip = 127.0.0.1\n`
            + `prometheus.tcp.port = ${ports.prometheus}\nlog.console.level = warning\n`),
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1} '
            + '+sbwt none +sbwtdcpu none +sbwtdio none',
    };
    // Ours and in the foreground: the one that Erlang would start is a daemon that outlives it.
    const epmd = await run.start({
        name: 'epmd', command: findProgram('epmd'), args: ['-port', ports.epmd, '-address', '127.0.0.1'],
        env: { HOME: folder },
    });
    await waitUntil('epmd accepts connections', () => accepts(ports.epmd), { daemon: epmd, signal: run.signal });
    const daemon = await run.start({ name: 'rabbitmq', command: kRabbit, env, graceMs: 2000 });
    await waitUntil('rabbitmq accepts connections', () => accepts(ports.amqp),
        { daemon, deadlineMs: 60000, signal: run.signal });
}

/// Returns false, with a line for the reader, when the exporter is not installed.
export async function startExporter(run, { name, program, args, port }) {
    const command = findProgram(program);
    if (command === null) {
        run.say(`${name} left out: ${program} is not installed`);
        return false;
    }
    const daemon = await run.start({ name, command, args });
    await waitUntil(`${name} accepts connections`, () => accepts(port), { daemon, signal: run.signal });
    return true;
}
