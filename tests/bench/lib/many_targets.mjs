// SPDX-License-Identifier: Apache-2.0
// Forked by bad_targets_bench: so many small targets that each note when they were scraped.
//   many_targets.mjs COUNT     sends {ports}; on 'take' sends {arrivals: [[ms of the process' clock ...] a port]}
import { once } from 'node:events';
import http from 'node:http';
import { portPicker } from '../../shop/demo/ports.mjs';

const kPage = '# TYPE jobs gauge\njobs{kind="a"} 1\njobs{kind="b"} 2\n';
const pick = portPicker();
const ports = [];
let arrivals = [];
for (let i = 0; i < Number(process.argv[2]); i += 1) {
    arrivals.push([]);
    const server = http.createServer((request, response) => {
        arrivals[i].push(performance.now());
        response.setHeader('content-type', 'text/plain; version=0.0.4');
        response.end(kPage);
    });
    ports.push(await pick());
    server.listen(ports[i], '127.0.0.1');
    await once(server, 'listening');
}
process.on('message', () => {
    process.send({ arrivals });
    arrivals = arrivals.map(() => []);
});
process.on('disconnect', () => process.exit());
process.send({ ports });
