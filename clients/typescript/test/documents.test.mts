/** What the documents show compiles, and does what it says: it is taken from the files in documents/. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { standInExecutable } from './standInScenario.mjs';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const repository = join(packageFolder, '../..');
const documents = ['README.md', 'clients/typescript/README.md', 'docs/packaging.md', 'examples/electron/README.md'];

const read = (path: string): string => readFileSync(path, 'utf8').replaceAll('\r\n', '\n');

function blocks(...languages: string[]): { document: string; code: string }[] {
  return documents.flatMap((document) => Array.from(read(join(repository, document)).matchAll(/^```([a-z]+)\n(.*?)^```$/gms))
    .filter(([, language]) => languages.includes(language!))
    .map(([, , code]) => ({ document, code: code!.trim() })));
}

/** The imports of values, and what stands in the region. */
function shown(file: string): string {
  const imports = file.split('\n').filter((line) => /^import (?!type)/.test(line));
  const region = /^\/\/ #region shown\n(.*?)^\/\/ #endregion$/ms.exec(file)![1]!;
  return [...imports, ...(imports.length === 0 ? [] : ['']), region.trim()].join('\n');
}

describe('the documents', { timeout: 60_000 }, () => {
  it('show TypeScript that is taken from files which are compiled', () => {
    const folder = join(packageFolder, 'test/documents');
    const compiled = new Map(readdirSync(folder).map((name) => [shown(read(join(folder, name))), name]));
    const used = blocks('ts', 'typescript').map(({ document, code }) => {
      assert.ok(compiled.has(code), `${document} shows what no file of test/documents has:\n${code}`);
      return compiled.get(code);
    });
    assert.deepEqual([...compiled.values()].filter((name) => !used.includes(name)), []);
  });

  it('show JavaScript that can be read', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'snippet-')), 'snippet.js');
    for (const { document, code } of blocks('js')) {
      writeFileSync(file, code);
      assert.equal(spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' }).stderr, '', document);
    }
  });

  for (const name of ['sidecar', 'service']) {
    it(`show a program that runs to its end: ${name}`, { skip: process.platform === 'win32' ? 'the stand-in is a shell script' : false }, () => {
      const run = spawnSync(process.execPath, [join(packageFolder, `build-test/documents/${name}.mjs`)], {
        encoding: 'utf8', env: { ...process.env, ACTOREMBED_EXECUTABLE: standInExecutable() },
      });
      assert.deepEqual([run.status, run.stderr], [0, '']);
    });
  }
});
