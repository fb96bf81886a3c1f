import { statSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { ActorEmbedError } from './error.js';
import { shippedFolders } from './shippedFolders.js';

/** Names the executable for the host application and for tests; the option `executablePath` wins over it. */
export const EXECUTABLE_VARIABLE = 'ACTOREMBED_EXECUTABLE';

/**
 * The server's executable: the option, the environment variable, then a copy shipped with the application or by npm, then
 * PATH. What is named explicitly is never silently replaced by something found elsewhere.
 * @throws {ActorEmbedError} START_FAILED with the places that were looked at.
 */
export function findExecutable(executablePath: string | undefined, environment: NodeJS.ProcessEnv): string {
  if (executablePath) return named('option executablePath', executablePath, environment);
  const fromEnvironment = environment[EXECUTABLE_VARIABLE];
  if (fromEnvironment) return named(`environment variable ${EXECUTABLE_VARIABLE}`, fromEnvironment, environment);

  const name = process.platform === 'win32' ? 'actorembed.exe' : 'actorembed';
  const shipped = shippedFolders();
  const found = [...shipped, ...pathFolders(environment)].map((folder) => join(folder, name)).find(isFile);
  if (found !== undefined) return found;
  throw notFound(`install it by npm without --omit=optional, set the option executablePath or ${EXECUTABLE_VARIABLE}, ` +
    `or put ${name} on PATH or into one of ${shipped.join(', ')}`);
}

function named(source: string, path: string, environment: NodeJS.ProcessEnv): string {
  const isBareName = dirname(path) === '.' && !path.startsWith('.');
  const candidates = isBareName ? pathFolders(environment).map((folder) => join(folder, path)) : [resolve(path)];
  // A bare `dotnet` means dotnet.exe on Windows; which extension applies is the system's business.
  if (isBareName && process.platform === 'win32') return path;
  const found = candidates.find(isFile);
  if (found !== undefined) return found;
  throw notFound(`${source} says ${path}, which ${isBareName ? 'is not on PATH' : isFolder(candidates[0]!) ? 'is a folder' : 'does not exist'}`);
}

function notFound(why: string): ActorEmbedError {
  return new ActorEmbedError('START_FAILED', `The server's executable was not found: ${why}.`, { reason: 'executableNotFound' });
}

/** A folder has the executable's name in the layout that packagers make of `resources/actorembed/actorembed`. */
function isFile(path: string): boolean {
  return look(path)?.isFile() ?? false;
}

function isFolder(path: string): boolean {
  return look(path)?.isDirectory() ?? false;
}

function look(path: string): ReturnType<typeof statSync> | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // A folder that may not be entered, a name that no file can have: nothing to run is there.
    return undefined;
  }
}

function pathFolders(environment: NodeJS.ProcessEnv): string[] {
  return (environment['PATH'] ?? environment['Path'] ?? '').split(delimiter).filter((folder) => folder !== '');
}
