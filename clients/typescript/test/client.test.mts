import { ActorEmbedClient, ActorEmbedError } from '@actorembed/client';
import type { ActorEmbedClientConfig } from '@actorembed/client';
import assert from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { after, afterEach, describe, it } from 'node:test';
import { clientWithClock, failure } from './internals.mjs';
import { ManualClock } from './manualClock.mjs';
import {
  Behaviour, ScriptedServer, embed, embedBinary, json, neverAnswer, resetBeforeAnswer, resetInMidBody, stopInMidBody, vectorOf,
} from './scriptedServer.mjs';

const open: { close(): void | Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function serve(...script: Behaviour[]): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(...script);
  open.push(server);
  return server;
}

function connect(server: ScriptedServer, config: ActorEmbedClientConfig = {}): ActorEmbedClient {
  const client = new ActorEmbedClient({ port: server.port, retryDelay: 0, ...config });
  open.unshift({ close: () => client.dispose() });
  return client;
}

const rejections: unknown[] = [];
process.on('unhandledRejection', (reason) => rejections.push(reason));
after(() => assert.deepEqual(rejections, []));

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

describe('embedding', { timeout: 60_000 }, () => {
  it('sends the contract request and returns the vectors', async () => {
    const server = await serve(embed);
    const vectors = await connect(server).embedBatch(['text1', 'ü'], true);
    assert.deepEqual(vectors, [vectorOf('text1'), vectorOf('ü')]);
    assert.equal(server.requests[0]!.method, 'POST');
    assert.equal(server.requests[0]!.path, '/embed');
    assert.equal(server.requests[0]!.body, '{"texts":["text1","ü"],"normalize":true}');
    assert.match(server.requests[0]!.headers['content-type'] ?? '', /application\/json/);
  });

  it('normalizes unless told not to', async () => {
    const server = await serve(embed);
    const client = connect(server);
    await client.embedBatch(['a']);
    await client.embedBatch(['a'], false);
    assert.deepEqual(server.requests.map((request) => (JSON.parse(request.body) as { normalize: boolean }).normalize), [true, false]);
  });

  it('asks for a prompt by name or by type of input, per call or for all', async () => {
    const server = await serve(embed);
    const plain = connect(server);
    const always = connect(server, { inputType: 'document' });
    await plain.embedBatch(['a'], true, { promptName: 'a "quoted" name' });
    await plain.embedBatchFloat32(['a'], true, { inputType: 'query' });
    await plain.embed('a');
    await always.embed('a');
    await always.embed('a', true, { promptName: 'query' });
    const asked = server.requests.map((request) => JSON.parse(request.body) as { prompt_name?: string; input_type?: string });
    assert.deepEqual(asked.map((body) => [body.prompt_name, body.input_type]),
      [['a "quoted" name', undefined], [undefined, 'query'], [undefined, undefined], [undefined, 'document'], ['query', undefined]]);
  });

  it('refuses a prompt that cannot be asked for, without a request', async () => {
    const server = await serve(embed);
    const client = connect(server);
    for (const [options, message] of [
      [{ promptName: 'query', inputType: 'query' }, /exclude each other/],
      [{ promptName: 1 }, /promptName must be a string/],
      [{ inputType: 'classification' }, /inputType must be/],
    ] as const) {
      await assert.rejects(client.embed('a', true, options as never), message);
      assert.throws(() => connect(server, options as never), message);
    }
    assert.equal(server.requests.length, 0);
  });

  it('answers an empty list without a request', async () => {
    const server = await serve(embed);
    assert.deepEqual(await connect(server).embedBatch([]), []);
    assert.equal(server.requests.length, 0);
  });

  it('replaces unpaired surrogates, and only those', async () => {
    const server = await serve(embed);
    await connect(server).embedBatch(['a\ud800b', '\udc00', '😀']);
    assert.deepEqual(server.texts(0), ['a\ufffdb', '\ufffd', '😀']);
    assert.ok(!/\\ud/i.test(server.requests[0]!.body));
  });

  it('keeps a prefix in baseUrl, prefers it to port and sends the token', async () => {
    const server = await serve(embed);
    await connect(server, { baseUrl: `http://127.0.0.1:${server.port}/deep/er`, port: 1, token: 'secret' }).embedBatch(['a']);
    assert.equal(server.requests[0]!.path, '/deep/er/embed');
    assert.equal(server.requests[0]!.headers.authorization, 'Bearer secret');
  });

  for (const [what, texts] of [['no array', 'text'], ['null', null], ['a number inside', ['a', Number.NaN]], ['a hole', new Array(1)]] as const)
    it(`rejects ${what} without a request`, async () => {
      const server = await serve(embed);
      const error = await failure(connect(server).embedBatch(texts as unknown as string[]));
      assert.equal(error.code, 'INVALID_ARGUMENT');
      assert.equal(server.requests.length, 0);
    });

  it('names the index of a text that is no string', async () => {
    const error = await failure(new ActorEmbedClient().embedBatch(['a', 7 as unknown as string]));
    assert.match(error.message, /texts\[1\]/);
  });
});

