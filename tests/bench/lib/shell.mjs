// SPDX-License-Identifier: Apache-2.0
// A shell as an operator has one open. What it starts begins where its own clock says, and not where this process, which
// has to wait for a core like everybody else, got round to starting it.
import { spawn } from 'node:child_process';
import readline from 'node:readline';

const quoted = (word) => `'${String(word).replaceAll("'", "'\\''")}'`;
const millis = (seconds) => Number(seconds) * 1000;

export class Shell {
    constructor() {
        this.child = spawn('bash', ['--norc'], { stdio: ['pipe', 'pipe', 'ignore'] });
        this.lines = readline.createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    }

    /// Resolves to {began, ended: milliseconds since 1970}.
    async run(program, ...args) {
        const words = [program, ...args].map(quoted).join(' ');
        this.child.stdin.write(`b=$EPOCHREALTIME; ${words} >/dev/null 2>&1; echo "$b $EPOCHREALTIME $?"\n`);
        const { value } = await this.lines.next();
        const [began, ended, code] = value.split(' ');
        if (code !== '0')
            throw new Error(`${words} ended with ${code}`);
        return { began: millis(began), ended: millis(ended) };
    }

    close() {
        this.child.stdin.end();
    }
}

/// The lines of a program that goes on, each as onLine(at: milliseconds since 1970, text). Returns a function that ends it.
export function followLines(program, args, onLine) {
    const script = '"$0" "$@" </dev/null | while IFS= read -r line; do echo "$EPOCHREALTIME $line"; done';
    const child = spawn('bash', ['--norc', '-c', script, program, ...args],
        { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    readline.createInterface({ input: child.stdout }).on('line', (line) => {
        const space = line.indexOf(' ');
        onLine(millis(line.slice(0, space)), line.slice(space + 1));
    });
    return () => {
        try {
            process.kill(-child.pid);
        } catch {
            // it has ended by itself
        }
    };
}
