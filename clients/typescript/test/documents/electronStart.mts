import { ActorEmbedService } from '@actorembed/client';
import os from 'node:os';
import path from 'node:path';

/** What an application has of Electron and of electron-log. */
declare const app: { getPath(name: 'userData'): string };
declare const window: { webContents: { send(channel: string, ...values: unknown[]): void } };
declare const log: Record<'debug' | 'info' | 'warn' | 'error', (line: string) => void>;
declare const COMMIT: string;

// #region shown
const service = new ActorEmbedService({
  model: 'sentence-transformers/paraphrase-multilingual-mpnet-base-v2',
  revision: COMMIT,                                          // pins the weights, and with them the vectors
  modelsFolder: path.join(app.getPath('userData'), 'models'),
  port: 0,                                                   // two copies of an application never fight for a port
  threads: Math.max(1, os.cpus().length >> 1),               // leaves room for the windows
});
service.on('progress', ({ fraction, note }) => window.webContents.send('model', fraction, note));
service.on('log', (line, level) => log[level](line));        // electron-log
await service.startSidecar();
// #endregion