describe('ranking', { timeout: 60_000 }, () => {
  const scores = (list: readonly unknown[]): Behaviour => json(200, { scores: list });

  it('sends query and texts and gives the best first, equal ones in their order', async () => {
    const server = await serve(scores([0.25, 0.75, -2, 0.75]));
    assert.deepEqual(await connect(server).rank('what\ud800', ['a', 'ü', 'c', 'd']),
      [{ index: 1, score: 0.75 }, { index: 3, score: 0.75 }, { index: 0, score: 0.25 }, { index: 2, score: -2 }]);
    assert.equal(server.requests[0]!.path, '/rank');
    assert.equal(server.requests[0]!.body, '{"query":"what\ufffd","texts":["a","ü","c","d"]}');
    assert.equal(server.requests[0]!.headers.accept, 'application/json');
  });

  it('sends a long list in several requests and gives one ranking', async () => {
    const server = await serve((request, response) =>
      scores((JSON.parse(request.body) as { texts: string[] }).texts.map((text) => text.length))(request, response));
    const texts = Array.from({ length: 150 }, (_, i) => 'x'.repeat((i * 37) % 150));
    const ranked = await connect(server).rank('what', texts);
    assert.equal(server.requests.length, 3);
    assert.deepEqual(ranked.map(({ score }) => score), Array.from({ length: 150 }, (_, i) => 149 - i));
    assert.ok(ranked.every(({ index, score }) => texts[index]!.length === score));
  });

  it('answers an empty list without a request, and refuses what is no text', async () => {
    const server = await serve(scores([]));
    const client = connect(server);
    assert.deepEqual(await client.rank('what', []), []);
    assert.equal((await failure(client.rank(7 as never, ['a']))).code, 'INVALID_ARGUMENT');
    assert.match((await failure(client.rank('what', ['a', 7 as never]))).message, /texts\[1\]/);
    assert.equal(server.requests.length, 0);
  });

  for (const [body, reason] of [
    ['{"scores":[1]}', /2 texts were sent, but 1 scores/], ['{"scores":[1,"x"]}', /score 1 is no finite number/],
    ['{"vectors":[]}', /no "scores" array/], ['nothing', /no JSON/],
  ] as const)
    it(`takes ${body} for no answer`, async () => {
      const error = await failure(connect(await serve(json(200, body))).rank('what', ['a', 'b']));
      assert.equal(error.code, 'PARSE_ERROR');
      assert.match(error.message, reason);
    });

  it('waits out an overload, and does not ask an embedder twice', async () => {
    const busy = await serve(json(503, 'busy', { 'Retry-After': '0' }), scores([1]));
    assert.deepEqual(await connect(busy).rank('what', ['a']), [{ index: 0, score: 1 }]);
    const embedder = await serve(json(422, { detail: 'x is an embedder' }));
    assert.equal((await failure(connect(embedder).rank('what', ['a']))).status, 422);
    assert.equal(embedder.requests.length, 1);
  });
});

