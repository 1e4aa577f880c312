// SPDX-License-Identifier: Apache-2.0
// The whole shop under load: the map holds exactly what is there, and everything on it is proven.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findProgram } from '../shop/demo/backends.mjs';
import { startShop } from '../shop/demo/shop.mjs';
import { AgentView, run } from './agent_view.mjs';
import { eventually, programs, removeScratch, skipUnlessInstalled, sweepAtEnd } from './programs.mjs';

skipUnlessInstalled({ shop: true });

const kNodes = {
    web: 'service', checkout: 'service', payment: 'service', ledger: 'service', fulfilment: 'service',
    redis: 'cache', 'rabbitmq:orders': 'queue', user: 'user',
};
const kEdges = ['user->web', 'web->checkout', 'checkout->payment', 'payment->ledger', 'ledger->redis',
    'checkout->rabbitmq:orders', 'rabbitmq:orders->fulfilment'];
const kInbound = ['checkout', 'ledger', 'payment', 'web'];

let shop;
let view;
before(async () => {
    shop = await startShop({ ...programs, rate: 60, say: (text) => console.log(`# ${text}`) });
    sweepAtEnd(shop.state.scratch);
    view = new AgentView({ http: shop.urls.agent, grpc: shop.urls.agentGrpc });
});
after(async () => {
    await shop?.stop();
    if (shop)
        await removeScratch(shop.state.scratch);
});

const get = (what) => view.leveeJson('get', what);

/// What runs on this machine beside the shop and has nothing to do with it is on the map as well.
function withoutStrangers({ nodes, edges }) {
    const isStranger = (edge) => !(edge.client in kNodes) && !(edge.server in kNodes)
        && edge.evidence.join() === 'sockets';
    const strangers = new Set(edges.filter(isStranger).flatMap((edge) => [edge.client, edge.server]));
    return { edges: edges.filter((edge) => !isStranger(edge)), nodes: nodes.filter((node) => !strangers.has(node.name)) };
}

function assertMap(state) {
    const { nodes, edges } = withoutStrangers(state);
    assert.deepEqual(Object.fromEntries(nodes.map((n) => [n.name, n.kind]).sort()),
        Object.fromEntries(Object.entries(kNodes).sort()));
    assert.deepEqual(edges.map((e) => `${e.client}->${e.server}`).sort(), kEdges.slice().sort());
}

test('the map is exactly the shop', async () => {
    const seen = await eventually('the map is whole', async () => {
        const state = await get('services');
        assertMap(state);
        return state.sequence;
    });
    await eventually('five seconds more', async () => {
        const state = await view.state();
        assertMap(state);
        assert.ok(state.sequence >= seen + 5);
    });
});

test('every edge carries traffic and shows where that is known from', async () => {
    await eventually('all edges carry traffic', async () => {
        const { edges } = withoutStrangers(await get('edges'));
        for (const edge of edges) {
            assert.ok(edge.traffic.request_rate > 10, `${edge.client}->${edge.server}: ${JSON.stringify(edge)}`);
            assert.equal(edge.health, 'ok', `${edge.client}->${edge.server}`);
        }
        const guarded = edges.filter((e) => kInbound.includes(e.client) && kInbound.includes(e.server));
        assert.equal(guarded.length, 3);
        for (const edge of guarded)
            assert.deepEqual(edge.evidence, ['traces', 'gateway', 'sockets'], `${edge.client}->${edge.server}`);
    });
});

test('every edge has connections with a round-trip time', async () => {
    await eventually('all edges have connections', async () => {
        const { edges } = withoutStrangers(await get('edges'));
        for (const { client, server, evidence, sockets } of edges) {
            assert.ok(evidence.includes('sockets') && sockets !== null, `${client}->${server}`);
            assert.ok(sockets.connections > 0 && sockets.rtt_seconds >= sockets.min_rtt_seconds, `${client}->${server}`);
            assert.ok(sockets.min_rtt_seconds > 0 && sockets.min_rtt_seconds < 0.01, `${client}->${server}`);
        }
    });
});

test('the host and what each service uses are told', async () => {
    await eventually('all services have their processes', async () => {
        const { host, nodes } = await get('hosts');
        assert.ok(host.cores > 0 && host.memory_bytes > host.memory_available_bytes && host.cpu.used > 0);
        for (const name of [...kInbound, 'fulfilment', 'redis']) {
            const { usage } = nodes.find((node) => node.name === name);
            assert.ok(usage !== null && usage.rss_bytes > 1e6 && usage.cpu_cores !== null && usage.threads > 0, name);
            assert.ok(usage.cpu_pressure >= 0 && usage.cpu_pressure <= 1, name);
        }
        assert.deepEqual(host.processes.filter((process) => process.service === 'web').map((process) => process.pid),
            [shop.daemons.web.pid]);
    });
});

test('all targets are up', async () => {
    await eventually('all targets are up', async () => {
        const { targets } = await get('targets');
        assert.ok(targets.length >= 7);
        assert.deepEqual(targets.filter((target) => !target.up), []);
    });
});

test('every guard is proven to be in force', async () => {
    const guards = await eventually('all guards enforce', () => view.assertEnforced());
    assert.deepEqual(guards.map((g) => g.subject).sort(),
        ['checkout', 'checkout->payment', 'ledger', 'payment', 'payment->ledger', 'web', 'web->checkout']);
    for (const guard of guards) {
        assert.equal(guard.has_limit, kInbound.includes(guard.subject), guard.subject);
        assert.equal(guard.has_breaker, !guard.has_limit, guard.subject);
    }
});

test('there is advice for each guarded service', async () => {
    await eventually('advice', async () => {
        const { advice } = await get('advice');
        assert.deepEqual(advice.map((a) => a.service).sort(), kInbound);
        for (const each of advice) {
            assert.ok(each.recommended >= 1 && each.current === 1, JSON.stringify(each));
            assert.notEqual(each.reason, '');
        }
    });
});

test('tables and the HTTP state tell the same', async () => {
    const table = await view.levee('get', 'edges');
    assert.equal(table.code, 0);
    assert.match(table.stdout, /^CLIENT +SERVER/);
    const lines = table.stdout.trimEnd().split('\n').slice(1).map((line) => line.split(/ +/));
    const strangers = lines.filter(([client, server]) => !(client in kNodes) && !(server in kNodes));
    assert.equal(lines.length - strangers.length, kEdges.length);
    assertMap(await view.state());
});

test('the agent\'s own metrics name each service\'s replicas', async () => {
    for (const service of kInbound)
        assert.ok(await view.metric(`levee_recommended_replicas{service="${service}"}`) >= 1);
    assert.equal(await view.metric('levee_gateway_log_malformed_total'), 0);
});

test('the agent\'s own metrics are well-formed', async (t) => {
    const { text } = await view.page('/metrics');
    const own = await run(programs.levee, ['check', 'metrics'], { input: text });
    assert.equal(own.code, 0, own.stderr);
    const promtool = findProgram('promtool');
    if (promtool === null)
        return t.skip('promtool is not installed');
    const checked = await run(promtool, ['check', 'metrics'], { input: text });
    assert.equal(checked.code, 0, checked.stdout + checked.stderr);
});

test('spans arrive, and none is malformed', async () => {
    assert.ok(await view.metric('levee_spans_total{result="accepted"}') > 0);
    assert.equal(await view.metric('levee_span_requests_total{result="malformed"}'), 0);
});
