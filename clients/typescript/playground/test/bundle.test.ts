import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const PAGE = '../../testkit/src/main/resources/playground/index.html';

test('script_isWhatItsSourcesMake', () => {
  const check = spawnSync(process.execPath, ['scripts/playground.mjs', '--check'], { encoding: 'utf8' });
  assert.equal(check.status, 0, check.stderr);
});

test('page_hasEveryElementThatTheScriptUses', () => {
  const html = readFileSync(PAGE, 'utf8');
  const used = readdirSync('playground/src').flatMap((file) =>
    [...readFileSync(`playground/src/${file}`, 'utf8').matchAll(/(?:byId(?:<\w+>)?|onClick)\('([\w-]+)'/g)].map((match) => match[1]),
  );
  assert.ok(used.length > 30, `${used.length} found`);
  for (const id of new Set(used)) {
    assert.ok(html.includes(` id="${id}"`), `index.html has no element ${id}`);
  }
});
