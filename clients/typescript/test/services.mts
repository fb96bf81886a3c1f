import { ActorEmbedService } from '@actorembed/client';
import type { ActorEmbedServiceConfig } from '@actorembed/client';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'node:test';
import { serviceWithClock } from './internals.mjs';
import { ManualClock } from './manualClock.mjs';
import { Scenario, standIn } from './standInScenario.mjs';

/** Closed after each test. */
export const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

export function create(scenario: Scenario = {}, config: ActorEmbedServiceConfig = {}): ActorEmbedService {
  const service = new ActorEmbedService(standIn(scenario, config));
  open.push({ close: () => service.stopSidecar() });
  return service;
}

export function createTimed(scenario: Scenario = {}, config: ActorEmbedServiceConfig = {}): { service: ActorEmbedService; clock: ManualClock } {
  const clock = new ManualClock();
  const service = serviceWithClock(standIn(scenario, config), clock);
  open.push({
    async close() {
      const stopped = service.stopSidecar();
      clock.advance(3_600_000);
      await stopped;
    },
  });
  return { service, clock };
}

/** The next line of the server's log that has this part. */
export async function logged(service: ActorEmbedService, part: string): Promise<string> {
  return new Promise((resolve) => {
    const look = (line: string): void => {
      if (!line.includes(part)) return;
      service.off('log', look);
      resolve(line);
    };
    service.on('log', look);
  });
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