describe('transfer', { timeout: 60_000 }, () => {
  it('asks for float32 and takes it', async () => {
    const server = await serve(embedBinary);
    const client = connect(server);
    assert.deepEqual(await client.embedBatch(['ab', 'c']), [vectorOf('ab'), vectorOf('c')]);
    assert.equal(server.requests[0]!.headers.accept, 'application/octet-stream, application/json;q=0.9');
    const [vector] = await client.embedBatchFloat32(['ab']);
    assert.deepEqual(vector, Float32Array.from(vectorOf('ab')));
  });

  it('takes JSON from a server that knows nothing else', async () => {
    const server = await serve(embed);
    assert.deepEqual(await connect(server).embedBatchFloat32(['ab']), [Float32Array.from(vectorOf('ab'))]);
  });

  it('does not ask for float32 when told to use JSON', async () => {
    const server = await serve(embed);
    await connect(server, { transfer: 'json' }).embedBatch(['a']);
    assert.equal(server.requests[0]!.headers.accept, 'application/json');
  });

  const binary = (body: Buffer, count: string | undefined, dimensions: string | undefined): Behaviour => (_, response) => {
    response.setHeader('Content-Type', 'application/octet-stream');
    if (count !== undefined) response.setHeader('X-Embedding-Count', count);
    if (dimensions !== undefined) response.setHeader('X-Embedding-Dimensions', dimensions);
    response.end(body);
  };
  const nan = Buffer.alloc(4);
  nan.writeFloatLE(Number.NaN);
  for (const [what, behaviour] of [
    ['without its headers', binary(Buffer.alloc(8), undefined, '2')],
    ['of the wrong length', binary(Buffer.alloc(7), '1', '2')],
    ['with the wrong count', binary(Buffer.alloc(16), '2', '2')],
    ['with NaN', binary(nan, '1', '1')],
    ['of dimension 0', binary(Buffer.alloc(0), '1', '0')],
  ] as const)
    it(`rejects float32 ${what} with PARSE_ERROR`, async () => {
      const server = await serve(behaviour);
      assert.equal((await failure(connect(server).embedBatch(['a']))).code, 'PARSE_ERROR');
      assert.equal(server.requests.length, 1);
    });
});

