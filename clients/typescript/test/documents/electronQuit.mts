import type { ActorEmbedService } from '@actorembed/client';

/** What an application has of Electron. */
declare const app: { on(event: 'will-quit', listener: () => void): void };
declare const autoUpdater: { quitAndInstall(): void };
declare const service: ActorEmbedService;

// #region shown
app.on('will-quit', () => void service.stopSidecar());       // not waited for
// before an update: no file of the old version is in use when the installer begins
await service.stopSidecar();
autoUpdater.quitAndInstall();
// #endregion
