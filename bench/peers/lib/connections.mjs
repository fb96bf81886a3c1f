import { Agent, request } from 'node:http';

// The slowest load on the slowest server answers in some ten seconds.
const timeoutMs = 120_000;

/** Connections that are kept open between requests, as clients of any of these servers would keep them. */
export class Connections {
  #url;
  #agent = new Agent({ keepAlive: true });

  constructor(url) {
    this.#url = `${url}/embed`;
  }

  /** Posts texts and gives the body, which is not parsed: that would take time from the server on the same cores. */
  embed(texts) {
    const body = JSON.stringify({ texts });
    return new Promise((resolve, reject) => {
      const posted = request(this.#url, {
        method: 'POST',
        agent: this.#agent,
        timeout: timeoutMs,
        headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
      }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const answer = Buffer.concat(chunks);
          if (response.statusCode === 200) resolve(answer);
          else reject(new Error(`HTTP ${response.statusCode}: ${answer.toString().slice(0, 200)}`));
        });
      });
      posted.on('timeout', () => posted.destroy(new Error(`no answer in ${timeoutMs / 1000} s`)));
      posted.on('error', reject);
      posted.end(body);
    });
  }

  async vectors(texts) {
    return JSON.parse(await this.embed(texts)).vectors;
  }

  close() {
    this.#agent.destroy();
  }
}
