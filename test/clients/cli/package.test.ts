import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { me, useFakeApi } from '../typescript/fake-api.ts';

const run = promisify(execFile);
const packageFolder = fileURLToPath(new URL('../../../clients/cli', import.meta.url));

const api = useFakeApi();
let folder = '';
const installed = (path: string) => join(folder, 'node_modules/@mfa-self-service/cli', path);
const command = () => join(folder, 'node_modules/.bin/iam-mfa');

/** Runs the command with nothing but Node installed. */
const iamMfa = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  run(process.execPath, [command(), ...args], { cwd: folder, env: { HOME: folder, ...env } });

const keys = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };

function answerStatus(): void {
  api.on('GET /v1/me', { body: { ...me, serverTime: new Date().toISOString() } });
  api.on('GET /v1/me/mfa-devices', { body: { items: [] } });
  api.on('GET /v1/me/recoveries', { body: { items: [] } });
}

/** The names of the Node modules that a command has loaded by its end. */
async function loadedBy(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<readonly string[]> {
  const list = join(folder, 'loaded.json');
  const preload = join(folder, 'preload.cjs');
  const tell = `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify(process.moduleLoadList)))`;
  await writeFile(preload, tell);
  await iamMfa(args, { ...env, NODE_OPTIONS: `--require=${preload}` });
  const loaded: string[] = JSON.parse(await readFile(list, 'utf8'));
  expect(loaded.length).toBeGreaterThan(50);
  return loaded;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'iam-mfa-package-'));
  const packed = await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: packageFolder });
  const archive = packed.stdout.trim().split('\n').at(-1) ?? '';
  await writeFile(join(folder, 'package.json'), '{ "name": "consumer", "private": true }');
  const install = ['install', '--offline', '--no-audit', '--no-fund', join(folder, archive)];
  await run('npm', install, { cwd: folder });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the package', () => {
  it('has no dependencies, and includes the licences of what it bundles', async () => {
    expect(await readdir(join(folder, 'node_modules/@mfa-self-service'))).toEqual(['cli']);
    expect((await readdir(join(folder, 'node_modules'))).filter((name) => !name.startsWith('.'))).toEqual([
      '@mfa-self-service',
    ]);
    const files = await readdir(installed('dist'));
    expect(files).toEqual(
      expect.arrayContaining(['LICENSE', 'LICENSE-aws4fetch', 'LICENSE-commander', 'LICENSE-zod']),
    );
    for (const file of files.filter((name) => name.endsWith('.js'))) {
      const text = await readFile(installed(`dist/${file}`), 'utf8');
      const imported = [...text.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map(([, name]) => name);
      for (const name of imported) expect(name).toMatch(/^(node:|\.\/)/);
    }
  });

  it('runs, and loads what a command needs', async () => {
    answerStatus();
    const { stdout } = await iamMfa(['status'], { IAM_MFA_API_URL: api.url, ...keys });
    expect(stdout).toBe('alice in account 123456789012\n\nNo devices.\n');
  });

  it('reports the version of its package', async () => {
    const { version } = JSON.parse(await readFile(installed('package.json'), 'utf8'));
    expect((await iamMfa(['--version'])).stdout).toBe(`${version}\n`);
  });

  it.each([['--version'], ['--help'], ['add', '--help']])(
    'loads nothing heavy at start: %s',
    async (...args) => {
      const loaded = await loadedBy(args);
      expect(
        loaded.filter((name) => /undici|http2|NativeModule (_?http|readline|tls|child_process)/.test(name)),
      ).toEqual([]);
    },
  );

  it('signs and sends without loading the global fetch', async () => {
    answerStatus();
    const loaded = await loadedBy(['status'], { IAM_MFA_API_URL: api.url, ...keys });
    expect(loaded).toContain('NativeModule http');
    expect(
      loaded.filter((name) => /undici|http2|NativeModule (readline|tls|child_process)/.test(name)),
    ).toEqual([]);
  });
});
