import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { bundleModules } from '../../infra/bundle/main.ts';
import { assertAllReplaced, replacements } from '../../infra/bundle/replacements.ts';
import { backgroundFunctions } from '../../shared/contract/background-functions.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** All functions; scheduled ones draw no QR codes. */
const operations = [
  ...(await loadOperations()),
  ...backgroundFunctions.map(({ name }) => ({ name, media: [] })),
];
const functions = inject('functions');
const bundles = new Map(functions.bundles.map((bundle) => [bundle.operation, bundle]));
/** The bundles in an otherwise empty folder. */
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'bundles-'));
  cpSync(functions.directory, directory, { recursive: true });
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs code in its own process and returns its parsed output. */
function run(code: string, env: Readonly<Record<string, string>> = { AWS_REGION: 'us-east-1' }): unknown {
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
    encoding: 'utf8',
    env,
  });
  return JSON.parse(output);
}

describe('the bundle', () => {
  it.each(operations)('of $name is within its budget', ({ name }) => {
    const bundle = bundles.get(name);
    expect(bundle?.size).toBeLessThanOrEqual(bundle?.budget ?? 0);
  });

  it.each(operations)('of $name starts without fetch and HTTP/2, and exports its handler', ({ name }) => {
    const url = pathToFileURL(`${directory}/${name}/index.mjs`).href;
    const started = run(`
      const exported = Object.keys(await import(${JSON.stringify(url)}));
      const loaded = process.moduleLoadList.filter((module) => /undici|http2/.test(module));
      process.stdout.write(JSON.stringify({ exported, loaded }));
    `);
    expect(started).toEqual({ exported: ['handler'], loaded: [] });
  });
});

describe('the parts of the SDK left out of the bundle', () => {
  const entry = () => `${directory}/entry.ts`;
  const bundled = async (source: string, env?: Readonly<Record<string, string>>) => {
    writeFileSync(entry(), source);
    await bundleModules([{ name: 'probe', media: [], entryPoint: entry() }], directory);
    return run(`await import(${JSON.stringify(pathToFileURL(`${directory}/probe/index.mjs`).href)});`, env);
  };
  const sdk = (name: string) => JSON.stringify(`${root}node_modules/@aws-sdk/${name}/dist-es/index.js`);

  it('are not needed to recognise AWS errors by class or to sign with environment credentials', async () => {
    const told = await bundled(`
      import { createServer } from 'node:http';
      import { ConditionalCheckFailedException, DynamoDBClient, UpdateItemCommand } from ${sdk('client-dynamodb')};
      process.env.AWS_ACCESS_KEY_ID = 'ASIAFUNCTION';
      process.env.AWS_SECRET_ACCESS_KEY = 'secret';
      process.env.AWS_SESSION_TOKEN = 'token';
      let headers;
      const server = createServer((request, response) => {
        headers = request.headers;
        response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
        response.end(JSON.stringify({ __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException' }));
      });
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      const client = new DynamoDBClient({ endpoint: 'http://127.0.0.1:' + server.address().port });
      const command = new UpdateItemCommand({ TableName: 'table', Key: { pk: { S: 'x' } } });
      const error = await client.send(command).catch((thrown) => thrown);
      server.close();
      client.destroy();
      process.stdout.write(JSON.stringify({
        isClass: error instanceof ConditionalCheckFailedException,
        name: error.name,
        credential: /Credential=(\\w+)/.exec(headers.authorization)?.[1],
        token: headers['x-amz-security-token'],
      }));`);
    expect(told).toEqual({
      isClass: true,
      name: 'ConditionalCheckFailedException',
      credential: 'ASIAFUNCTION',
      token: 'token',
    });
  });

  it('loads fetch, HTTP/2 and Web Crypto for no import of a module of Node', async () => {
    writeFileSync(
      `${directory}/common.cjs`,
      `exports.md5 = (text) => require('crypto').hash('md5', text); exports.sep = require('node:path').sep;`,
    );
    const told = await bundled(`
      import { Agent } from 'node:http';
      import process, { argv } from 'node:process';
      import * as crypto from 'node:crypto';
      import { md5, sep } from './common.cjs';
      const { STATUS_CODES } = await import('node:http');
      const loaded = process.moduleLoadList.filter((name) => /undici|http2|webcrypto/.test(name));
      process.stdout.write(JSON.stringify({
        agent: typeof new Agent().destroy, argv: argv === process.argv, sha1: crypto.hash('sha1', ''), md5: md5(''),
        sep, ok: STATUS_CODES[200], loaded,
      }));`);
    expect(told).toEqual({
      agent: 'function',
      argv: true,
      sha1: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
      md5: 'd41d8cd98f00b204e9800998ecf8427e',
      sep: '/',
      ok: 'OK',
      loaded: [],
    });
  });

  it('are not needed to take settings from the environment, and files are not read', async () => {
    mkdirSync(`${directory}/.aws`);
    writeFileSync(`${directory}/.aws/config`, '[default]\nregion = eu-west-1\n');
    const source = `
      import { IAMClient } from ${sdk('client-iam')};
      const region = await new IAMClient({}).config.region().catch(({ message }) => message);
      process.stdout.write(JSON.stringify(region));`;
    expect(await bundled(source, { HOME: directory })).toBe('Region is missing');
    expect(await bundled(source, { HOME: directory, AWS_REGION: 'us-west-2' })).toBe('us-west-2');
  });

  it('are not needed to resolve the SDK’s endpoints in every partition', async () => {
    const regions = [
      'us-east-1',
      'eu-central-2',
      'cn-north-1',
      'us-gov-west-1',
      'eusc-de-east-1',
      'aws-us-gov-global',
    ];
    const hosts = await bundled(`
      import { IAMClient } from ${sdk('client-iam')};
      import { STSClient } from ${sdk('client-sts')};
      const hosts = ${JSON.stringify(regions)}.flatMap((region) => [IAMClient, STSClient].map((Client) =>
        new Client({ region }).config.endpointProvider({ Region: region }).url.host));
      process.stdout.write(JSON.stringify(hosts));`);
    const { IAMClient } = await import('@aws-sdk/client-iam');
    const { STSClient } = await import('@aws-sdk/client-sts');
    const sdkHosts = regions.flatMap((region) =>
      [new IAMClient({ region }), new STSClient({ region })].map(
        ({ config }) => config.endpointProvider({ Region: region }).url.host,
      ),
    );
    expect(hosts).toEqual(sdkHosts);
  });

  it('are all found, so an update that moves one is noticed', () => {
    const [moved] = replacements;
    const others = functions.inputs.filter((path) => !moved?.file.test(`/${path}`));
    expect(() => assertAllReplaced(others)).toThrow('credential-provider-node');
  });
});
