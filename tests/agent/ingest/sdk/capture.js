// SPDX-License-Identifier: Apache-2.0
// Stores the bodies that an OTLP/HTTP sender posts: node capture.js DIRECTORY PREFIX
// Prints the port it listens on. Made tests/data/otlp/sdk_*.bin, together with send_spans.js.
'use strict';
const fs = require('fs');
const http = require('http');
const [directory, prefix] = process.argv.slice(2);
let n = 0;
http.createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    n += 1;
    fs.writeFileSync(`${directory}/${prefix}_${n}.bin`, Buffer.concat(parts));
    response.writeHead(200, { 'Content-Type': 'application/x-protobuf' });
    response.end();
  });
}).listen(0, '127.0.0.1', function () {
  console.log(this.address().port);
});
