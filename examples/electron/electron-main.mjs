// For Electron's main process (Electron 28 or later, for ES modules). Not run by this example: see README.md.
import { app, ipcMain } from 'electron';
import { Embeddings } from './embeddings.mjs';

let embeddings;

app.whenReady().then(() => {
  // A packaged application finds the server in its resources folder (`extraResources`); nothing to configure.
  embeddings = new Embeddings();
  embeddings.on('failed', ({ message }) => console.error(message));
  // In the preload script: contextBridge.exposeInMainWorld('embed', (texts) => ipcRenderer.invoke('embed', texts));
  ipcMain.handle('embed', (_event, texts) => embeddings.embed(texts));
});

let stopped = false;
app.on('before-quit', (event) => {
  if (stopped || embeddings === undefined) return;
  // The first quit is held back until the server has finished its work; if the application is killed instead, the
  // server notices by itself.
  event.preventDefault();
  embeddings.stop().catch(console.error).finally(() => {
    stopped = true;
    app.quit();
  });
});
