import type { ActorEmbedServiceConfig } from '@actorembed/client';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Scenario {
  /** Exit at once with this code. */
  exitCode?: number;
  lastWords?: string;
  /** A file with a JSON list of exit codes: each start takes one and exits with it, until none is left. */
  exitsFile?: string;
  /** Lines of standard output before anything else happens. */
  says?: unknown[];
  /** Exit as a server does that cannot listen, unless this is its port. */
  exitsUnless?: string;
  /** Do nothing but live. */
  hangs?: boolean;
  /** How readiness is announced. Default: the line. */
  ready?: 'line' | 'health' | 'never';
  /** What the ready line claims in place of the truth. */
  readyUrl?: string;
  serverHeader?: string;
  infoPid?: number;
  ignoresTerm?: boolean;
  /** Answer /health with 503. */
  unhealthy?: boolean;
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

/** The stand-in as one executable file, for what looks for such a file. Not on Windows. */
export function standInExecutable(): string {
  const path = join(mkdtempSync(join(tmpdir(), 'stand-in-')), 'actorembed');
  writeFileSync(path, `#!/bin/sh\nexec "${process.execPath}" "${standInScript}" "$@"\n`, { mode: 0o755 });
  return path;
}
