import type { ActorEmbedServiceConfig } from '@actorembed/client';
import { fileURLToPath } from 'node:url';

export interface Scenario {
  /** Exit at once with this code. */
  exitCode?: number;
  lastWords?: string;
  /** A file with a JSON list of exit codes: each start takes one and exits with it, until none is left. */
  exitsFile?: string;
  /** How readiness is announced. Default: the line. */
  ready?: 'line' | 'health' | 'never';
  /** What the ready line claims in place of the truth. */
  readyUrl?: string;
  serverHeader?: string;
  infoPid?: number;
  ignoresTerm?: boolean;
}

export const standInScript = fileURLToPath(new URL('./standIn.mjs', import.meta.url));

/** Options of a service that runs the stand-in. */
export function standIn(scenario: Scenario = {}, config: ActorEmbedServiceConfig = {}): ActorEmbedServiceConfig {
  return {
    port: 0,
    executablePath: process.execPath,
    args: [standInScript],
    ...config,
    env: { STAND_IN: JSON.stringify(scenario), ...config.env },
  };
}
