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

const kScenario = `apiVersion: levee/v1
kind: Scenario
metadata: {name: quiet}
spec:
  matrix: {servers: [4, 8]}
  duration: 10s
  seeds: 2
  algorithms: [levee, none]
  services:
    - {name: payment, servers: "\${servers}", work: constant 20ms}
  clients:
    - {name: users, to: payment, rate: 0.5x}
  expect:
    - {of: payment, goodput: 30%..70%}
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

test('rules are tested: 0 when all is as expected, 1 when not, 3 for a bad file', async () => {
    const rules = file('tested.yaml', kGoodRules);
    const dark = (expected) => `apiVersion: levee/v1
kind: GuardTest
metadata: {name: payment goes dark}
spec:
  guard: {client: checkout, service: payment}
  traffic: [{for: 5s, rate: 100/s}, {for: 5s, failures: 100%}]
  expect: [${expected}]
`;
    const good = file('dark.test.yaml', dark('{breaker: opens, from: 5s, within: 300ms}'));
    const right = await levee('rules', 'test', rules, good);
    assert.equal(right.code, 0, right.stdout + right.stderr);
    assert.match(right.stdout, /^ok +payment goes dark +\(checkout->payment, rule pay, 1000 requests, \d+ refused\)$/m);
    const wrong = await levee('rules', 'test', rules, file('wrong.test.yaml', dark('{breaker: closed}')), '-o', 'junit');
    assert.equal(wrong.code, 1);
    assert.match(wrong.stdout, /<testsuite name=".*wrong\.test\.yaml" tests="1" failures="1">/);
    const bad = file('bad.test.yaml', dark('{breaker: shut}'));
    const refused = await levee('rules', 'test', rules, bad);
    assert.equal(refused.code, 3);
    assert.match(refused.stderr, new RegExp(`^${bad}:7:22: error: `, 'm'));
    assert.equal((await levee('rules', 'test', rules)).code, 3);
    assert.equal((await levee('check', 'rules', good)).code, 1);
});

test('scenarios of a matrix are counted, bad ones exit 1', async () => {
    const right = await levee('check', 'scenario', file('quiet.yaml', kScenario));
    assert.equal(right.code, 0);
    assert.match(right.stdout, /^2 scenarios, all right$/m);
    const bad = file('bad-scenario.yaml', kScenario.replace('30%..70%', '70%..30%'));
    const wrong = await levee('check', 'scenario', bad);
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, new RegExp(`^${bad}:14:30: error: .*goodput`, 'm'));
});

test('a good metrics page exits 0, a malformed one 1, lint 3', async () => {
    const page = '# HELP a_total Things.\n# TYPE a_total counter\na_total 1\n';
    assert.equal((await levee('check', 'metrics', file('good.prom', page))).code, 0);
    assert.equal((await levee('check', 'metrics', file('bad.prom', 'a{b="c 1\n'))).code, 1);
    assert.equal((await levee('check', 'metrics', file('lint.prom', '# TYPE a counter\na 1\n'))).code, 3);
});

test('check metrics judges OpenMetrics to the letter, every mistake at once', async () => {
    const check = (name, text) => levee('check', 'metrics', '--format', 'openmetrics', file(name, text));
    const right = await check('good.om', '# TYPE a counter\na_total 1 # {trace_id="x"} 0.5\n# EOF\n');
    assert.deepEqual([right.code, right.stderr], [0, '']);
    const wrong = await check('bad.om', '# TYPE a counter\na 1\nb x\n');
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /bad\.om:2:1: error: .*a_total[^]*bad\.om:3:3: error: [^]*bad\.om:4:1: error: .*# EOF/);
});

test('an expression is checked as an argument, a file or standard input', async () => {
    const right = await levee('check', 'promql', 'rate(a_total[5m]) > 1');
    assert.equal(right.code, 0, right.stderr);
    assert.match(right.stdout, /it gives an instant vector/);
    const argument = await levee('check', 'promql', 'rate(a_total)');
    assert.equal(argument.code, 1);
    assert.match(argument.stderr, /^1:6: error: .*range vector/);
    const wrong = file('wrong.promql', '# two lines\nsum(a_total[5m])\n');
    assert.match((await levee('check', 'promql', wrong)).stderr, new RegExp(`^${wrong}:2:5: error: `));
    assert.equal((await run(programs.levee, ['check', 'promql', '-'], { input: '1 + 1' })).code, 0);
});

test('what is not understood is a usage error', async () => {
    for (const args of [[], ['frobnicate'], ['get', 'everything'], ['get', 'services', '-o', 'xml'], ['check'], ['query'], ['query', 'up', '-o', 'xml'],
        ['rules', 'apply', 'x.yaml'], ['simulate'], ['simulate', 'x.yaml', '--seeds', '0'],
        ['simulate', 'x.yaml', '--seeds', '2', '--seed', '2'], ['simulate', 'x.yaml', '-o', 'xml'], ['--nonsense', 'get', 'services']])
        assert.equal((await levee(...args)).code, 2, args.join(' '));
});

test('help and version exit 0', async () => {
    const version = await levee('--version');
    assert.equal(version.code, 0);
    assert.match(version.stdout, /^levee \d/);
    assert.match((await levee('--help')).stdout, /get.*rules/s);
});

test('a simulation whose expectations are met exits 0 and shows the algorithms side by side', async () => {
    const { code, stdout, stderr } = await levee('simulate', file('quiet.yaml', kScenario));
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^quiet\[servers=4\]: payment, 0s to 10s, 2 seeds$/m);
    assert.match(stdout, /^levee .* 1 of 1/m);
    assert.match(stdout, /^none .* 1 of 1/m);
    assert.match(stdout, /^2 scenarios, all as expected$/m);
});

test('a missed expectation exits 1 with its place, what was found, and the seed that shows it', async () => {
    const missed = file('missed.yaml', kScenario.replace('30%..70%', '">= 90%"'));
    const { code, stdout } = await levee('simulate', missed);
    assert.equal(code, 1);
    const line = stdout.match(new RegExp(
        `^ +${missed}:14: levee: goodput of payment, 0s to 10s: expected >= 90%, found ([\\d.]+%) with seed (\\d); `
        + '0 of 2 seeds met it$', 'm'));
    assert.ok(line, stdout);
    const again = await levee('simulate', missed, '--scenario', 'servers=4', '--algorithm', 'levee', '--seed', line[2]);
    assert.match(again.stdout, new RegExp(`found ${line[1]} with seed ${line[2]}$`, 'm'));
    assert.doesNotMatch(again.stdout, /^none|servers=8/m);
});

test('who is only compared misses nothing', async () => {
    const only = file('only.yaml', kScenario.replace('30%..70%', '">= 90%", algorithms: [none]'));
    assert.equal((await levee('simulate', only, '--algorithm', 'levee')).code, 0);
    assert.equal((await levee('simulate', only)).code, 1);
});

test('a broken scenario exits 3 with every mistake, and nothing is run', async () => {
    const bad = file('bad-scenario.yaml', kScenario.replace('0.5x', '0.5').replace('constant', 'steady'));
    const { code, stdout, stderr } = await levee('simulate', file('fine.yaml', kScenario), bad);
    assert.equal(code, 3);
    assert.equal(stdout, '');
    assert.match(stderr, new RegExp(`^${bad}:10:52: error: .*work.*steady 20ms`, 'm'));
    assert.match(stderr, new RegExp(`^${bad}:12:40: error: .*rate.*'0.5'`, 'm'));
    assert.equal((await levee('simulate', path.join(folder, 'none.yaml'))).code, 3);
});

test('an algorithm or a scenario that does not exist is a usage error that names the known ones', async () => {
    const quiet = file('quiet.yaml', kScenario);
    const algorithm = await levee('simulate', quiet, '--algorithm', 'levee,vegan');
    assert.equal(algorithm.code, 2);
    assert.match(algorithm.stderr, /'vegan'.*levee, none/);
    assert.equal((await levee('simulate', quiet, '--algorithm', 'fixed')).code, 2, 'needs a limit');
    assert.equal((await levee('simulate', quiet, '--scenario', 'servers=5')).code, 2);
});

test('the number of threads changes nothing', async () => {
    const quiet = file('quiet.yaml', kScenario);
    const runs = await Promise.all(['1', '4'].map((jobs) =>
        levee('simulate', quiet, '--seeds', '5', '--jobs', jobs, '-o', 'json')));
    assert.equal(runs[0].code, 0);
    assert.equal(runs[0].stdout, runs[1].stdout);
    const [first] = JSON.parse(runs[0].stdout);
    assert.equal(first.scenario, 'quiet[servers=4]');
    assert.deepEqual(first.seeds, [1, 2, 3, 4, 5]);
    const [own] = first.algorithms;
    assert.equal(own.algorithm, 'levee');
    assert.equal(own.expectations[0].seedsMet, 5);
    assert.ok(Math.abs(own.figures.goodput - 0.5) < 0.1);
    assert.equal(own.figures.settle, null);
});

test('without an agent a command exits 1 and says what to do', async () => {
    const nobody = `unix:${path.join(folder, 'nobody.sock')}`;
    const rules = file('some-rules.yaml', kGoodRules);
    for (const args of [['get', 'services'], ['get', 'events'], ['get', 'services', '-w'], ['query', 'up'], ['rules', 'list'],
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
