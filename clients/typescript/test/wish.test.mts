import { ActorEmbedClient } from '@actorembed/client';
import type { ActorEmbedClientConfig, EmbedOptions } from '@actorembed/client';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failure } from './internals.mjs';
import { Behaviour, ScriptedServer, embed, embedBinary, json } from './scriptedServer.mjs';
import { open } from './services.mjs';

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

const running = (model: string, more: object = {}): Behaviour => json(200, { model_id: model, dim: 3, ...more });

describe('what is asked of the server', { timeout: 60_000 }, () => {
  it('is what the options want, or the call in their place', async () => {
    const server = await serve(embed);
    const client = connect(server, { dimensions: 2, truncate: false });
    await client.embedBatch(['a'], true, { dimensions: 3 });
    await client.embedBatchFloat32(['a'], false, { dimensions: 3, truncate: true, inputType: 'query' });
    assert.deepEqual(server.requests.map((request) => request.body), [
      '{"texts":["a"],"normalize":true,"dimensions":3,"truncate":false}',
      '{"texts":["a"],"normalize":false,"input_type":"query","dimensions":3}',
    ]);
  });

  it('is nothing that the Python sidecar did not know where nobody wants it', async () => {
    const server = await serve(embed);
    await connect(server, { truncate: true }).embed('a');
    assert.equal(server.requests[0]!.body, '{"texts":["a"],"normalize":true}');
  });

  for (const wrong of [{ dimensions: 0 }, { dimensions: 1.5 }, { truncate: 'no' as unknown as boolean }, { model: '' }] satisfies EmbedOptions[]) {
    it(`is refused by its name: ${JSON.stringify(wrong)}`, async () => {
      const server = await serve(embed);
      const error = await failure(connect(server).embedBatch(['a'], true, wrong));
      assert.equal(error.code, 'INVALID_ARGUMENT');
      assert.match(error.message, new RegExp(`^Option ${Object.keys(wrong)[0]!} must`));
      assert.throws(() => new ActorEmbedClient(wrong), { code: 'INVALID_ARGUMENT' });
      assert.equal(server.requests.length, 0);
    });
  }
});

describe('the model that is wanted', { timeout: 60_000 }, () => {
  it('is asked for in every request, and /info once for each', async () => {
    const server = await serve(running('a/m'), embedBinary, embedBinary);
    const client = connect(server, { model: 'a/m' });
    await client.embed('a');
    await client.embed('b');
    assert.deepEqual(server.requests.map((request) => request.path), ['/info', '/embed', '/embed']);
    assert.equal(server.requests[2]!.body, '{"texts":["b"],"normalize":true,"model":"a/m"}');
  });

  it('may be that of the call, and is WRONG_MODEL where another runs', async () => {
    const server = await serve(running('a/other'));
    const error = await failure(connect(server).embed('a', true, { model: 'm' }));
    assert.deepEqual([error.code, server.requests.length], ['WRONG_MODEL', 1]);
    assert.equal(error.message, 'The server runs a/other (3 dimensions), but m is expected; nothing was sent.');
  });

  it('is compared with what the answer says, too', async () => {
    const server = await serve(running('b/m'), embedBinary);
    const error = await failure(connect(server, { model: 'b/m' }).embed('a'));
    assert.deepEqual([error.code, error.message], ['WRONG_MODEL', 'The server runs a/m, but b/m is expected; its vectors are not used.']);
  });

  it('is left to a server with several models, which knows what it has', async () => {
    const server = await serve(running('a/first', { models: [] }), json(404, { detail: 'There is no model c/m here.', field: 'model' }));
    const error = await failure(connect(server, { model: 'c/m' }).embed('a'));
    assert.deepEqual([error.code, error.status, server.requests.length], ['WRONG_MODEL', 404, 2]);
    assert.match(error.message, /: There is no model c\/m here\.$/);
  });

  it('is one for all parts of a long list', async () => {
    const changed: Behaviour = (request, response) => {
      response.setHeader('X-Embedding-Model', 'a/n');
      embed(request, response);
    };
    const server = await serve(embedBinary, changed);
    const error = await failure(connect(server, { maxTextsPerRequest: 1, maxConcurrentRequests: 1 }).embedBatch(['a', 'b']));
    assert.deepEqual([error.code, error.message], ['WRONG_MODEL', 'The server runs a/n, but a/m is expected; its vectors are not used.']);
  });
});

describe('an error', { timeout: 60_000 }, () => {
  const bodies: [who: string, body: unknown, reason: string][] = [
    ['a problem document', { title: 'Unprocessable Entity', status: 422, detail: "'texts[1]' is too long.", field: 'texts', index: 1 }, "'texts[1]' is too long."],
    ['the Python sidecar', { detail: [{ loc: ['body', 'texts'], msg: 'field required', type: 'value_error.missing' }] }, 'field required'],
    ['/health', { status: 'error', reason: 'The model is damaged.' }, 'The model is damaged.'],
    ['OpenAI', { error: { message: 'No such model.', type: 'invalid_request_error' } }, 'No such model.'],
    ['Ollama', { error: 'no such model' }, 'no such model'],
    ['a gateway', { message: 'no upstream' }, 'no upstream'],
    ['JSON without a sentence', { code: 7 }, '{"code":7}'],
    ['HTML', '<html>Bad gateway</html>', '<html>Bad gateway</html>'],
  ];
  for (const [who, body, reason] of bodies) {
    it(`quotes the reason and not the document: ${who}`, async () => {
      const server = await serve(json(422, body));
      const error = await failure(connect(server).embed('a'));
      assert.equal(error.message, `POST http://127.0.0.1:${server.port}/embed was answered with 422: ${reason}`);
      assert.equal(error.body, typeof body === 'string' ? body : JSON.stringify(body));
    });
  }
});
