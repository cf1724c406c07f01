import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { device, me, useFakeApi } from './fake-api.ts';

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const packageFolder = fileURLToPath(new URL('../../../clients/typescript', import.meta.url));
const typesFolder = fileURLToPath(new URL('../../../node_modules/@types', import.meta.url));
const typescript = require.resolve('typescript/package.json').replace(/package\.json$/, 'bin/tsc');

/** Bytes, minified and compressed. */
const budget = { minified: 24_000, compressed: 9_000 };

const api = useFakeApi();
let folder = '';
const installed = (path: string) => join(folder, 'node_modules/@mfa-self-service/client', path);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mfa-client-'));
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: packageFolder,
  });
  const archive = stdout.trim().split('\n').at(-1) ?? '';
  await writeFile(join(folder, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, archive)], {
    cwd: folder,
  });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A user's program. Marked lines must not compile. */
const consumer = `
import { createClient, isProblem, ProblemError, type Client, type ProblemCode } from '@mfa-self-service/client';

const [url = ''] = process.argv.slice(2);
const provider = async () => ({ accessKeyId: 'AKIAEXAMPLE000000001', secretAccessKey: 'secret', sessionToken: undefined });
const client: Client = createClient({ url, credentials: provider, code: ({ devices }) => ({ code: '123456', deviceId: devices[0]?.id }) });

const { items } = await client.listMfaDevices({ limit: 10 }, { timeout: 5000 });
const kind: 'virtual' | 'hardware-totp' | 'fido' | undefined = items[0]?.kind;
console.log(items[0]?.id, kind);

export const remedy = (code: ProblemCode): string => (code === 'busy' ? 'wait' : code);
try {
  await client.getMfaDevice({ deviceId: 'none' });
} catch (error) {
  if (isProblem(error, 'device-not-found')) {
    const code: 'device-not-found' = error.code;
    console.log(code, error instanceof ProblemError);
  }
}

export async function unused(): Promise<void> {
  const png: Uint8Array = await client.createMfaDevice({ name: 'x' }, { accept: 'image/png' });
  const csv: string = await client.listUsers({ mfa: 'none' }, { accept: 'text/csv' });
  console.log(png, csv, (await client.createMfaDevice({ name: 'x' })).base32Seed);
  // @ts-expect-error: a code is missing
  await client.enableMfaDevice({ deviceId: 'x', code1: '123456' });
  // @ts-expect-error: no such code
  isProblem(undefined, 'no-such-code');
  // @ts-expect-error: no QR code here
  await client.getMe({ accept: 'image/png' });
}
`;

const settings = (compilerOptions: { readonly [option: string]: unknown }) => ({
  compilerOptions: {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: false,
    target: 'ES2022',
    skipLibCheck: false,
    types: [],
    outDir: 'out',
    ...compilerOptions,
  },
  files: ['consumer.ts', ...(compilerOptions['types'] === undefined ? ['globals.d.ts'] : [])],
});

describe('the package', () => {
  it('contains only what is built, and has no dependencies', async () => {
    expect((await readdir(installed('.'))).sort()).toEqual(['dist', 'package.json', 'README.md'].sort());
    expect(await readdir(join(folder, 'node_modules/@mfa-self-service'))).toEqual(['client']);
    expect((await readdir(join(folder, 'node_modules'))).filter((name) => !name.startsWith('.'))).toEqual([
      '@mfa-self-service',
    ]);
    const files = await readdir(installed('dist'));
    expect(files).toEqual(expect.arrayContaining(['index.js', 'index.d.ts', 'LICENSE', 'LICENSE-aws4fetch']));
    expect(await readFile(installed('dist/LICENSE-aws4fetch'), 'utf8')).toContain(
      'Permission is hereby granted',
    );
  });

  it('is self-contained: nothing is imported from elsewhere', async () => {
    const files = (await readdir(installed('dist'))).filter((file) => /\.(js|ts)$/.test(file));
    const texts = await Promise.all(files.map((file) => readFile(installed(`dist/${file}`), 'utf8')));
    const imported = texts.flatMap((text) => [
      ...text.matchAll(/^(?:import|export)\b[^;]*?\bfrom ['"](.+)['"]|^\/\/\/ <(.+)>|\bimport\(/gm),
    ]);
    expect(imported.length).toBeGreaterThan(5);
    const declarations = files
      .filter((file) => file.endsWith('.d.ts'))
      .map((file) => `./${file.slice(0, -5)}.js`);
    for (const [, name] of imported) expect(declarations).toContain(name);
    expect(await readFile(installed('dist/index.js'), 'utf8')).not.toMatch(
      /^import\b|\bimport\(|\brequire\(/m,
    );
  });

  it.each([
    ['Node', { module: 'NodeNext', lib: ['ES2022'], types: ['node'], typeRoots: [typesFolder] }],
    ['browsers', { module: 'NodeNext', lib: ['ES2022', 'DOM'] }],
    ['a bundler', { module: 'ESNext', moduleResolution: 'bundler', lib: ['ES2022', 'DOM'] }],
  ])(
    'has types for %s, and runs',
    async (_, options) => {
      api.on('GET /v1/me/mfa-devices?limit=10', { body: { items: [device('phone')] } });
      api.on('GET /v1/me/mfa-devices/none', {
        status: 404,
        body: { code: 'device-not-found', status: 404, title: 'None', detail: 'None.' },
      });
      await mkdir(join(folder, 'out'), { recursive: true });
      await writeFile(join(folder, 'consumer.ts'), consumer);
      await writeFile(
        join(folder, 'globals.d.ts'),
        'declare const process: { readonly argv: readonly string[] };',
      );
      await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings(options)));
      const compiled = await run(process.execPath, [typescript, '-p', folder]).catch(({ stdout }) => ({
        stdout,
      }));
      expect(compiled.stdout).toBe('');
      const { stdout } = await run(process.execPath, ['out/consumer.js', api.url], { cwd: folder });
      expect(stdout).toBe('phone virtual\ndevice-not-found true\n');
    },
    60_000,
  );

  it('runs as its README shows', async () => {
    api.on('GET /v1/me', { body: { ...me, mfa: { active: 0, pending: 0 } } });
    const qrCode = {
      status: 201,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: 'the QR code',
    };
    api.on('POST /v1/me/first-mfa-device', qrCode);
    const [, example = ''] = /```js\n(.*?)```/s.exec(await readFile(installed('README.md'), 'utf8')) ?? [];
    const program = example
      .replace('./clients/typescript/dist/index.js', '@mfa-self-service/client')
      .replace('http://127.0.0.1:4000', api.url);
    await writeFile(join(folder, 'example.mjs'), program);
    const { stdout } = await run(process.execPath, ['example.mjs'], { cwd: folder });
    expect(stdout).toBe('alice has 0 active devices.\nthe QR code\n');
  });

  it('stays small', async () => {
    const { code } = await transform(await readFile(installed('dist/index.js'), 'utf8'), {
      minify: true,
      format: 'esm',
      legalComments: 'none',
    });
    expect(code.length).toBeLessThan(budget.minified);
    expect(gzipSync(code).length).toBeLessThan(budget.compressed);
  });

  it('keeps the licence of what it bundles', async () => {
    expect(await readFile(installed('dist/index.js'), 'utf8')).toContain('Michael Hart');
  });
});
