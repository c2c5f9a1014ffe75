// Fails when the published module, minified and gzipped, is larger than the limit.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT_BYTES = 8 * 1024;
const bytes = gzipSync(readFileSync('dist/index.js'), { level: 9 }).length;
console.log(`dist/index.js, minified and gzipped: ${bytes} of ${LIMIT_BYTES} bytes`);
if (bytes > LIMIT_BYTES) {
  process.exit(1);
}
