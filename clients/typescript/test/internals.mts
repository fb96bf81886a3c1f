import { ActorEmbedClient, ActorEmbedError, ActorEmbedService } from '@actorembed/client';
import type { ActorEmbedClientConfig, ActorEmbedServiceConfig } from '@actorembed/client';
import assert from 'node:assert/strict';
import type { Clock } from '../dist/clock.js';

type WithClock<Config, Instance> = new (config: Config, internals: { clock: Clock }) => Instance;

/** The published types hide the constructor that takes a clock. */
export function clientWithClock(config: ActorEmbedClientConfig, clock: Clock): ActorEmbedClient {
  return new (ActorEmbedClient as WithClock<ActorEmbedClientConfig, ActorEmbedClient>)(config, { clock });
}

export function serviceWithClock(config: ActorEmbedServiceConfig, clock: Clock): ActorEmbedService {
  return new (ActorEmbedService as WithClock<ActorEmbedServiceConfig, ActorEmbedService>)(config, { clock });
}

/** The error a promise rejects with, which must be of this package's class. */
export async function failure(promise: Promise<unknown>): Promise<ActorEmbedError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof ActorEmbedError, `not an ActorEmbedError: ${String(error)}`);
    return error;
  }
  assert.fail('resolved, but was expected to reject');
}
