// SPDX-License-Identifier: Apache-2.0
// Calls to another service: JSON over kept-alive connections, with one deadline for the whole call.
'use strict';

const http = require('node:http');

class CallFailed extends Error {}

class Caller {
    constructor(baseUrl, { timeoutMs }) {
        this.baseUrl = new URL(baseUrl);
        this.timeoutMs = timeoutMs;
        this.agent = new http.Agent({ keepAlive: true, maxSockets: 512, maxFreeSockets: 512 });
    }

    /// Resolves to {status, body}; rejects with CallFailed when there is no answer in time.
    async post(path, payload) {
        try {
            return await this.attempt(path, JSON.stringify(payload));
        } catch (error) {
            // The peer closed an idle connection at the moment it was picked: never sent, so again.
            if (!error.wasStale)
                throw error;
            return this.attempt(path, JSON.stringify(payload));
        }
    }

    attempt(path, text) {
        return new Promise((resolve, reject) => {
            const request = http.request({
                hostname: this.baseUrl.hostname, port: this.baseUrl.port, path, method: 'POST',
                agent: this.agent,
                headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
            });
            const timer = setTimeout(() => request.destroy(new Error(`no answer within ${this.timeoutMs} ms`)),
                this.timeoutMs);
            const fail = (error) => {
                clearTimeout(timer);
                const failed = new CallFailed(`${this.baseUrl.host}${path}: ${error.message}`);
                failed.wasStale = request.reusedSocket && error.code === 'ECONNRESET';
                reject(failed);
            };
            request.on('error', fail);
            request.on('response', (response) => {
                const chunks = [];
                response.on('data', (chunk) => chunks.push(chunk));
                response.on('error', fail);
                response.on('end', () => {
                    clearTimeout(timer);
                    resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString() });
                });
            });
            request.end(text);
        });
    }
}

module.exports = { Caller, CallFailed };
