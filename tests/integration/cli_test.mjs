// SPDX-License-Identifier: Apache-2.0
// The command line by itself: exit codes that scripts rely on, and messages that say what to do.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { run } from './agent_view.mjs';
import { programs, skipUnlessInstalled } from './programs.mjs';

skipUnlessInstalled({ gateway: false });

const kGoodConfig = `host: a
state_dir: /tmp/levee-cli-test
listen: {http: "127.0.0.1:7401", grpc: "127.0.0.1:7400"}
`;
const kGoodRules = `apiVersion: levee/v1
kind: Guard
metadata: {name: pay}
spec:
  match: {client: checkout, service: payment}
  breaker: {openFor: 3s}
`;

let folder;
before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'levee-cli-'));
});
after(() => fs.rmSync(folder, { recursive: true, force: true }));

function file(name, text) {
    const made = path.join(folder, name);
    fs.mkdirSync(path.dirname(made), { recursive: true });
    fs.writeFileSync(made, text);
    return made;
}

const levee = (...args) => run(programs.levee, args);

test('a good configuration is said to be right', async () => {
    const good = file('good.yaml', kGoodConfig);
    const { code, stdout } = await levee('check', 'config', good);
    assert.equal(code, 0);
    assert.match(stdout, /the configuration is right/);
});

test('a bad configuration exits 1 with every mistake at its line and column', async () => {
    const bad = file('bad.yaml', `${kGoodConfig}hots: b\nlifecycle_api: maybe\n`);
    const { code, stdout, stderr } = await levee('check', 'config', bad);
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, new RegExp(`^${bad}:4:1: error: .*hots.*host`, 'm'));
    assert.match(stderr, new RegExp(`^${bad}:5:16: error: .*lifecycle_api`, 'm'));
});

test('a configuration that is not there exits 1 and says why', async () => {
    const { code, stderr } = await levee('check', 'config', path.join(folder, 'none.yaml'));
    assert.equal(code, 1);
    assert.match(stderr, /none\.yaml.*No such file/);
});

test('good rules are counted, bad ones exit 1', async () => {
    const good = file('good-rules.yaml', kGoodRules);
    const right = await levee('check', 'rules', good);
    assert.equal(right.code, 0);
    assert.match(right.stdout, /^1 rule, right$/m);
    const bad = file('bad-rules.yaml', kGoodRules.replace('3s', '3 parsecs'));
    const wrong = await levee('check', 'rules', good, bad);
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, new RegExp(`^${bad}:6:22: error: `, 'm'));
});

test('a good metrics page exits 0, a malformed one 1, lint 3', async () => {
    const page = '# HELP a_total Things.\n# TYPE a_total counter\na_total 1\n';
    assert.equal((await levee('check', 'metrics', file('good.prom', page))).code, 0);
    assert.equal((await levee('check', 'metrics', file('bad.prom', 'a{b="c 1\n'))).code, 1);
    assert.equal((await levee('check', 'metrics', file('lint.prom', '# TYPE a counter\na 1\n'))).code, 3);
});

test('what is not understood is a usage error', async () => {
    for (const args of [[], ['frobnicate'], ['get', 'everything'], ['get', 'services', '-o', 'xml'], ['check'],
        ['rules', 'apply', 'x.yaml'], ['--nonsense', 'get', 'services']])
        assert.equal((await levee(...args)).code, 2, args.join(' '));
});

test('help and version exit 0', async () => {
    const version = await levee('--version');
    assert.equal(version.code, 0);
    assert.match(version.stdout, /^levee \d/);
    assert.match((await levee('--help')).stdout, /get.*rules/s);
});

test('without an agent a command exits 1 and says what to do', async () => {
    const nobody = `unix:${path.join(folder, 'nobody.sock')}`;
    const rules = file('some-rules.yaml', kGoodRules);
    for (const args of [['get', 'services'], ['get', 'events'], ['get', 'services', '-w'], ['rules', 'list'],
        ['rules', 'show'], ['rules', 'rollback'], ['rules', 'apply', rules, '--reason', 'test']]) {
        const { code, stdout, stderr } = await levee('--agent', nobody, ...args);
        assert.equal(code, 1, args.join(' '));
        assert.equal(stdout, '');
        assert.match(stderr, /no agent answers at .*nobody\.sock.*is levee-agent running/, args.join(' '));
    }
    assert.equal((await levee('--agent', nobody, 'rules', 'diff', rules)).code, 2, 'diff says 2 for trouble');
});

test('the agent checks its configuration and rules without starting', async () => {
    const config = file('agent/agent.yaml', `${kGoodConfig}rule_files: ["rules.d/*.yaml"]\n`);
    const rules = file('agent/rules.d/pay.yaml', kGoodRules);
    const check = () => run(programs.agent, ['--check', '--config', config]);
    const right = await check();
    assert.equal(right.code, 0, right.stderr);
    fs.writeFileSync(rules, kGoodRules.replace('openFor', 'openfor'));
    const wrongRules = await check();
    assert.equal(wrongRules.code, 1);
    assert.match(wrongRules.stderr, new RegExp(`^${rules}:6:13: error: .*openFor`, 'm'));
    fs.writeFileSync(config, 'host: [\n');
    const wrongConfig = await check();
    assert.equal(wrongConfig.code, 1);
    assert.match(wrongConfig.stderr, new RegExp(`^${config}:\\d+:\\d+: error: `, 'm'));
    assert.ok(!fs.existsSync('/tmp/levee-cli-test'), 'a check makes nothing');
});

test('the agent does not start on a bad configuration', async () => {
    const { code, stderr } = await run(programs.agent, ['--config', file('wrong.yaml', 'hots: a\n')]);
    assert.equal(code, 1);
    assert.match(stderr, /wrong\.yaml:1:1: error: /);
});
