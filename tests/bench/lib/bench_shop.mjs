// SPDX-License-Identifier: Apache-2.0
// One shop for one bench, gone afterwards whatever happened.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startShop } from '../../shop/demo/shop.mjs';
import { assertNoSanitizerReports } from '../../support/sanitizer_reports.mjs';
import { AgentView } from './agent.mjs';

/// rate 0: the shop has no load of its own. use({shop, agent, gatewayFolder}).
export async function withShop({ programs, signal, say }, { rate = 0, ...options }, use) {
    const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'levee-bench-'));
    let shop;
    let isWell = false;
    try {
        shop = await startShop({ agent: programs.agent, loadgen: rate > 0 ? programs.loadgen : null, rate, scratch,
            signal, ...options });
        await use({ shop, agent: new AgentView(programs, shop), gatewayFolder: path.join(scratch, 'gateway') });
        isWell = true;
    } finally {
        await shop?.stop();
        assertNoSanitizerReports(scratch);
        if (isWell)
            fs.rmSync(scratch, { recursive: true, force: true });
        else
            say(`the logs are in ${scratch}`);
    }
}
