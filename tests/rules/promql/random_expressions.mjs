#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Random expressions over the series of tests/data/promql/oracle, right in their types, one a line:
//   random_expressions.mjs SEED COUNT
// The same seed gives the same expressions. Left out is what Prometheus answers by chance (ties of topk, sorting), and
// computed numbers as labels: those differ where the last bit does.
let state = Number(process.argv[2]);
const count = Number(process.argv[3]);

/// mulberry32
function uniform() {
  state = (state + 0x6d2b79f5) | 0;
  let z = Math.imul(state ^ (state >>> 15), 1 | state);
  z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z;
  return ((z ^ (z >>> 14)) >>> 0) / 4294967296;
}
const pick = (list) => list[Math.floor(uniform() * list.length)];
const words = (text) => text.split(' ');

const kSelectors = ['up', 'http_requests_total', 'queue_depth', 'temperature', 'limit_requests', 'build_info', 'vanished',
  'flapping', 'young_total', 'latency_seconds_bucket', 'negative_total', 'big_total', 'tiny', 'nothing', 'disk_free_bytes',
  'http_requests_total{job="api"}', 'http_requests_total{code=~"5.*|404"}', 'queue_depth{job!="web"}', '{job="api"}',
  '{job=~"a.*|db"}', 'up{instance=~".*:1"}'];
const kDurations = words('10s 30s 1m 90s 2m 5m 7m 10m 1m30s');
const kOffsets = ['', '', '', ' offset 1m', ' offset 35s', ' offset 5m'];
const kLabels = words('job instance code room version le mount __name__');
const kRangeFunctions = words('rate irate increase delta idelta deriv changes resets avg_over_time min_over_time '
  + 'max_over_time sum_over_time count_over_time stddev_over_time stdvar_over_time last_over_time present_over_time '
  + 'absent_over_time');
const kMath = words('abs ceil floor exp ln log2 log10 sqrt sgn round absent timestamp');
const kAggregations = words('sum avg min max count group stddev stdvar');
const kArithmetic = words('+ - * / % ^');
const kComparisons = words('== != > < >= <=');
const kBuckets = [() => 'latency_seconds_bucket', (duration) => `rate(latency_seconds_bucket[${duration}])`,
  (duration) => `sum by (job, le) (increase(latency_seconds_bucket[${duration}]))`];
const kNumbers = words('0 1 2 0.5 -3 10 1e3 0.1 100 Inf NaN -1.5');

const selector = () => pick(kSelectors) + pick(kOffsets);
const range = () => `${pick(kSelectors)}[${pick(kDurations)}]${pick(kOffsets)}`;
const labels = () => kLabels.filter(() => uniform() < 0.2);

function operator() {
  const op = pick([...kArithmetic, ...kComparisons]);
  return kComparisons.includes(op) && uniform() < 0.5 ? `${op} bool` : op;
}

function matching() {
  const [word, names] = [pick(['', 'on', 'ignoring']), labels()];
  return word === '' ? { text: '', names } : { text: ` ${word} (${names.join(', ')})`, names };
}

function grouped({ text, names }) {
  // The brackets stand there always: without them those of the right side would be taken for theirs.
  const included = names.includes('version') ? ['()'] : ['()', '(version)'];
  return text === '' ? '' : text + pick(['', ' group_left ', ' group_right ']).replace(/ $/, ` ${pick(included)}`);
}

function scalar(depth) {
  const kind = depth > 0 ? uniform() : 0;
  if (kind < 0.7) return pick(kNumbers);
  if (kind < 0.8) return `scalar(${vector(depth - 1)})`;
  const op = kind < 0.9 ? pick(kArithmetic) : `${pick(kComparisons)} bool`;
  return `(${scalar(depth - 1)} ${op} ${scalar(depth - 1)})`;
}

const kVectors = [
  () => selector(),
  () => `${pick(kRangeFunctions)}(${range()})`,
  () => `${pick(kRangeFunctions)}(${range()})`,
  () => pick([`quantile_over_time(${scalar(0)}, ${range()})`, `predict_linear(${range()}, ${scalar(0)})`]),
  (depth) => `${pick(kAggregations)} ${pick(['by', 'without'])} (${labels().join(', ')}) (${vector(depth)})`,
  (depth) => `quantile(${pick(['0.7', scalar(0)])}, ${vector(depth)})`,
  () => `count_values("value", ${selector()})`,
  (depth) => `${pick(kMath)}(${vector(depth)})`,
  (depth) => pick([`clamp(${vector(depth)}, ${scalar(0)}, ${scalar(0)})`, `clamp_min(${vector(depth)}, ${scalar(0)})`,
    `clamp_max(${vector(depth)}, ${scalar(0)})`, `round(${vector(depth)}, ${scalar(0)})`]),
  () => `histogram_quantile(${scalar(0)}, ${pick(kBuckets)(pick(kDurations))})`,
  (depth) => `label_replace(${vector(depth)}, "x", "$1", "job", "(.).*")`,
  (depth) => `-(${vector(depth)})`,
  (depth) => `(${vector(depth)} ${operator()} ${scalar(depth)})`,
  (depth) => `(${scalar(depth)} ${operator()} ${vector(depth)})`,
  (depth) => `(${vector(depth)} ${pick(['and', 'or', 'unless'])}${matching().text} ${vector(depth)})`,
  (depth) => `(${vector(depth)} ${operator()}${grouped(matching())} ${vector(depth)})`,
];

function vector(depth) {
  return depth > 0 ? pick(kVectors)(depth - 1) : selector();
}

const all = new Set();
while (all.size < count) {
  const expression = vector(1 + Math.floor(uniform() * 4));
  if (expression.length < 2000) all.add(expression);
}
console.log([...all].join('\n'));
