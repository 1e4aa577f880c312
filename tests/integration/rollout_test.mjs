// SPDX-License-Identifier: Apache-2.0
// Rules for several hosts: on the first one, watched, then on the rest; taken back where they do harm.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { run } from './agent_view.mjs';
import { eventually, programs, skipUnlessInstalled } from './programs.mjs';
import { Stand } from './stand.mjs';

skipUnlessInstalled();

const kRules = `apiVersion: levee/v1
kind: Guard
metadata: {name: checkout-payment}
spec:
  match: {client: checkout, service: payment}
  breaker: {openFor: 3s}
`;
const kTight = `apiVersion: levee/v1
kind: Guard
metadata: {name: payment}
spec:
  match: {service: payment}
  rate: {limit: 2/s}
`;

let stands;
let traffic;
before(async () => {
    stands = [];
    for (let i = 0; i < 3; ++i)
        stands.push(await new Stand().start({ rules: kRules }));
    traffic = stands.map((stand) => spawn(programs.loadgen, ['--url', stand.urls.out, '--rate', '40', '--duration', '150s',
        '--quiet'], { stdio: 'ignore' }));
    for (const stand of stands)
        await eventually('there is something to compare with', async () => {
            const { edges } = await stand.view.state();
            assert.ok(edges.find((edge) => edge.client === 'checkout')?.traffic.request_rate > 20);
        });
});
after(async () => {
    for (const child of traffic ?? [])
        child.kill('SIGKILL');
    for (const stand of stands ?? [])
        await stand.stop();
});

const names = () => stands.map((stand) => stand.view.grpc);
// slower: a machine that tests run on is slower now and then, which is the rules' fault only where a test is about that.
const rollOut = (file, { hosts = names(), slower = '1000', watch = '8s', more = [] } = {}) => run(programs.levee, ['rules', 'apply', file,
    '--agents', hosts.join(','), '--watch', watch, '--most-slower', slower, '--reason', 'INC-42', '--author', 'ana', ...more],
    { timeout: 120000 });
const texts = () => Promise.all(stands.map(async (stand) => (await stand.view.levee('rules', 'show')).stdout));

test('good rules come to all hosts, the first one first', async () => {
    const file = stands[0].write('good.yaml', kRules.replace('3s', '4s'));
    const { code, stdout, stderr } = await rollOut(file);
    assert.equal(code, 0, stdout + stderr);
    const [first, second, third] = names();
    const said = stdout.split('\n').filter((line) => /revision|watching|in force on/.test(line));
    assert.deepEqual(said, [`${first}: revision 2 is in force`, `watching ${first} for 8s`,
        `${second}: revision 2 is in force`, `${third}: revision 2 is in force`, 'watching all of them for 8s',
        'in force on 3 of 3 hosts']);
    for (const text of await texts())
        assert.match(text, /openFor: 4s/);
});

test('rules that do harm on the first host never reach the others, and are taken back', async () => {
    const before = await texts();
    const file = stands[0].write('tight.yaml', kTight);
    const { code, stdout, stderr } = await rollOut(file);
    assert.equal(code, 1, stdout + stderr);
    assert.match(stderr, /worse since the new rules: .*payment: refused [\d.]+ % -> [\d.]+ % of \d+ requests/);
    assert.match(stdout, new RegExp(`${names()[0]}: rolled back: revision 4 is in force`));
    assert.deepEqual(await texts(), before);
    const revisions = await Promise.all(stands.map(async (stand) =>
        (await stand.view.levee('rules', 'list')).stdout.match(/(\d+) +in force/)[1]));
    assert.deepEqual(revisions, ['4', '2', '2']);
    assert.match((await stands[0].view.levee('rules', 'list')).stdout, /rolled back: INC-42/);
});

test('what the operator allows is no harm', async () => {
    const file = stands[0].write('tight.yaml', kTight);
    const { code, stdout, stderr } = await rollOut(file, { hosts: names().slice(0, 1), more: ['--most-refused', '1'] });
    assert.equal(code, 0, stdout + stderr);
    assert.equal((await stands[0].view.levee('rules', 'rollback')).code, 0);
});

test('what befalls all hosts is not held against the rules', async () => {
    const file = stands[0].write('good.yaml', kRules.replace('3s', '2s'));
    const applied = rollOut(file, { slower: '3' });
    await eventually('the first host has them', async () => assert.match((await texts())[0], /openFor: 2s/));
    // Slow, yet not so much that 40/s would fill the limit: what a limiter does then would come later, on the hosts that
    // have the rules by that time.
    for (const stand of stands)
        stand.backend.answer = (request, response) => setTimeout(() => response.end('late\n'), 60);
    const { code, stdout, stderr } = await applied;
    for (const stand of stands)
        stand.backend.heal();
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /p99 .*so it is on hosts without the new rules: not held against them/, stdout + stderr);
    assert.match(stdout, new RegExp(`${names()[1]}: revision \\d+ is in force`));
});

test('one host that does not answer, or refuses: nothing changes anywhere', async () => {
    const before = await texts();
    const good = stands[0].write('good.yaml', kRules.replace('3s', '7s'));
    const lost = await rollOut(good, { hosts: [...names(), '127.0.0.1:1'] });
    assert.equal(lost.code, 1);
    assert.match(lost.stderr, /127\.0\.0\.1:1: no agent answers.*\n.*nothing was changed on any host/s);
    const bad = await rollOut(stands[0].write('bad.yaml', kRules.replace('openFor', 'openfor')));
    assert.equal(bad.code, 1);
    assert.match(bad.stderr, /openfor/);
    assert.deepEqual(await texts(), before);
    assert.equal((await rollOut(good, { hosts: [names()[0], names()[0]] })).code, 2);
    assert.equal((await rollOut(good, { watch: '4s' })).code, 2);
});

test('a first host that is gone with the new rules keeps them from the others', async () => {
    const before = await texts();
    const applied = rollOut(stands[0].write('good.yaml', kRules.replace('3s', '9s')));
    await eventually('the first host has them', async () => assert.match((await texts())[0], /openFor: 9s/));
    await stands[0].endAgent('SIGKILL');
    const { code, stdout, stderr } = await applied;
    assert.equal(code, 1, stdout + stderr);
    assert.match(stderr, /since the new rules: no agent answers/);
    assert.deepEqual((await texts()).slice(1), before.slice(1));
});
