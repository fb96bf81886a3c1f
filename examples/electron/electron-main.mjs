// For Electron's main process (Electron 28 or later, for ES modules). Not run by this example: see README.md.
import { app, ipcMain } from 'electron';
import path from 'node:path';
import { Embeddings } from './embeddings.mjs';

let embeddings;

app.whenReady().then(() => {
  // The server is found: in node_modules while you develop, in the package or the resources of a packaged application.
  embeddings = new Embeddings({
    // Stored vectors belong to one model. Keep this name, and what embeddings.status() tells, with them.
    model: 'sentence-transformers/paraphrase-multilingual-mpnet-base-v2',
    modelsFolder: path.join(app.getPath('userData'), 'models'),
  });
  embeddings.on('progress', ({ progress }) => console.log(`${progress.model}: ${Math.round(progress.fraction * 100)} %`));
  embeddings.on('failed', ({ reason, message }) => console.error(reason, message));
  // In the preload script: contextBridge.exposeInMainWorld('embed', (texts) => ipcRenderer.invoke('embed', texts));
  ipcMain.handle('embed', (_event, texts) => embeddings.embed(texts));
});

// Never held up: macOS would not log out, and an update not restart the application. The server ends with its parent anyway.
app.on('will-quit', () => embeddings?.stop().catch(() => {}));

// Before an update nothing of the old version may be in use:
//   await embeddings.stop();
//   autoUpdater.quitAndInstall();
