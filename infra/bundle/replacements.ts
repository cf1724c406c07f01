import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

/** A file that is bundled with other contents than its own. */
export interface Replacement {
  /** Of its path, which begins with a slash. */
  readonly file: RegExp;
  readonly contents: (path: string) => Promise<string>;
}

/** A file of a library, and what is bundled in its place. */
const standIn = (path: string, contents: string): Replacement => ({
  file: new RegExp(`/node_modules/${path.replaceAll('.', '\\.')}$`),
  contents: async () => contents,
});

const smithy = '@smithy/core/dist-es/submodules';
const awsCore = '@aws-sdk/core/dist-es/submodules';

/** A file of a library in whose place a module of ours is bundled. */
const ownModule = (path: string, module: string): Replacement =>
  standIn(path, `export * from ${JSON.stringify(fileURLToPath(new URL(module, import.meta.url)))};`);

/** Parts of the SDK that its clients are made with and functions do not use. */
const unused: readonly Replacement[] = [
  // No operation that is called streams events.
  standIn(
    `${smithy}/event-streams/index.js`,
    `export class EventStreamSerde {}
     export const eventStreamSerdeProvider = () => undefined;
     export const resolveEventStreamSerdeConfig = (config) => config;`,
  ),
  standIn('@smithy/signature-v4/dist-es/HeaderFormatter.js', 'export class HeaderFormatter {}'),
  // Endpoint discovery and the adaptive retry mode have to be turned on, and are not.
  standIn(
    '@aws-sdk/middleware-endpoint-discovery/dist-es/resolveEndpointDiscoveryConfig.js',
    'export const resolveEndpointDiscoveryConfig = (config) => config;',
  ),
  standIn(`${smithy}/retry/util-retry/AdaptiveRetryStrategy.js`, 'export class AdaptiveRetryStrategy {}'),
  // Clients have no logger, yet copy every input and output for it.
  standIn(
    `${awsCore}/client/middleware-logger/loggerMiddleware.js`,
    `export const loggerMiddleware = undefined;
     export const loggerMiddlewareOptions = undefined;
     export const getLoggerPlugin = () => ({ applyToStack: () => {} });`,
  ),
  // Only where node:crypto is missing.
  standIn(`${smithy}/checksum/sha256/Sha256Js.js`, 'export class Sha256Js {}'),
  // Only for S3, and for signatures that hold in several Regions.
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
  // Lambda tells functions their Region and their settings by the environment: there is no instance to ask, and no
  // `~/.aws` to look for at the first call of every client.
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

/** Of the SDK's package descriptions only the version is read, yet a JSON import takes all of them. */
const onlyVersion: Replacement = {
  file: /\/node_modules\/@aws-sdk\/[^/]+\/package\.json$/,
  contents: async (path) => {
    const { version } = JSON.parse(await readFile(path, 'utf8'));
    return JSON.stringify({ version });
  },
};

/** Regions are listed with their descriptions, though all but a few are known by their partition's pattern. */
const onlyPatterns: Replacement = {
  file: new RegExp(`/node_modules/${awsCore}/client/util-endpoints/lib/aws/partitions\\.js$`),
  contents: async (path) => {
    const { partitionsInfo }: { partitionsInfo: PartitionsInfo } = await import(path);
    const partitions = partitionsInfo.partitions.map(({ regions, regionRegex, ...others }) => {
      const unlike = Object.keys(regions).filter((region) => !new RegExp(regionRegex).test(region));
      return { ...others, regionRegex, regions: Object.fromEntries(unlike.map((region) => [region, {}])) };
    });
    return exporting({ partitionsInfo: { ...partitionsInfo, partitions } });
  },
};

interface PartitionsInfo {
  readonly partitions: readonly { readonly regionRegex: string; readonly regions: object }[];
}

/**
 * Writes out the constant names that the schemas of clients that speak REST compute their keys from. esbuild keeps
 * whatever has a computed key, and with it all operations of the client.
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
    if (contents === source) throw new Error(`${path} has no keys of the form that is replaced`);
    return contents;
  },
};

/** Puts texts that a module makes into the one bundle that serves them, which has nothing beside it to make them of. */
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
  // The library's own build for browsers, without its drawing of PNGs and terminals.
  standIn('qrcode/lib/index.js', "module.exports = require('./browser.js');"),
  ...unused,
  onlyVersion,
  onlyPatterns,
  plainSchemaKeys,
  // Swagger UI, whose files are in node_modules, and the page that users see, already bundled.
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

/** Throws when an update moved a file, so that it is bundled as it is. `inputs`: paths of all that is bundled. */
export function assertAllReplaced(inputs: Iterable<string>): void {
  const paths = [...inputs].map((path) => `/${path}`);
  const missed = replacements.filter(({ file }) => !paths.some((path) => file.test(path)));
  if (missed.length > 0) {
    throw new Error(
      `No function bundles what is replaced: ${missed.map(({ file }) => file.source).join(', ')}`,
    );
  }
}
