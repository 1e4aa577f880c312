#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Prometheus' answers to the expressions of tests/data/promql/oracle, one JSON object a line:
//   ask_prometheus.mjs FOLDER > FOLDER/answers.jsonl
// Starts the machine's prometheus in a scratch folder on a free port, sends it the series by remote write (which
// carries times and stale markers exactly), and asks its HTTP API.
import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const kStart = 1_700_000_000;
const kInstants = [62, 305, 600];
const kStaleMarker = 0x7ff0000000000002n;

const linesOf = (file) => readFileSync(file, 'utf8').split('\n').filter((line) => line && !line.startsWith('#'));

// series.txt

function valuesOf(token) {
  const repeated = /^([^x]+)x(\d+)$/.exec(token);
  if (!repeated) return [token];
  const [, each, count] = repeated;
  const [, first, step] = /^(.*?[^eE])\+(.+)$/.exec(each) ?? [null, each, null];
  return Array.from({length: Number(count) + 1}, (_, i) => (step === null ? first : Number(first) + Number(step) * i));
}

function seriesOf(line) {
  const [, name, body, rest] = /^([\w:]+)\{(.*)\} (.*)$/.exec(line);
  const labels = [['__name__', name]];
  for (const [, label, value] of body.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g))
    if (value !== '') labels.push([label, JSON.parse(`"${value}"`)]);
  const [first, step, ...tokens] = rest.split(' ');
  const samples = [];
  let at = Number(first);
  for (const value of tokens.flatMap(valuesOf)) {
    if (value !== '_') samples.push([Math.round((kStart + at) * 1000), value]);
    at += Number(step);
  }
  return {labels: labels.sort(([a], [b]) => (a < b ? -1 : 1)), samples};
}

function bitsOf(value) {
  const bytes = Buffer.alloc(8);
  if (value === 'stale') bytes.writeBigUInt64LE(kStaleMarker);
  else bytes.writeDoubleLE(Number(String(value).replace('Inf', 'Infinity')));
  return bytes;
}

// Remote write: protobuf in a snappy block of literals.

function varint(value) {
  const bytes = [];
  for (let rest = BigInt(value); ; rest >>= 7n) {
    if (rest < 128n) return Buffer.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 127n) | 128);
  }
}
const field = (number, body) => Buffer.concat([varint((number << 3) | 2), varint(body.length), body]);
const text = (number, value) => field(number, Buffer.from(value));
const sample = ([at, value]) => Buffer.concat([Buffer.from([9]), bitsOf(value), Buffer.from([16]), varint(at)]);

const writeRequest = (all) => Buffer.concat(all.map(({labels, samples}) => field(1, Buffer.concat([
  ...labels.map(([name, value]) => field(1, Buffer.concat([text(1, name), text(2, value)]))),
  ...samples.map((each) => field(2, sample(each)))]))));

function snappy(body) {
  const pieces = [varint(body.length)];
  for (let at = 0; at < body.length; at += 65536) {
    const piece = body.subarray(at, at + 65536);
    pieces.push(Buffer.from([61 << 2, (piece.length - 1) & 255, (piece.length - 1) >> 8]), piece);
  }
  return Buffer.concat(pieces);
}

// Prometheus

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const {port} = server.address();
    server.close(() => resolve(port));
  });
});

async function startPrometheus(scratch) {
  const port = await freePort();
  writeFileSync(join(scratch, 'prometheus.yml'), 'global: {}\n');
  const child = spawn('prometheus', [
    `--config.file=${join(scratch, 'prometheus.yml')}`, `--storage.tsdb.path=${join(scratch, 'data')}`,
    '--storage.tsdb.retention.time=100y', `--web.listen-address=127.0.0.1:${port}`,
    '--web.enable-remote-write-receiver', '--log.level=error'], {stdio: ['ignore', 'ignore', 'inherit']});
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const base = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 300 && child.exitCode === null; ++tries) {
    const ready = await fetch(`${base}/-/ready`).catch(() => null);
    if (ready?.ok) return {base, stop: async () => { child.kill('SIGTERM'); await ended; }};
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill('SIGKILL');
  throw new Error('prometheus does not become ready');
}

async function send(base, series) {
  const reply = await fetch(`${base}/api/v1/write`, {
    method: 'POST', body: snappy(writeRequest(series)),
    headers: {'content-encoding': 'snappy', 'content-type': 'application/x-protobuf'}});
  if (!reply.ok) throw new Error(`remote write: ${reply.status} ${await reply.text()}`);
}

async function ask(base, expr, at) {
  const reply = await fetch(`${base}/api/v1/query`, {
    method: 'POST', body: new URLSearchParams({query: expr, time: String(kStart + at)})});
  const {status, data, error, errorType} = await reply.json();
  if (status !== 'success' && errorType === 'bad_data') throw new Error(`${expr}: ${error}`);
  // Which series it names in an error changes from run to run.
  if (status !== 'success') return {error: error.replace(/: \[.*\]/, '')};
  if (data.resultType === 'scalar') return {scalar: data.result[1]};
  return {vector: data.result.map(({metric, value}) => [metric, value[1]])};
}

const folder = process.argv[2];
const scratch = mkdtempSync(join(tmpdir(), 'levee-promql-'));
try {
  const prometheus = await startPrometheus(scratch);
  try {
    await send(prometheus.base, linesOf(join(folder, 'series.txt')).map(seriesOf));
    for (const expr of linesOf(join(folder, 'expressions.txt')))
      for (const at of kInstants)
        console.log(JSON.stringify({expr, at, ...await ask(prometheus.base, expr, at)}));
  } finally {
    await prometheus.stop();
  }
} finally {
  rmSync(scratch, {recursive: true, force: true});
}