describe('errors and retries', { timeout: 60_000 }, () => {
  it('tries a refused connection three times, then says NETWORK_ERROR', async () => {
    const error = await failure(new ActorEmbedClient({ port: await freePort(), retryDelay: 0 }).embedBatch(['a']));
    assert.equal(error.code, 'NETWORK_ERROR');
    assert.equal(error.attempts, 3);
    assert.match(error.message, /ECONNREFUSED/);
    assert.ok(error.cause instanceof Error);
  });

  it('says NETWORK_ERROR for a name that does not resolve', async () => {
    const client = new ActorEmbedClient({ baseUrl: 'http://no-such-host.invalid', retryAttempts: 0 });
    assert.equal((await failure(client.embedBatch(['a']))).code, 'NETWORK_ERROR');
  });

  for (const [what, behaviour] of [['before an answer', resetBeforeAnswer], ['in mid-body', resetInMidBody]] as const)
    it(`retries a reset ${what}`, async () => {
      const server = await serve(behaviour, behaviour, embed);
      assert.deepEqual(await connect(server).embedBatch(['a']), [vectorOf('a')]);
      assert.equal(server.requests.length, 3);
      const failing = await serve(behaviour);
      const error = await failure(connect(failing, { retryAttempts: 1 }).embedBatch(['a']));
      assert.deepEqual([error.code, error.attempts, failing.requests.length], ['NETWORK_ERROR', 2, 2]);
    });

  it('retries a 500 and takes the 200 that follows', async () => {
    const server = await serve(json(500, 'boom'), embed);
    assert.deepEqual(await connect(server).embedBatch(['a']), [vectorOf('a')]);
    assert.equal(server.requests.length, 2);
  });

  it('gives up after three 500s, with status and body', async () => {
    const server = await serve(json(500, 'boom'));
    const error = await failure(connect(server).embedBatch(['a']));
    assert.deepEqual([error.code, error.status, error.body, error.attempts, error.name], ['HTTP_ERROR', 500, 'boom', 3, 'ActorEmbedError']);
    assert.match(error.message, /boom/);
    assert.equal(server.requests.length, 3);
  });

  for (const status of [400, 404, 413, 429, 302])
    it(`does not retry ${status}`, async () => {
      const server = await serve(json(status, { error: 'texts[0] is wrong' }));
      const error = await failure(connect(server).embedBatch(['a']));
      assert.deepEqual([error.code, error.status, error.attempts], ['HTTP_ERROR', status, 1]);
      assert.equal(server.requests.length, 1);
    });

  for (const [what, behaviour] of [
    ['no JSON', json(200, 'hello')],
    ['other JSON', json(200, { embeddings: [] })],
    ['an array', json(200, [[1]])],
    ['too few vectors', json(200, { vectors: [] })],
    ['too many vectors', json(200, { vectors: [[1], [2], [3]] })],
    ['vectors of two dimensions', json(200, { vectors: [[1, 2], [1]] })],
    ['empty vectors', json(200, { vectors: [[], []] })],
    ['null for a number', json(200, { vectors: [[1, null], [1, 2]] })],
    ['a string for a vector', json(200, { vectors: ['ab', 'cd'] })],
  ] as const)
    it(`says PARSE_ERROR to ${what}, and does not retry`, async () => {
      const server = await serve(behaviour);
      const error = await failure(connect(server).embedBatch(['a', 'b']));
      assert.deepEqual([error.code, error.attempts], ['PARSE_ERROR', 1]);
      assert.equal(server.requests.length, 1);
    });

  it('says PARSE_ERROR to a dimension that was not asked for', async () => {
    const server = await serve(embed);
    assert.equal((await failure(connect(server, { dimensions: 768 }).embedBatch(['a']))).code, 'PARSE_ERROR');
    assert.equal((await connect(server, { dimensions: 3 }).embedBatch(['a'])).length, 1);
  });

  it('says PARSE_ERROR to a peer that speaks no HTTP', async () => {
    const listener = createServer((socket) => { socket.on('error', () => {}); socket.end('SSH-2.0-OpenSSH\r\n'); }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    open.push({ close: () => { listener.close(); } });
    const error = await failure(new ActorEmbedClient({ port: (listener.address() as AddressInfo).port }).embedBatch(['a']));
    assert.deepEqual([error.code, error.attempts], ['PARSE_ERROR', 1]);
  });
});

describe('time', { timeout: 60_000 }, () => {
  const timed = (server: ScriptedServer, config: ActorEmbedClientConfig = {}) => {
    const clock = new ManualClock();
    const client = clientWithClock({ port: server.port, ...config }, clock);
    open.unshift({ close: () => client.dispose() });
    return { clock, client };
  };

  for (const [what, behaviour] of [['no answer', neverAnswer], ['half an answer', stopInMidBody]] as const)
    it(`gives an attempt with ${what} 30000 ms, and does not retry it`, async () => {
      const server = await serve(behaviour);
      const { clock, client } = timed(server);
      const pending = client.embedBatch(['a']);
      await server.received(1);
      clock.advance(29_999);
      assert.deepEqual(clock.delays, [30_000]);
      clock.advance(1);
      const error = await failure(pending);
      assert.deepEqual([error.code, error.attempts, server.requests.length], ['TIMEOUT', 1, 1]);
    });

  it('gives each attempt its own time', async () => {
    const server = await serve(json(500, ''), neverAnswer);
    const { clock, client } = timed(server, { timeout: 700, retryDelay: 600 });
    const pending = client.embedBatch(['a']);
    await clock.scheduled(600);
    clock.advance(600);
    await server.received(2);
    clock.advance(699);
    assert.deepEqual(clock.delays, [700]);
    clock.advance(1);
    assert.deepEqual([(await failure(pending)).code, server.requests.length], ['TIMEOUT', 2]);
  });

  it('waits 1000 ms between tries by default', async () => {
    const server = await serve(json(500, ''), resetBeforeAnswer, embed);
    const { clock, client } = timed(server);
    const pending = client.embedBatch(['a']);
    for (const tries of [1, 2]) {
      await clock.scheduled(1000);
      clock.advance(999);
      assert.equal(server.requests.length, tries);
      clock.advance(1);
    }
    assert.deepEqual(await pending, [vectorOf('a')]);
  });

  it('waits as long as Retry-After says', async () => {
    const server = await serve(json(503, 'busy', { 'Retry-After': '7' }), embed);
    const { clock, client } = timed(server);
    const pending = client.embedBatch(['a']);
    await clock.scheduled(7000);
    clock.advance(7000);
    assert.deepEqual(await pending, [vectorOf('a')]);
  });

  it('fails at once when Retry-After is longer than anyone would wait', async () => {
    const server = await serve(json(503, 'busy', { 'Retry-After': '3600' }));
    const error = await failure(timed(server).client.embedBatch(['a']));
    assert.deepEqual([error.status, error.retryAfter, error.attempts], [503, 3_600_000, 1]);
  });

  it('leaves no timer behind', async () => {
    const server = await serve(json(500, ''), embed);
    const { clock, client } = timed(server, { retryDelay: 5 });
    const pending = client.embedBatch(['a']);
    await clock.scheduled(5);
    clock.advance(5);
    await pending;
    assert.deepEqual(clock.delays, []);
  });
});

describe('long lists', { timeout: 60_000 }, () => {
  const texts = Array.from({ length: 1000 }, (_, index) => `${'x'.repeat(index % 7)}${index}`);

  it('come back in order, from requests of at most 64 texts', async () => {
    const server = await serve(embed);
    assert.deepEqual(await connect(server).embedBatch(texts), texts.map(vectorOf));
    assert.equal(server.requests.length, Math.ceil(texts.length / 64));
    assert.deepEqual(server.requests.flatMap((_, index) => server.texts(index)).sort(), [...texts].sort());
  });

  it('come back in order when later requests are answered first', async () => {
    const waiting: (() => void)[] = [];
    const lastFirst: Behaviour = (request, response) => {
      waiting.unshift(() => embed(request, response));
      if (waiting.length === 4) for (const answer of waiting.splice(0)) answer();
    };
    const server = await serve(lastFirst);
    const client = connect(server, { maxTextsPerRequest: 10, maxConcurrentRequests: 4 });
    assert.deepEqual(await client.embedBatch(texts.slice(0, 80)), texts.slice(0, 80).map(vectorOf));
  });

  it('have two requests in flight, never more', async () => {
    const server = await serve((request, response) => {
      if (request.path === '/health') json(200, { status: 'ok' })(request, response);
    });
    const client = connect(server);
    const pending = failure(client.embedBatch(texts));
    await server.received(2);
    // A third request would have been sent together with the first two, so before this one.
    await client.checkHealth();
    assert.deepEqual(server.requests.map((request) => request.path), ['/embed', '/embed', '/health']);
    client.dispose();
    await pending;
  });

  it('travel in smaller requests when the timeout is short', async () => {
    const server = await serve(embed);
    await connect(server, { timeout: 4000 }).embedBatch(texts.slice(0, 20));
    assert.ok(server.requests.every((_, index) => server.texts(index).length <= 11));
  });

  it('are split by bytes as UTF-8 too, and a giant text goes alone', async () => {
    const server = await serve(embed);
    const list = ['ä'.repeat(40), 'ö'.repeat(40), 'u', 'z'.repeat(500), 'v'];
    assert.deepEqual(await connect(server, { maxBytesPerRequest: 100, maxConcurrentRequests: 1 }).embedBatch(list), list.map(vectorOf));
    assert.deepEqual(server.requests.map((_, index) => server.texts(index).length), [1, 2, 1, 1]);
  });

  it('stop at the first failure, which aborts what is in flight', async () => {
    const server = await serve(neverAnswer, json(400, 'texts[3] is wrong'));
    const pending = failure(connect(server, { maxTextsPerRequest: 10, timeout: 600_000 }).embedBatch(texts));
    await server.received(1);
    const aborted = once(server.requests[0]!.socket, 'close');
    const error = await pending;
    assert.deepEqual([error.code, error.status, error.attempts], ['HTTP_ERROR', 400, 1]);
    await aborted;
    assert.equal(server.requests.length, 2);
  });

  it('must be of one dimension throughout', async () => {
    const server = await serve(embed, json(200, { vectors: [[1, 2]] }));
    const error = await failure(connect(server, { maxTextsPerRequest: 1, maxConcurrentRequests: 1 }).embedBatch(['a', 'b']));
    assert.equal(error.code, 'PARSE_ERROR');
  });

  it('may be changed by the caller meanwhile', async () => {
    const server = await serve(embed);
    const list = texts.slice(0, 200);
    const pending = connect(server).embedBatch(list);
    list.length = 0;
    assert.deepEqual(await pending, texts.slice(0, 200).map(vectorOf));
  });
});

describe('aborting', { timeout: 60_000 }, () => {
  it('rejects without a request when the signal has fired already', async () => {
    const server = await serve(embed);
    const error = await failure(connect(server).embedBatch(['a'], true, { signal: AbortSignal.abort('no need') }));
    assert.deepEqual([error.code, error.name, error.cause, server.requests.length], ['ABORTED', 'AbortError', 'no need', 0]);
  });

  it('ends a request in flight', async () => {
    const server = await serve(neverAnswer);
    const controller = new AbortController();
    const pending = connect(server).embedBatch(['a'], true, { signal: controller.signal });
    await server.received(1);
    const closed = once(server.requests[0]!.socket, 'close');
    controller.abort();
    assert.equal((await failure(pending)).code, 'ABORTED');
    await closed;
  });

  it('ends the wait before a retry', async () => {
    const server = await serve(json(500, ''));
    const clock = new ManualClock();
    const controller = new AbortController();
    const pending = clientWithClock({ port: server.port }, clock).embedBatch(['a'], true, { signal: controller.signal });
    await clock.scheduled(1000);
    controller.abort();
    assert.equal((await failure(pending)).code, 'ABORTED');
    assert.deepEqual(clock.delays, []);
  });
});

describe('listeners', { timeout: 60_000 }, () => {
  it('stay one for a signal that many calls of many requests share, and leave with the last', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => { warnings.push(warning); };
    process.on('warning', onWarning);
    const server = await serve(embed);
    const client = connect(server, { maxTextsPerRequest: 1, maxConcurrentRequests: 20 });
    const { signal } = new AbortController();
    const texts = Array.from({ length: 20 }, (_, index) => `text ${index}`);

    const calls = Array.from({ length: 20 }, () => client.embedBatch(texts, true, { signal }));
    assert.equal(getEventListeners(signal, 'abort').length, 1);
    await Promise.all(calls);
    assert.deepEqual(getEventListeners(signal, 'abort'), []);

    // Warnings are emitted on the next tick, which is over when an immediate runs.
    await new Promise(setImmediate);
    process.off('warning', onWarning);
    assert.deepEqual(warnings, []);
  });

  it('of a shared signal abort every call, and a call that ended before is no part of it', async () => {
    const server = await serve(embed, neverAnswer);
    const client = connect(server);
    const controller = new AbortController();
    const { signal } = controller;
    await client.embed('answered', true, { signal });
    const pending = ['a', 'b'].map((text) => failure(client.embed(text, true, { signal })));
    await server.received(3);
    controller.abort('enough');
    assert.deepEqual((await Promise.all(pending)).map((error) => [error.code, error.cause]), [['ABORTED', 'enough'], ['ABORTED', 'enough']]);
    assert.equal((await failure(client.embed('late', true, { signal }))).code, 'ABORTED');
    assert.equal(server.requests.length, 3);
  });
});

