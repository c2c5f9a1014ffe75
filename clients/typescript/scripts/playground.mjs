// Builds the script of the playground's page, which the simulator serves. It is committed, because ./relay up needs no Node;
// with --check, only says whether the committed one is what the sources make.
import { readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const FILE = '../../testkit/src/main/resources/playground/page.js';
const { outputFiles } = await build({
  entryPoints: ['playground/src/page.ts'],
  bundle: true,
  format: 'esm',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none',
  banner: { js: '// Generated from clients/typescript/playground by "npm run playground" there. Not to be edited.' },
  logLevel: 'warning',
  write: false,
});
if (!process.argv.includes('--check')) {
  writeFileSync(FILE, outputFiles[0].text);
} else if (readFileSync(FILE, 'utf8') !== outputFiles[0].text) {
  console.error('testkit/src/main/resources/playground/page.js is not what its sources make: npm run playground');
  process.exit(1);
}
