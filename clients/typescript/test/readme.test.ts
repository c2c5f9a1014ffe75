import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { RelayServer } from './relay-server.js';

const ROOT = new URL('../../', import.meta.url);
const FOLDER = new URL('build/readme/', ROOT);
const README = readFileSync(new URL('README.md', ROOT), 'utf8');
const SNIPPETS = [...README.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code as string);

describe('README', () => {
  before(() => {
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER, { recursive: true });
    // Within the package, so that its own name is found: as an app finds it, by its exports.
    SNIPPETS.forEach((code, index) => writeFileSync(new URL(`snippet-${index}.ts`, FOLDER), `${code}\nexport {};\n`));
  });

  test('snippets_compile', () => {
    const files = SNIPPETS.map((_, index) => fileURLToPath(new URL(`snippet-${index}.ts`, FOLDER)));
    const program = ts.createProgram(files, {
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      // So the published declarations are checked too.
      skipLibCheck: false,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      types: ['node'],
      typeRoots: [fileURLToPath(new URL('node_modules/@types', ROOT))],
    });
    const found = ts
      .getPreEmitDiagnostics(program)
      .map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);

    assert.ok(files.length >= 6);
    assert.deepEqual(found, []);
  });

  test('firstSnippet_runsAgainstARelay', async () => {
    const relay = await RelayServer.start();
    relay.publish(['e-1'], () => ({ id: 't-1' }));
    const program = new URL('snippet-0.mjs', FOLDER);
    writeFileSync(program, ts.transpileModule(SNIPPETS[0] as string, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext } }).outputText);
    const env = { ...process.env, RELAY_URL: relay.url, RELAY_DEVICE: 'd-1', RELAY_TOKEN: 'token-1' };

    const output = await run(fileURLToPath(program), env);
    assert.equal(output, 'transaction.status.updated {"id":"t-1"}\n{"result":{}}\n');
    assert.equal(relay.log.acknowledgedBy(''), 0);
    await relay.close();
  });

  test('guarantees_areShownByTestsThatExist', () => {
    const tests = readdirSync(new URL('test/', ROOT))
      .map((name) => readFileSync(new URL(`test/${name}`, ROOT), 'utf8'))
      .join('\n');
    const table = README.slice(README.indexOf('## What you can rely on'), README.indexOf("## From Fireblocks' demo"));
    const named = [...table.matchAll(/`([a-zA-Z]+_[a-zA-Z_]+)`/g)].map(([, name]) => name as string);

    assert.ok(named.length > 15);
    named.filter((name) => !name.startsWith('RELAY')).forEach((name) => assert.ok(tests.includes(name), name));
  });
});

function run(program: string, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program], { env });
    let output = '';
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', () => resolve(output));
  });
}
