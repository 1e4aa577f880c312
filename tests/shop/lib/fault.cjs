// SPDX-License-Identifier: Apache-2.0
// The fault switch of one service. PUT /fault sets the fields that are given, DELETE /fault heals.
'use strict';

const kHealthy = Object.freeze({
    latencyMs: 0, errorShare: 0, hang: false, capacityFactor: 1, crash: false,
});
const kChecks = {
    latencyMs: (v) => Number.isFinite(v) && v >= 0 && v <= 600000 || 'must be 0 to 600000',
    errorShare: (v) => Number.isFinite(v) && v >= 0 && v <= 1 || 'must be 0 to 1',
    hang: (v) => typeof v === 'boolean' || 'must be true or false',
    capacityFactor: (v) => Number.isFinite(v) && v > 0 && v <= 100 || 'must be above 0, at most 100',
    crash: (v) => typeof v === 'boolean' || 'must be true or false',
};

class InjectedError extends Error {}

class FaultSwitch {
    constructor(pool) {
        this.pool = pool;
        this.state = { ...kHealthy };
        this.hung = new Set();
    }

    /// Returns a list of complaints; the state changes only when it is empty.
    set(change) {
        if (change === null || typeof change !== 'object' || Array.isArray(change))
            return ['the body must be a JSON object'];
        const complaints = [];
        for (const [key, value] of Object.entries(change)) {
            const verdict = key in kChecks ? kChecks[key](value)
                : `is unknown; known: ${Object.keys(kChecks).join(', ')}`;
            if (verdict !== true)
                complaints.push(`${key} ${verdict}`);
        }
        if (complaints.length === 0)
            this.become({ ...this.state, ...change });
        return complaints;
    }

    heal() {
        this.become({ ...kHealthy });
    }

    become(state) {
        this.state = state;
        this.pool.scale(state.capacityFactor);
        if (!state.hang) {
            for (const release of this.hung)
                release();
            this.hung.clear();
        }
    }

    /// Called by a job on its worker: hangs until healed (or until `gone` resolves), slows down,
    /// or throws, as the switch says.
    async suffer(slot, gone) {
        if (this.state.hang)
            await this.hangUntil(gone);
        if (this.state.latencyMs > 0)
            await slot.work(this.state.latencyMs);
        if (Math.random() < this.state.errorShare)
            throw new InjectedError('injected error');
    }

    hangUntil(gone) {
        return new Promise((resolve) => {
            this.hung.add(resolve);
            gone.then(() => {
                this.hung.delete(resolve);
                resolve();
            });
        });
    }
}

module.exports = { FaultSwitch, InjectedError };
