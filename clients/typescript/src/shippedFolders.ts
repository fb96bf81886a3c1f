import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { isMainThread } from 'node:worker_threads';

/** The optional package of npm that holds the server for this system. */
export const SERVER_PACKAGE = `@actorembed/server-${process.platform}-${process.arch}`;

/** The one that can run models on cuda as well: nobody has it who did not ask for it, so it comes first. */
const SERVER_PACKAGES = [`${SERVER_PACKAGE}-cuda`, SERVER_PACKAGE];

/**
 * Where a copy of the server may lie that came with the application: Electron's resources folder, where packagers put extra
 * files, and the package that npm installed for this system.
 */
export function shippedFolders(): string[] {
  const resources = resourcesFolder();
  const own = typeof __dirname === 'undefined' ? undefined : resolve(__dirname, '..');
  const folders = [
    ...(resources === undefined ? [] : [resources, join(resources, 'actorembed')]),
    ...serverPackages(resources, own),
    ...(own === undefined ? [] : [join(own, 'bin')]),
  ];
  return [...new Set(folders.map(outsideArchive))];
}

/**
 * Electron sets `resourcesPath` in the environments that it makes itself. A worker thread's is made by Node and lacks it;
 * there `execPath` is the application's own, beside which the folder lies.
 */
function resourcesFolder(): string | undefined {
  const told = (process as { resourcesPath?: string }).resourcesPath;
  if (told !== undefined || process.versions['electron'] === undefined) return told;
  const folder = dirname(process.execPath);
  return process.platform === 'darwin' ? join(dirname(folder), 'Resources') : join(folder, 'resources');
}

/**
 * Where `node_modules` may hold the server: seen from this file, and, as a bundler leaves nothing of where this file was,
 * from the program that runs and from the places of a packaged application.
 */
function serverPackages(resources: string | undefined, own: string | undefined): string[] {
  const program = mainProgram();
  const starts = [
    ...(own === undefined ? [] : [own]),
    ...(program === undefined ? [] : [resolve(program)]),
    ...(resources === undefined ? [] : [join(resources, 'app.asar'), join(resources, 'app')]),
  ];
  return SERVER_PACKAGES.flatMap((name) => starts.flatMap((start) => [...plugAndPlay(start, name), ...foldersAbove(start).map(
    (folder) => join(folder, 'node_modules', name, 'bin'))]));
}

/**
 * The script that runs. Not in a packaged application's own process, which has none: there the first argument is what the
 * user or another program said, such as a document, and nothing beside that may be run.
 */
function mainProgram(): string | undefined {
  const isScript = process.versions['electron'] === undefined || !isMainThread || (process as { defaultApp?: boolean }).defaultApp === true;
  return isScript ? process.argv[1] : undefined;
}

/** Yarn's Plug'n'Play has no `node_modules`; who asks Node is told where the package lies. */
function plugAndPlay(start: string, name: string): string[] {
  if (process.versions['pnp'] === undefined) return [];
  try {
    return [join(dirname(createRequire(join(start, 'from.js')).resolve(`${name}/package.json`)), 'bin')];
  } catch {
    return [];
  }
}

function foldersAbove(start: string): string[] {
  const above = dirname(start);
  return above === start ? [start] : [start, ...foldersAbove(above)];
}

/** Nothing inside an asar archive can be executed; packagers unpack executables beside it. */
function outsideArchive(folder: string): string {
  return folder.replace(/\.asar(?=[\\/]|$)/, '.asar.unpacked');
}
