// SPDX-License-Identifier: Apache-2.0
// What a test here is started with, `node X_test.mjs AGENT LEVEE LOADGEN`, and what it needs beside that.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram, missingPrograms } from '../shop/demo/backends.mjs';
import { endLeftovers, findLeftovers } from '../shop/demo/leftovers.mjs';
import { installModules } from '../shop/demo/shop.mjs';
import { assertNoSanitizerReports } from '../support/sanitizer_reports.mjs';

const [agent, levee, loadgen] = process.argv.slice(2, 5).map((file) => path.resolve(file));
export const programs = { agent, levee, loadgen };

// Below the time-out of ctest, which leaves no time to clean up.
const kWatchdogMs = process.env.LEVEE_TEST_MINUTES === undefined ? 170000
    : Number(process.env.LEVEE_TEST_MINUTES) * 60000;

/// Ends the process with a line that ctest takes for "skipped" when something is not installed.
export function skipUnlessInstalled({ shop = false, gateway = true } = {}) {
    const missing = gateway && findProgram('haproxy') === null ? ['haproxy'] : [];
    let reason = [...missing, ...shop ? missingPrograms() : []].join(', ');
    if (reason === '' && shop) {
        try {
            installModules();
        } catch (error) {
            reason = error.message.split('\n').slice(0, 2).join(' ');
        }
    }
    if (reason !== '') {
        console.log(`SKIP: not installed: ${reason}`);
        process.exit(0);
    }
    if (programs.loadgen === undefined) {
        console.error(`usage: node ${process.argv[1]} LEVEE-AGENT LEVEE LEVEE-LOADGEN`);
        process.exit(2);
    }
}

/// Nothing that was started in this folder outlives the test, however the test ends.
export function sweepAtEnd(scratch) {
    const sweep = (why) => {
        console.error(`${why}; ending what runs in ${scratch}`);
        for (const pid of findLeftovers(scratch))
            process.kill(pid, 'SIGKILL');
        process.exit(1);
    };
    process.once('SIGINT', () => sweep('interrupted'));
    process.once('SIGTERM', () => sweep('terminated'));
    setTimeout(() => sweep(`not over after ${kWatchdogMs / 1000} s`), kWatchdogMs).unref();
}

export async function removeScratch(scratch) {
    await endLeftovers(scratch);
    assertNoSanitizerReports(scratch);
    if (process.env.LEVEE_KEEP_SCRATCH === undefined)
        fs.rmSync(scratch, { recursive: true, force: true });
}

let hasGivenUp = false;

/// Repeats check() until it throws nothing, and returns what it returns. At the deadline fails with its last error.
export async function eventually(what, check, deadlineMs = 60000) {
    const deadline = Date.now() + deadlineMs;
    for (;;) {
        try {
            return await check();
        } catch (error) {
            if (hasGivenUp || Date.now() >= deadline) {
                // What comes after it in the file builds on it: no more waiting.
                hasGivenUp = true;
                error.message = `${what}, not after ${deadlineMs / 1000} s: ${error.message}`;
                throw error;
            }
        }
        await sleep(50);
    }
}
