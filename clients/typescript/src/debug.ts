export type LogCategory = 'SIDECAR-CLIENT' | 'SIDECAR-SERVICE';

/**
 * Debug log of one category: writes to standard error when `LOG_CATEGORIES` (comma-separated) names the category, and
 * costs nothing otherwise. Texts and vectors never go into a message.
 */
export function debugLog(category: LogCategory): (message: () => string) => void {
  const enabled = (process.env['LOG_CATEGORIES'] ?? '')
    .split(',')
    .some((name) => name.trim().toUpperCase() === category);
  if (!enabled) return () => {};
  // console.error rather than process.stderr.write: a packaged Windows app has no console, and only the former
  // swallows the resulting EBADF.
  return (message) => console.error(`${new Date().toISOString()} [${category}] ${message()}`);
}
