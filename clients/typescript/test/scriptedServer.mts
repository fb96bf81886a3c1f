import { once } from 'node:events';
import { IncomingMessage, Server, ServerResponse, createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface SeenRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
  socket: Socket;
}

export type Behaviour = (request: SeenRequest, response: ServerResponse) => void;

/** A server that answers each request as the next behaviour says; the last one repeats. */
export class ScriptedServer {
  readonly requests: SeenRequest[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #arrivals: { count: number; notify: () => void }[] = [];

  private constructor(script: readonly Behaviour[]) {
    this.#server = createServer((incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const request: SeenRequest = {
          method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers,
          body: Buffer.concat(chunks).toString('utf8'), socket: incoming.socket,
        };
        const behaviour = script[Math.min(this.requests.length, script.length - 1)]!;
        this.requests.push(request);
        behaviour(request, response);
        for (const arrival of this.#arrivals) if (this.requests.length >= arrival.count) arrival.notify();
      });
    });
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(...script: Behaviour[]): Promise<ScriptedServer> {
    const server = new ScriptedServer(script);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get openConnections(): number {
    return this.#sockets.size;
  }

  texts(index: number): string[] {
    return (JSON.parse(this.requests[index]!.body) as { texts: string[] }).texts;
  }

  async received(count: number): Promise<void> {
    if (this.requests.length >= count) return;
    await new Promise<void>((notify) => this.#arrivals.push({ count, notify }));
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

/** What the scripted servers take for an embedding: three numbers that float32 holds exactly. */
export function vectorOf(text: string): number[] {
  return [text.length, text.codePointAt(0) ?? 0, 0.5];
}

export const json = (status: number, value: unknown, headers: Record<string, string> = {}): Behaviour => (_, response) => {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(typeof value === 'string' ? value : JSON.stringify(value));
};

export const embed: Behaviour = (request, response) => {
  const { texts } = JSON.parse(request.body) as { texts: string[] };
  json(200, { vectors: texts.map(vectorOf) })(request, response);
};

/** Answers as a server that runs `a/m`. */
export const embedBinary: Behaviour = (request, response) => {
  const { texts } = JSON.parse(request.body) as { texts: string[] };
  const values = texts.flatMap(vectorOf);
  const body = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => body.writeFloatLE(value, index * 4));
  response.writeHead(200, {
    'Content-Type': 'application/octet-stream', 'X-Embedding-Count': texts.length, 'X-Embedding-Dimensions': 3, 'X-Embedding-Model': 'a/m',
  });
  response.end(body);
};

export const resetBeforeAnswer: Behaviour = (request) => { request.socket.resetAndDestroy(); };

export const resetInMidBody: Behaviour = (request, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '1000' });
  response.write('{"vectors":[[0.1,', () => request.socket.resetAndDestroy());
};

export const stopInMidBody: Behaviour = (_, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '1000' });
  response.write('{"vectors":[[0.1,');
};

export const neverAnswer: Behaviour = () => {};
