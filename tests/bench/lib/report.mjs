// SPDX-License-Identifier: Apache-2.0
// What a bench found: rows for people, data for programs, and what did not work at all.
import { text } from './figures.mjs';

export class Report {
    constructor(name) {
        this.name = name;
        this.rows = [];
        this.data = {};
        this.broken = [];
    }

    /// holds: whether the bar is met; undefined where there is no bar.
    add(what, value, unit = '', bar = '', holds = undefined) {
        this.rows.push({ what, value, unit, bar, holds });
    }

    /// For what must work on any machine, however slow.
    require(holds, what) {
        if (!holds)
            this.broken.push(what);
    }

    markdown() {
        const rows = this.rows.map(({ what, value, unit, bar, holds }) =>
            `| ${what} | ${text(value, unit)} | ${bar}${holds === undefined ? '' : holds ? ' ok' : ' **MISSED**'} |`);
        return [`### ${this.name}`, '', '| measure | figure | bar |', '| --- | ---: | --- |', ...rows,
            ...this.broken.map((what) => `\nBROKEN: ${what}`), ''].join('\n');
    }
}
