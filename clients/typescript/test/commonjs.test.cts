import client = require('@actorembed/client');
import assert = require('node:assert/strict');
import test = require('node:test');

test('CommonJS and ESM share one implementation', async () => {
  const esm = await import('@actorembed/client');
  assert.deepEqual(Object.keys(client).sort(), Object.keys(esm).sort());
  for (const name of Object.keys(client) as (keyof typeof client)[]) assert.equal(client[name], esm[name]);
});

test('the old names are kinds of the new classes', () => {
  assert.ok(new client.PythonSidecarService() instanceof client.ActorEmbedService);
  const config: client.PythonSidecarClientConfig = { port: 8421 };
  assert.ok(new client.PythonSidecarClient(config) instanceof client.ActorEmbedClient);
});
