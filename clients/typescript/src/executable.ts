import { existsSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { ActorEmbedError } from './error.js';

/** Names the executable for the host application and for tests; the option `executablePath` wins over it. */
export const EXECUTABLE_VARIABLE = 'ACTOREMBED_EXECUTABLE';

/**
 * The server's executable: the option, the environment variable, then a copy shipped with the application or this
 * package, then PATH. What is named explicitly is never silently replaced by something found elsewhere.
 * @throws {ActorEmbedError} START_FAILED with the places that were looked at.
 */
export function findExecutable(executablePath: string | undefined, environment: NodeJS.ProcessEnv): string {
  if (executablePath) return named('option executablePath', executablePath, environment);
  const fromEnvironment = environment[EXECUTABLE_VARIABLE];
  if (fromEnvironment) return named(`environment variable ${EXECUTABLE_VARIABLE}`, fromEnvironment, environment);

  const name = process.platform === 'win32' ? 'actorembed.exe' : 'actorembed';
  const folders = [...shippedFolders(), ...pathFolders(environment)];
  const found = folders.map((folder) => join(folder, name)).find(existsSync);
  if (found !== undefined) return found;
  throw new ActorEmbedError('START_FAILED',
    `The server's executable was not found: set the option executablePath or ${EXECUTABLE_VARIABLE}, or put ${name} ` +
    `on PATH or into one of ${shippedFolders().join(', ')}.`);
}

function named(source: string, path: string, environment: NodeJS.ProcessEnv): string {
  const isBareName = dirname(path) === '.' && !path.startsWith('.');
  const candidates = isBareName ? pathFolders(environment).map((folder) => join(folder, path)) : [resolve(path)];
  // A bare `dotnet` means dotnet.exe on Windows; which extension applies is the system's business.
  if (isBareName && process.platform === 'win32') return path;
  const found = candidates.find(existsSync);
  if (found !== undefined) return found;
  throw new ActorEmbedError('START_FAILED',
    `The server's executable was not found: ${source} says ${path}, which ${isBareName ? 'is not on PATH' : 'does not exist'}.`);
}

/** Electron's resources folder, where packagers put extra files, and the folder of this package. */
function shippedFolders(): string[] {
  const resources = (process as { resourcesPath?: string }).resourcesPath;
  // Nothing inside an asar archive can be executed; packagers unpack executables beside it.
  const packageFolder = resolve(__dirname, '..').replace(/app\.asar(?=[\\/]|$)/, 'app.asar.unpacked');
  return [
    ...(resources === undefined ? [] : [resources, join(resources, 'actorembed')]),
    join(packageFolder, 'bin'),
  ];
}

function pathFolders(environment: NodeJS.ProcessEnv): string[] {
  return (environment['PATH'] ?? environment['Path'] ?? '').split(delimiter).filter((folder) => folder !== '');
}