describe('dispose', { timeout: 60_000 }, () => {
  it('closes the kept connection, which until then is used again', async () => {
    const server = await serve(embed);
    const client = connect(server);
    await client.embedBatch(['a']);
    await client.embedBatch(['b']);
    assert.equal(server.openConnections, 1);
    const closed = once(server.requests[0]!.socket, 'close');
    client.dispose();
    await closed;
    assert.equal((await failure(client.embedBatch(['a']))).code, 'ABORTED');
    assert.equal(await client.checkHealth(), false);
  });

  it('aborts what is in flight, and does not retry it', async () => {
    const server = await serve(neverAnswer);
    const client = connect(server);
    const pending = client.embedBatch(['a']);
    await server.received(1);
    client.dispose();
    assert.equal((await failure(pending)).code, 'ABORTED');
    assert.equal(server.requests.length, 1);
  });
});

describe('checkHealth and getInfo', { timeout: 60_000 }, () => {
  const health = { status: 'ok', model: 'm', dim: 768, device: 'cpu' };

  it('is true only for 200 and "ok"', async () => {
    assert.equal(await connect(await serve(json(200, health))).checkHealth(), true);
    assert.equal(await connect(await serve(json(503, { status: 'loading' }))).checkHealth(), false);
    assert.equal(await connect(await serve(json(503, health))).checkHealth(), false);
    assert.equal(await connect(await serve(json(200, { status: 'error' }))).checkHealth(), false);
    assert.equal(await connect(await serve(json(200, 'It works!'))).checkHealth(), false);
    assert.equal(await connect(await serve(resetInMidBody)).checkHealth(), false);
    assert.equal(await new ActorEmbedClient({ port: await freePort() }).checkHealth(), false);
  });

  it('asks once', async () => {
    const server = await serve(json(503, { status: 'loading' }));
    await connect(server).checkHealth();
    assert.equal(server.requests.length, 1);
  });

  it('throws nothing even for a wrong option', async () => {
    const server = await serve(json(200, health));
    assert.equal(await connect(server).checkHealth({ timeout: -1 }), false);
  });

  it('returns what /info says', async () => {
    const info = { model_id: 'a/m', dim: 768, device: 'cpu', version: '1.0.0' };
    assert.deepEqual(await connect(await serve(json(500, ''), json(200, info))).getInfo(), info);
    assert.equal((await failure(connect(await serve(json(200, {}))).getInfo())).code, 'PARSE_ERROR');
  });
});

describe('options', { timeout: 60_000 }, () => {
  for (const config of [
    { port: 0 }, { port: 65_536 }, { port: 1.5 }, { timeout: 0 }, { timeout: Number.NaN }, { timeout: 2 ** 31 }, { retryAttempts: -1 },
    { retryAttempts: 0.5 }, { retryDelay: -1 }, { baseUrl: 'localhost:8421' }, { baseUrl: 'nonsense' }, { maxTextsPerRequest: 0 },
    { maxConcurrentRequests: 0 }, { dimensions: 0 }, { token: 'two\nlines' }, { transfer: 'xml' as 'json' },
  ] as ActorEmbedClientConfig[])
    it(`rejects ${JSON.stringify(config)}, by name`, () => {
      assert.throws(() => new ActorEmbedClient(config), (error: unknown) => error instanceof ActorEmbedError
        && error.code === 'INVALID_ARGUMENT' && error.message.includes(Object.keys(config)[0]!));
    });
});
