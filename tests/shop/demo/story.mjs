// SPDX-License-Identifier: Apache-2.0
// What the demo shows without a window: a healthy shop, a payment that fails, the breaker that opens, the
// way back; a screenshot in the middle and the state as tables at the end.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const kTables = ['services', 'edges', 'breakers', 'limits', 'advice', 'targets', 'hosts', 'events'];
const kScreenshotMs = 5000;

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/// values: {dashboard, cli, screenshot}, each may be missing. Takes about `durationMs`.
export async function tellStory(shop, { dashboard, cli, screenshot }, durationMs, say) {
    const part = durationMs / 6;
    say('the shop runs undisturbed');
    const picture = dashboard ? takePicture(shop, { dashboard, screenshot, after: 3 * part }, say) : null;
    await pause(2 * part);
    say('payment now fails every request: the breaker on checkout -> payment opens');
    await shop.services.payment.setFault({ errorShare: 1 });
    await pause(part + kScreenshotMs);
    if (picture)
        await picture;
    await shop.services.payment.heal();
    say('payment is healed: traffic comes back by probes and a ramp');
    await pause(Math.max(0, 3 * part - kScreenshotMs));
    if (cli)
        await printTables(shop, cli);
}

/// The dashboard is open from the start, so that its charts have something to show.
async function takePicture(shop, { dashboard, screenshot, after }, say) {
    const file = path.resolve(screenshot);
    try {
        await run(dashboard, ['--connect', shop.urls.agentGrpc, '--screenshot', file,
            '--after', `${Math.round(after)}ms`, '--select', 'payment'],
        { env: { ...process.env, QT_QPA_PLATFORM: 'offscreen' }, timeout: after + 60000 });
        say(`screenshot: ${file}`);
    } catch (error) {
        say(`no screenshot: ${error.stderr || error.message}`);
    }
}

async function printTables(shop, cli) {
    for (const table of kTables) {
        const { stdout } = await run(cli, ['--agent', shop.urls.agentGrpc, 'get', table]);
        console.log(`\n${table.toUpperCase()}\n${stdout.trimEnd()}`);
    }
    console.log();
}
