import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, bundleFunction } from '../../infra/bundle.ts';
import { loadOperations } from '../../infra/operations.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const operations = await loadOperations();
let directory: string;
const bundles = new Map<string, Bundle>();

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bundles-'));
  for (const operation of operations) {
    const bundle = await bundleFunction(operation, `${root}functions/${operation.name}.ts`, directory);
    bundles.set(operation.name, bundle);
  }
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs code in a process of its own and gives what it printed, parsed. */
function run(code: string): unknown {
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
    encoding: 'utf8',
    env: { AWS_REGION: 'us-east-1' },
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

describe('what the bundle leaves out of the SDK', () => {
  const entry = () => `${directory}/entry.ts`;
  const bundled = async (source: string) => {
    writeFileSync(entry(), source);
    const [operation] = operations;
    if (operation === undefined) throw new Error('no operations');
    await bundleFunction({ ...operation, name: 'probe' }, entry(), directory);
    return run(`await import(${JSON.stringify(pathToFileURL(`${directory}/probe/index.mjs`).href)});`);
  };
  const sdk = (name: string) => JSON.stringify(`${root}node_modules/@aws-sdk/${name}/dist-es/index.js`);

  it('keeps the name, the fault, the message and the class of an error', async () => {
    const told = await bundled(`
      import { NoSuchEntityException, IAMServiceException } from ${sdk('client-iam')};
      const error = new NoSuchEntityException({ message: 'no', $metadata: { requestId: 'r' } });
      process.stdout.write(JSON.stringify({
        name: error.name, fault: error.$fault, message: error.message, metadata: error.$metadata,
        own: Object.getPrototypeOf(error) === NoSuchEntityException.prototype,
        base: Object.getPrototypeOf(NoSuchEntityException.prototype) === IAMServiceException.prototype,
      }));`);
    expect(told).toEqual({
      name: 'NoSuchEntityException',
      fault: 'client',
      message: 'no',
      metadata: { requestId: 'r' },
      own: true,
      base: true,
    });
  });

  it('tells an error of AWS by its class, and signs with the credentials of the environment', async () => {
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
});
