import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { root } from './options.mjs';
import { Connections } from './connections.mjs';

// The first start of ActorEmbed compiles the model; every other start of any server takes seconds.
const startTimeoutMs = 10 * 60_000;

/** A server in a process of its own, from its start to its end. */
export class ServerProcess {
  #child;

  /** Resolves once the server has given its first vector, and knows how long that took from the start of the process. */
  static async start(server, text) {
    const started = performance.now();
    const process = new ServerProcess();
    const child = spawn(server.command, server.arguments.map(String), { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    process.#child = child;
    try {
      process.url = await process.#readyUrl();
      const connections = new Connections(process.url);
      await connections.embed([text]);
      connections.close();
    } catch (error) {
      await process.stop();
      throw error;
    }
    process.firstVectorMs = performance.now() - started;
    return process;
  }

  get pid() {
    return this.#child.pid;
  }

  async stop() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const impatience = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
    await exit;
    clearTimeout(impatience);
  }

  #readyUrl() {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text) => { said = (said + text).slice(-2000); });
      const timer = setTimeout(() => reject(new Error('it was not ready in time')), startTimeoutMs);
      const fail = (why) => {
        clearTimeout(timer);
        reject(new Error(`${why}: ${said.trim().split('\n').at(-1)}`));
      };
      child.once('error', (error) => fail(error.message));
      child.once('exit', (code, signal) => fail(`it ended with ${signal ?? code}`));
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (!line.startsWith('{"event":"ready"')) return;
        clearTimeout(timer);
        resolve(JSON.parse(line).url);
      });
    });
  }
}
