// Runs the compiled tests: those whose file's name has one of the arguments in it, or all.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const named = process.argv.slice(2);
const files = ['build/test', 'build/playground/test'].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.test.js') && (named.length === 0 || named.some((part) => name.includes(part))))
    .map((name) => `${folder}/${name}`),
);
const run = spawnSync(process.execPath, ['--test', '--test-reporter=spec', '--test-timeout=600000', ...files], { stdio: 'inherit' });
process.exit(run.status ?? 1);
