// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { kMark } from '../../shop/demo/daemon.mjs';
import { Stage, sh } from './stage.mjs';

const kPrograms = '/usr/lib/postgresql/15/bin';

/// 15 connections, 3 of them for superusers; autovacuum is off; a receiver of the write-ahead log stands for a replica.
export class PostgresqlStage extends Stage {
    static needs = ['/usr/lib/postgresql/15/bin/postgres', 'psql', 'prometheus-postgres-exporter', 'setpriv'];
    unprovoked = {
        'postgresql-long-transaction': 'takes ten minutes',
        'postgresql-transaction-ids': 'takes some hundred million transactions',
    };

    /// The server refuses to run as root.
    as(program, args) {
        const isRoot = process.getuid() === 0;
        const whole = [path.join(kPrograms, program), ...args];
        return isRoot ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', ...whole]]
            : [whole[0], whole.slice(1)];
    }

    async start(packFolder) {
        this.port = await this.pick();
        const exporter = await this.pick();
        if (process.getuid() === 0) {
            fs.chmodSync(this.scratch, 0o711);
            const owner = Number(await this.run('id', ['-u', 'postgres']));
            fs.chownSync(this.folder, owner, owner);
        }
        const data = this.file('data');
        await this.run(...this.as('initdb', ['-D', data, '-A', 'trust', '-U', 'postgres', '--no-sync']));
        fs.appendFileSync(path.join(data, 'postgresql.conf'), `port = ${this.port}
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 15
fsync = off
autovacuum = off
deadlock_timeout = 200ms
`);
        this.server = await this.daemon('server', ...this.as('postgres', ['-D', data]), { port: this.port });
        await this.psql(`CREATE TABLE stock AS SELECT i AS id, 0 AS n FROM generate_series(1, 20000) i;
CREATE TABLE orders AS SELECT * FROM stock LIMIT 10; ANALYZE`);
        this.receiver = await this.daemon('receiver', ...this.as('pg_receivewal', ['-h', '127.0.0.1', '-p', this.port,
            '-U', 'postgres', '-D', this.folder, '--synchronous', '-s', 1, '--no-loop']));
        await this.daemon('exporter', 'prometheus-postgres-exporter', [`--web.listen-address=127.0.0.1:${exporter}`,
            `--extend.query-path=${path.join(packFolder, 'queries.yaml')}`],
        { port: exporter, env: { DATA_SOURCE_NAME: `postgresql://${this.address()}/postgres?sslmode=disable` } });
        return { 9187: exporter };
    }

    address() {
        return `postgres@127.0.0.1:${this.port}`;
    }

    psql(statements) {
        return this.run('psql', ['-h', '127.0.0.1', '-p', this.port, '-U', 'postgres', '-qXc', statements]);
    }

    /// A session that stays open after these statements.
    session(statements = '') {
        const child = spawn(sh('psql'), ['-h', '127.0.0.1', '-p', String(this.port), '-U', 'postgres', '-qX'],
            { stdio: ['pipe', 'ignore', 'ignore'], env: { ...process.env, [kMark]: this.scratch } });
        child.stdin.on('error', () => {});
        child.unref();
        child.stdin.write(`${statements}\n`);
        return child;
    }

    async load() {
        this.repeat(500, () => this.psql('UPDATE orders SET n = n + 1 WHERE id = 3; SELECT count(*) FROM stock'));
        await this.psql('UPDATE stock SET n = n + 1 WHERE id < 2000');
    }

    incidents = {
        'postgresql-dead-rows': () => this.psql('UPDATE stock SET n = n + 1'),
        'postgresql-idle-in-transaction': () => this.session('BEGIN; LOCK TABLE stock;'),
        'postgresql-lock-waits': () => this.session('SELECT count(*) FROM stock;'),
        'postgresql-deadlocks': async () => {
            const one = (a, b) => this.psql(`BEGIN; UPDATE orders SET n = 1 WHERE id = ${a}; SELECT pg_sleep(1); `
                + `UPDATE orders SET n = 1 WHERE id = ${b}; COMMIT`).catch(() => {});
            await Promise.all([one(1, 2), one(2, 1)]);
        },
        'postgresql-replica-lags': async () => {
            process.kill(-this.receiver.pid, 'SIGSTOP');
            await this.psql(`SELECT pg_logical_emit_message(false, 'x', repeat('x', 1000000)) `
                + 'FROM generate_series(1, 80)');
        },
        'postgresql-connections-near-limit': () => {
            for (let i = 0; i < 8; i += 1)
                this.session();
        },
        'postgresql-down': () => process.kill(-this.server.pid, 'SIGKILL'),
    };
}
