// SPDX-License-Identifier: Apache-2.0
// Numbers out of numbers. Pure.

/// The q-quantile by nearest rank; NaN of nothing.
export function quantile(values, q) {
    if (values.length === 0)
        return NaN;
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))];
}

export const median = (values) => quantile(values, 0.5);
export const max = (values) => quantile(values, 1);

/// Least squares: change of y per unit of x; NaN with fewer than two points.
export function slope(points) {
    const n = points.length;
    const mean = (of) => points.reduce((sum, point) => sum + of(point), 0) / n;
    const mx = mean((p) => p.x);
    const my = mean((p) => p.y);
    const over = points.reduce((sum, p) => sum + (p.x - mx) * (p.y - my), 0);
    const under = points.reduce((sum, p) => sum + (p.x - mx) ** 2, 0);
    return n < 2 || under === 0 ? NaN : over / under;
}

/// Three significant digits, `-` for what is not known.
export function text(value, unit = '') {
    if (typeof value === 'string')
        return value;
    if (value === null || value === undefined || !Number.isFinite(value))
        return '-';
    const size = Math.abs(value);
    const digits = size === 0 || Number.isInteger(value) || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return `${value.toFixed(digits)}${unit && ' '}${unit}`;
}
