// Packs what scripts/publish.sh has published for npm: a package for each system, and the client that asks for them as
// optional ones. Usage: node scripts/pack-npm.mjs VERSION OUT RID...
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, linkSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Names of npm for the systems of .NET. All five are named by the client, whichever are packed now. */
const systems = {
  'linux-x64': { os: 'linux', cpu: 'x64', libc: 'glibc' },
  'linux-arm64': { os: 'linux', cpu: 'arm64', libc: 'glibc' },
  'win-x64': { os: 'win32', cpu: 'x64' },
  'win-arm64': { os: 'win32', cpu: 'arm64' },
  'osx-arm64': { os: 'darwin', cpu: 'arm64' },
};

/** The flavours that can run models on cuda. Nobody gets them unasked: they are large. */
const cuda = '-cuda';

const [version, out, ...rids] = process.argv.slice(2);
const root = fileURLToPath(new URL('../', import.meta.url));
const client = join(root, 'clients/typescript');
const target = join(out, 'npm');
const manifest = JSON.parse(readFileSync(join(client, 'package.json'), 'utf8'));
const common = { version, license: 'Apache-2.0' };

rmSync(target, { recursive: true, force: true });
for (const rid of rids) packServer(rid);
// Windows on Arm runs programs for x64, more slowly: better than no server where the runtime for Arm cannot be had.
if (rids.includes('win-x64') && !rids.includes('win-arm64')) packServer('win-arm64', 'win-x64');
packClient();

function packServer(rid, build = rid) {
  const { os, cpu, libc } = systems[systemOf(rid)];
  const folder = join(target, 'stage', nameOf(rid));
  const executable = os === 'win32' ? 'actorembed.exe' : 'actorembed';
  const made = build === rid ? '' : ` It was built for ${systems[build].cpu}, which this system emulates.`;
  const flavour = rid.endsWith(cuda) ? ' It runs models on accelerators of NVIDIA where driver, CUDA 13 and cuDNN 9 are there, and on the processor elsewhere.' : '';
  linkFolder(join(out, 'publish', build), join(folder, 'bin'));
  writeFileSync(join(folder, 'README.md'),
    `# ${nameOf(rid)}\n\nThe ActorEmbed server for ${os} on ${cpu}, with its model and libraries.${made}${flavour} \`@actorembed/client\` finds it.\n`);
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  write(folder, {
    name: nameOf(rid),
    description: `The ActorEmbed text-embedding server for ${os} on ${cpu}${flavour === '' ? '' : ', for cuda'}`,
    ...common,
    os: [os],
    cpu: [cpu],
    ...(libc === undefined ? {} : { libc: [libc] }),
    bin: { actorembed: `bin/${executable}` },
    // Nothing can be executed from inside an archive.
    preferUnplugged: true,
    files: ['bin'],
  });
  pack(folder);
}

function packClient() {
  if (!existsSync(join(client, 'node_modules/typescript'))) run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], client);
  const folder = join(target, 'stage/client');
  const { devDependencies: _, scripts: __, ...published } = manifest;
  // Compiled beside the sources' own output, which a test may be using.
  mkdirSync(folder, { recursive: true });
  run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--outDir', join(folder, 'dist')], client);
  run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.esm.json', '--outDir', join(folder, 'dist/esm')], client);
  writeFileSync(join(folder, 'dist/esm/package.json'), '{"type":"module"}\n');
  for (const file of ['README.md', 'LICENSE']) copyFileSync(join(file === 'LICENSE' ? root : client, file), join(folder, file));
  write(folder, { ...published, ...common, optionalDependencies: Object.fromEntries(Object.keys(systems).map((rid) => [nameOf(rid), version])) });
  pack(folder);
}

function nameOf(rid) {
  const { os, cpu } = systems[systemOf(rid)];
  return `@actorembed/server-${os}-${cpu}${rid.endsWith(cuda) ? cuda : ''}`;
}

function systemOf(rid) {
  return rid.endsWith(cuda) ? rid.slice(0, -cuda.length) : rid;
}

function write(folder, packageJson) {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(packageJson, null, 2)}\n`);
}

function pack(folder) {
  const [{ filename, size, unpackedSize }] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', target], folder));
  console.log(`${filename}: ${megabytes(size)} MB packed, ${megabytes(unpackedSize)} MB on the disk`);
}

/** The same files under a second name: they are large, and packing only reads them. */
function linkFolder(from, to) {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    const [source, copy] = [join(from, name), join(to, name)];
    if (statSync(source).isDirectory()) {
      linkFolder(source, copy);
      continue;
    }
    try {
      linkSync(source, copy);
    } catch {
      cpSync(source, copy);
    }
  }
}

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}

function run(command, args, cwd) {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], shell: process.platform === 'win32' });
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')} failed in ${cwd}: ${result.error?.message ?? result.stdout}`);
  return result.stdout;
}
