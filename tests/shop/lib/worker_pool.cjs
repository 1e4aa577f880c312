// SPDX-License-Identifier: Apache-2.0
// A service's true capacity: `workers` jobs at a time, the rest wait in a bounded FIFO queue, as in
// a thread pool. A job whose caller has gone is still done, as most servers do: that is what makes
// overload collapse, and what a limiter has to prevent.
//
// Timers fire late, by up to a millisecond and more under load. A worker that takes its next job
// from the queue therefore starts it at the moment the last one was due, not at the moment the
// timer fired: the capacity is workers / service time exactly, over any second.
'use strict';

const { performance } = require('node:perf_hooks');

const kTimerSlackMs = 10;

class QueueFull extends Error {}

class WorkerPool {
    constructor({ workers, queueBound = 5000 }) {
        this.workers = workers;
        this.factor = 1;
        this.queueBound = queueBound;
        this.busy = 0;
        this.queue = new Fifo();
    }

    get size() {
        return Math.max(1, Math.round(this.workers * this.factor));
    }

    /// Runs `job(slot)` on a worker as soon as one is free; rejects with QueueFull at the bound.
    run(job) {
        if (this.busy >= this.size && this.queue.length >= this.queueBound)
            return Promise.reject(new QueueFull('the queue is full'));
        return new Promise((resolve, reject) => {
            this.queue.push({ job, resolve, reject });
            this.fill(performance.now());
        });
    }

    /// Changes the number of workers; running jobs finish first.
    scale(factor) {
        this.factor = factor;
        this.fill(performance.now());
    }

    fill(startAt) {
        while (this.busy < this.size && this.queue.length > 0)
            this.start(this.queue.shift(), startAt);
    }

    async start({ job, resolve, reject }, startAt) {
        this.busy += 1;
        const slot = new Slot(startAt);
        try {
            resolve(await job(slot));
        } catch (error) {
            reject(error);
        } finally {
            this.busy -= 1;
            this.fill(slot.endedAt());
        }
    }
}

/// One job's hold on a worker.
class Slot {
    constructor(startAt) {
        this.due = startAt;
    }

    /// Simulated work: the worker is busy for `ms` and the event loop is not.
    work(ms) {
        this.due += ms;
        // Rounded up: a timer that fired early would add to the capacity.
        const left = Math.ceil(this.due - performance.now());
        return new Promise((resolve) => {
            setTimeout(resolve, Math.max(0, left));
        });
    }

    endedAt() {
        const now = performance.now();
        return now - this.due <= kTimerSlackMs ? this.due : now;
    }
}

/// An array with a moving head: shift() is O(1) amortised at any length.
class Fifo {
    constructor() {
        this.items = [];
        this.head = 0;
    }

    get length() {
        return this.items.length - this.head;
    }

    push(item) {
        this.items.push(item);
    }

    shift() {
        const item = this.items[this.head];
        this.items[this.head] = undefined;
        this.head += 1;
        if (this.head > 1024 && this.head * 2 > this.items.length) {
            this.items = this.items.slice(this.head);
            this.head = 0;
        }
        return item;
    }
}

module.exports = { WorkerPool, QueueFull };
