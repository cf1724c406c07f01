import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { replaceFiles } from '../../infra/bundle/replacements.ts';

interface SdkError {
  new (
    options: object,
  ): Error & { readonly $fault: string; readonly $metadata: object; readonly Item: unknown };
}

/** The errors of DynamoDB's client, as they are in a bundle. */
async function bundledErrors(): Promise<{ text: string; errors: Record<string, SdkError> }> {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        export * from './node_modules/@aws-sdk/client-dynamodb/dist-es/models/errors.js';
        export * from './node_modules/@aws-sdk/client-dynamodb/dist-es/models/DynamoDBServiceException.js';`,
      resolveDir: fileURLToPath(new URL('../../', import.meta.url)),
    },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    plugins: [replaceFiles],
    banner: { js: `const require = process.getBuiltinModule('node:module').createRequire('file:///');` },
  });
  const text = outputFiles[0]?.text ?? '';
  const url = `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`;
  return { text, errors: await import(/* @vite-ignore */ url) };
}

it('keeps everything that tells the SDK’s errors apart', async () => {
  const { text, errors } = await bundledErrors();
  const { ConditionalCheckFailedException, ResourceNotFoundException, DynamoDBServiceException } = errors;
  if (!ConditionalCheckFailedException || !ResourceNotFoundException || !DynamoDBServiceException)
    throw new Error('not bundled');
  const Item = { pk: { S: 'x' } };
  const error = new ConditionalCheckFailedException({ message: 'no', Item, $metadata: { attempts: 1 } });
  expect(error).toBeInstanceOf(DynamoDBServiceException);
  expect(error).toBeInstanceOf(ConditionalCheckFailedException);
  expect(error).not.toBeInstanceOf(ResourceNotFoundException);
  const { name, message, $fault, $metadata } = error;
  expect({ name, message, $fault, $metadata, item: error.Item }).toEqual({
    name: 'ConditionalCheckFailedException',
    message: 'no',
    $fault: 'client',
    $metadata: { attempts: 1 },
    item: Item,
  });
  const plain = new ResourceNotFoundException({ message: 'gone', $metadata: {} });
  expect([plain.name, plain.message, plain.$fault]).toEqual(['ResourceNotFoundException', 'gone', 'client']);
  expect(text).not.toMatch(/setPrototypeOf\(this, \w+Exception\d*\.prototype\)/);
  expect(text).not.toContain('com.amazonaws.dynamodb#ResourceNotFoundException');
});
