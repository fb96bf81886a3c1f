// The package is CommonJS; the folder that bundlers read is not.
import { writeFileSync } from 'node:fs';

writeFileSync(new URL('../dist/esm/package.json', import.meta.url), '{"type":"module"}\n');
