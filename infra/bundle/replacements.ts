import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

/** A file that is bundled with different contents. */
export interface Replacement {
  /** Matches its path, which begins with a slash. */
  readonly file: RegExp;
  readonly contents: (path: string) => Promise<string>;
}

/** A library's file, and what is bundled in its place. */
const standIn = (path: string, contents: string): Replacement => ({
  file: new RegExp(`/node_modules/${path.replaceAll('.', '\\.')}$`),
  contents: async () => contents,
});

const smithy = '@smithy/core/dist-es/submodules';
const awsCore = '@aws-sdk/core/dist-es/submodules';

/** A library's file, and our module that is bundled in its place. */
const ownModule = (path: string, module: string): Replacement =>
  standIn(path, `export * from ${JSON.stringify(fileURLToPath(new URL(module, import.meta.url)))};`);

/** Parts of the SDK that its clients include but functions never use. */
const unused: readonly Replacement[] = [
  // No operation in use streams events.
  standIn(
    `${smithy}/event-streams/index.js`,
    `export class EventStreamSerde {}
     export const eventStreamSerdeProvider = () => undefined;
     export const resolveEventStreamSerdeConfig = (config) => config;`,
  ),
  standIn('@smithy/signature-v4/dist-es/HeaderFormatter.js', 'export class HeaderFormatter {}'),
  // Endpoint discovery and the adaptive retry mode are off by default.
  standIn(
    '@aws-sdk/middleware-endpoint-discovery/dist-es/resolveEndpointDiscoveryConfig.js',
    'export const resolveEndpointDiscoveryConfig = (config) => config;',
  ),
  standIn(`${smithy}/retry/util-retry/AdaptiveRetryStrategy.js`, 'export class AdaptiveRetryStrategy {}'),
  // Clients copy every input and output for a logger even when there is none.
  standIn(
    `${awsCore}/client/middleware-logger/loggerMiddleware.js`,
    `export const loggerMiddleware = undefined;
     export const loggerMiddlewareOptions = undefined;
     export const getLoggerPlugin = () => ({ applyToStack: () => {} });`,
  ),
  // Only used where node:crypto is missing.
  standIn(`${smithy}/checksum/sha256/Sha256Js.js`, 'export class Sha256Js {}'),
  // Only used for S3 and for multi-Region signatures.
  standIn(
    `${smithy}/endpoints/middleware-endpoint/service-customizations/s3.js`,
    [
      'resolveParamsForS3',
      'DOT_PATTERN',
      'S3_HOSTNAME_PATTERN',
      'isArnBucketName',
      'isDnsCompatibleBucketName',
    ]
      .map((name) => `export const ${name} = undefined;`)
      .join('\n'),
  ),
  standIn(`${awsCore}/httpAuthSchemes/aws_sdk/AwsSdkSigV4ASigner.js`, 'export class AwsSdkSigV4ASigner {}'),
  // In Lambda the Region and all settings come from the environment: there is no instance metadata to query, and no
  // `~/.aws` to look for on each client's first call.
  standIn(
    `${smithy}/config/config-resolver/regionConfig/getInstanceMetadataRegion.js`,
    'export const getInstanceMetadataRegion = async () => undefined;',
  ),
  standIn(
    `${smithy}/config/shared-ini-file-loader/loadSharedConfigFiles.js`,
    `export { CONFIG_PREFIX_SEPARATOR } from './constants';
     export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });`,
  ),
];

/** The SDK reads only the version from its package.json files, but a JSON import includes them whole. */
const onlyVersion: Replacement = {
  file: /\/node_modules\/@aws-sdk\/[^/]+\/package\.json$/,
  contents: async (path) => {
    const { version } = JSON.parse(await readFile(path, 'utf8'));
    return JSON.stringify({ version });
  },
};

/** The SDK lists every Region with a description, though its partition's pattern matches all but a few. */
const onlyPatterns: Replacement = {
  file: new RegExp(`/node_modules/${awsCore}/client/util-endpoints/lib/aws/partitions\\.js$`),
  contents: async (path) => {
    const { partitionsInfo }: { partitionsInfo: PartitionsInfo } = await import(path);
    const partitions = partitionsInfo.partitions.map(({ regions, regionRegex, ...others }) => {
      const unmatched = Object.keys(regions).filter((region) => !new RegExp(regionRegex).test(region));
      return { ...others, regionRegex, regions: Object.fromEntries(unmatched.map((region) => [region, {}])) };
    });
    return exporting({ partitionsInfo: { ...partitionsInfo, partitions } });
  },
};

