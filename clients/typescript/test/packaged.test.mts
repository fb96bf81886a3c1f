/**
 * The layouts that packagers make of an application, with the stand-in for the server. Electron itself is played by what
 * it does to the process object: a worker thread has no `resourcesPath` there.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { standInExecutable } from './standInScenario.mjs';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const serverPackage = `@actorembed/server-${process.platform}-${process.arch}`;
const notOnWindows = process.platform === 'win32' ? 'the stand-in is a shell script' : false;

const program = `
const service = new ActorEmbedService({ port: 0, model: 'a/b' });
service.startSidecar()
  .then(() => service.createClient().embed('text'))
  .then((vector) => { console.log(JSON.stringify(vector)); return service.stopSidecar(); })
  .catch((error) => { console.error(error); process.exit(1); });`;
const esm = `import { ActorEmbedService } from '@actorembed/client';${program}`;
const commonJs = `const { ActorEmbedService } = require('@actorembed/client');${program}`;
const workerOf = (file: string): string =>
  `import { Worker } from 'node:worker_threads';\nnew Worker(new URL('./${file}', import.meta.url));`;

/** A folder of an application, as it lies on a user's disk. */
class Application {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'packaged-')));
  readonly #preload = join(this.root, 'electron.cjs');
  readonly resources = process.platform === 'darwin' ? join(this.root, 'App.app/Contents/Resources') : join(this.root, 'resources');

  constructor() {
    const execPath = process.platform === 'darwin' ? join(this.root, 'App.app/Contents/MacOS/App') : join(this.root, 'app');
    writeFileSync(this.#preload, `
      Object.defineProperty(process.versions, 'electron', { value: '40.0.0' });
      process.execPath = ${JSON.stringify(execPath)};
      if (require('node:worker_threads').isMainThread) process.resourcesPath = ${JSON.stringify(this.resources)};`);
  }

  write(path: string, text: string): this {
    mkdirSync(dirname(join(this.resources, path)), { recursive: true });
    writeFileSync(join(this.resources, path), text);
    return this;
  }

  /** Puts what npm installs of the client where a bundler has not taken it in. */
  withClient(folder: string): this {
    const target = join(this.resources, folder, 'node_modules/@actorembed/client');
    cpSync(join(packageFolder, 'dist'), join(target, 'dist'), { recursive: true });
    cpSync(join(packageFolder, 'package.json'), join(target, 'package.json'));
    return this;
  }

  withServer(path: string): this {
    mkdirSync(dirname(join(this.resources, path)), { recursive: true });
    cpSync(standInExecutable(), join(this.resources, path));
    return this;
  }

  async withBundle(path: string, source: string, format: 'esm' | 'cjs'): Promise<this> {
    const work = mkdtempSync(join(tmpdir(), 'bundle-'));
    mkdirSync(join(work, 'node_modules/@actorembed'), { recursive: true });
    symlinkSync(packageFolder, join(work, 'node_modules/@actorembed/client'), 'junction');
    writeFileSync(join(work, 'main.mjs'), source);
    await build({ entryPoints: [join(work, 'main.mjs')], bundle: true, platform: 'node', format, outfile: join(this.resources, path), logLevel: 'silent' });
    return this;
  }

  /** Runs it as Electron would; it must embed its text. */
  embeds(path: string): void {
    const run = this.run(path);
    assert.deepEqual([run.status, run.stdout, run.stderr], [0, '[4,116,0.5]\n', '']);
  }

  run(path: string): { status: number | null; stdout: string; stderr: string } {
    const env: NodeJS.ProcessEnv = { ...process.env, PATH: '/usr/bin:/bin' };
    delete env['ACTOREMBED_EXECUTABLE'];
    return spawnSync(process.execPath, ['--require', this.#preload, join(this.resources, path)], {
      cwd: this.root, env, encoding: 'utf8', timeout: 60_000,
    });
  }
}

describe('a packaged application finds its server', { skip: notOnWindows, timeout: 120_000 }, () => {
  for (const [what, place] of [['beside the archive', 'actorembed'], ['in a folder of its own', 'actorembed/actorembed']] as const) {
    it(`in the resources, ${what}`, () =>
      new Application().withClient('app.asar').withServer(place).write('app.asar/main.cjs', commonJs).embeds('app.asar/main.cjs'));

    it(`in the resources, ${what}, from a worker thread`, () =>
      new Application().withClient('app.asar').withServer(place).write('app.asar/worker.mjs', esm)
        .write('app.asar/main.mjs', workerOf('worker.mjs')).embeds('app.asar/main.mjs'));
  }

  it('in the package of npm that the archive has let out', () =>
    new Application().withClient('app.asar').withServer(`app.asar.unpacked/node_modules/${serverPackage}/bin/actorembed`)
      .write('app.asar/main.mjs', esm).embeds('app.asar/main.mjs'));

  it('in the package for cuda, before the ordinary one', () =>
    new Application().withClient('app').withServer(`app/node_modules/${serverPackage}-cuda/bin/actorembed`)
      .write(`app/node_modules/${serverPackage}/bin/actorembed`, 'never run').write('app/main.mjs', esm).embeds('app/main.mjs'));

  it('in the package of npm where there is no archive', () =>
    new Application().withClient('app').withServer(`app/node_modules/${serverPackage}/bin/actorembed`)
      .write('app/main.mjs', esm).embeds('app/main.mjs'));

  for (const format of ['esm', 'cjs'] as const) {
    const file = `out/main.${format === 'esm' ? 'mjs' : 'cjs'}`;
    it(`from a bundle (${format})`, async () =>
      (await new Application().withServer(`app.asar.unpacked/node_modules/${serverPackage}/bin/actorembed`)
        .withBundle(`app.asar/${file}`, esm, format)).embeds(`app.asar/${file}`));

    it(`from a bundle (${format}) in a worker thread`, async () =>
      (await new Application().withServer('actorembed/actorembed').write('app.asar/out/start.mjs', workerOf(file.slice(4)))
        .withBundle(`app.asar/${file}`, esm, format)).embeds('app.asar/out/start.mjs'));
  }

  it('and not beside a document that it was asked to open', () => {
    const application = new Application().withClient('app.asar').withServer(`../downloads/node_modules/${serverPackage}/bin/actorembed`)
      .write('app.asar/main.cjs', `
        const { ActorEmbedService } = require('@actorembed/client');
        process.argv[1] = require('node:path').join(__dirname, '../../downloads/letter.txt');
        new ActorEmbedService({ port: 0 }).startSidecar().catch((error) => error.reason).then((reason) => { console.log(reason); process.exit(); });`);
    assert.equal(application.run('app.asar/main.cjs').stdout, 'executableNotFound\n');
  });

  it('or names every place where it looked', () => {
    const application = new Application().withClient('app').write('app/main.cjs', `
      const { ActorEmbedService } = require('@actorembed/client');
      new ActorEmbedService({ env: { PATH: '' } }).startSidecar().catch((error) => console.log(error.reason, error.message));`);
    const run = spawnSync(process.execPath, [join(application.resources, 'app/main.cjs')], { encoding: 'utf8', env: {} });
    assert.match(run.stdout, /^executableNotFound /);
    assert.ok(run.stdout.includes(join(application.resources, 'app/node_modules', serverPackage, 'bin')), run.stdout);
  });
});
