// Node 18 and 20 expand no globs for --test, and cmd.exe never does, so the list of files is made here.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../build-test/', import.meta.url));
const files = readdirSync(folder)
  .filter((name) => /\.test\.(js|mjs|cjs)$/.test(name))
  .map((name) => join(folder, name));

const run = spawnSync(process.execPath, ['--test', '--test-reporter=spec', ...files], { stdio: 'inherit' });
process.exit(run.status ?? 1);