interface PartitionsInfo {
  readonly partitions: readonly { readonly regionRegex: string; readonly regions: object }[];
}

/**
 * Inlines the constants that the schemas of REST clients use as computed keys. esbuild keeps every object with a
 * computed key, and with it all of the client's operations.
 */
const plainSchemaKeys: Replacement = {
  file: /\/node_modules\/@aws-sdk\/client-(lambda|sesv2)\/dist-es\/schemas\/schemas_0\.js$/,
  contents: async (path) => {
    const source = await readFile(path, 'utf8');
    const constants = source.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm);
    const names = new Map([...constants].map(([, name, text]) => [name, text]));
    const contents = source.replace(/\[(_\w+)\]:/g, (key, name: string) =>
      names.has(name) ? `${names.get(name)}:` : key,
    );
    if (contents === source) throw new Error(`${path} has no computed keys to replace`);
    return contents;
  },
};

/** What each of the SDK's error classes repeats, for compilers to JavaScript without classes and for its registry. */
const repeatedInErrors = [
  /^\s+static shapeId = "(?!smithy\.ts\.sdk)[^"]+";\n/gm,
  /^\s+Object\.setPrototypeOf\(this, \w+\.prototype\);\n/gm,
  /^\s+name: "\w+",\n\s+\$fault: "\w+",\n(?=\s+\.\.\.opts,\n)/gm,
  /^\s+constructor\(opts\) \{\n\s+super\(\{\n\s+\.\.\.opts,\n\s+\}\);\n\s+\}\n/gm,
];

/** Makes the SDK's error classes a third as long. A client has dozens: up to two milliseconds of a function's start. */
const shortErrors: Replacement = {
  file: /\/node_modules\/@aws-sdk\/client-[^/]+\/dist-es\/models\/(errors|\w+ServiceException)\.js$/,
  contents: async (path) => {
    const source = await readFile(path, 'utf8');
    const contents = repeatedInErrors.reduce((text, repeated) => text.replaceAll(repeated, ''), source);
    if (contents === source) throw new Error(`${path} has no error classes to shorten`);
    return contents;
  },
};

/** Evaluates a module at build time and bundles its text exports: the files it reads are not deployed. */
const asText = (path: string, load: () => Promise<Readonly<Record<string, unknown>>>): Replacement => ({
  file: new RegExp(`/${path.replaceAll('.', '\\.')}$`),
  contents: async () => exporting(await load()),
});

const exporting = (values: Readonly<Record<string, unknown>>): string =>
  Object.entries(values)
    .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
    .join('\n');

export const replacements: readonly Replacement[] = [
  ownModule('@aws-sdk/credential-provider-node/dist-es/index.js', 'stand-ins/environment-credentials.ts'),
  ownModule('@aws-sdk/signature-v4-multi-region/dist-es/index.js', 'stand-ins/signature-v4-multi-region.ts'),
  // The library's own browser build, without its PNG and terminal renderers.
  standIn('qrcode/lib/index.js', "module.exports = require('./browser.js');"),
  ...unused,
  onlyVersion,
  onlyPatterns,
  plainSchemaKeys,
  shortErrors,
  // Swagger UI, whose files are in node_modules, and the portal, already bundled.
  asText('shared/http/pages/swagger-ui.ts', () => import('../../shared/http/pages/swagger-ui.ts')),
  asText('clients/portal/assets.ts', () => import('../../clients/portal/assets.ts')),
];

export const replaceFiles: Plugin = {
  name: 'replace-files',
  setup({ onLoad }) {
    for (const { file, contents } of replacements) {
      onLoad({ filter: file }, async ({ path }) => ({ contents: await contents(path), loader: 'default' }));
    }
  },
};

/** Throws if no bundle includes a file to be replaced: a library's update has moved it. `inputs`: all bundled paths. */
export function assertAllReplaced(inputs: Iterable<string>): void {
  const paths = [...inputs].map((path) => `/${path}`);
  const missed = replacements.filter(({ file }) => !paths.some((path) => file.test(path)));
  if (missed.length > 0) {
    throw new Error(
      `No function bundles these files to be replaced: ${missed.map(({ file }) => file.source).join(', ')}`,
    );
  }
}
