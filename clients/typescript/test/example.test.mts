/** The example for Electron hosts runs to its end, with the stand-in for the server. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { standInExecutable } from './standInScenario.mjs';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));

it('examples/electron embeds, survives a crash of the server and ends', {
  skip: process.platform === 'win32' ? 'the stand-in is a shell script' : false,
  timeout: 60_000,
}, () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'example-')), 'electron');
  cpSync(join(packageFolder, '../../examples/electron'), folder, { recursive: true, filter: (path) => !path.includes('node_modules') });
  mkdirSync(join(folder, 'node_modules/@actorembed'), { recursive: true });
  symlinkSync(packageFolder, join(folder, 'node_modules/@actorembed/client'));
  const run = spawnSync(process.execPath, ['main.mjs'], {
    cwd: folder, encoding: 'utf8', env: { ...process.env, ACTOREMBED_EXECUTABLE: standInExecutable() },
  });
  assert.equal(run.stderr, '');
  assert.equal(run.status, 0);
  assert.match(run.stdout, /restarts: 1, same vector: true\nserver: stopping\nserver: stopped\n$/);
});
