// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';

const kReport = /ERROR: (Address|Leak)Sanitizer|WARNING: ThreadSanitizer|: runtime error: /;
const kLinesShown = 60;

/// Fails with the first report of a sanitizer in `scratch`/log. A program goes on after a race, and leaks are told when it
/// ends: nobody sees its exit code then.
export function assertNoSanitizerReports(scratch) {
    const folder = path.join(scratch, 'log');
    for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
        const lines = fs.readFileSync(path.join(folder, name), 'utf8').split('\n');
        const first = lines.findIndex((line) => kReport.test(line));
        if (first >= 0)
            throw new Error(`${name}:\n${lines.slice(first, first + kLinesShown).join('\n')}`);
    }
}
