import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import type { OnLoadResult, Plugin } from 'esbuild';

/** Of the SDK's package descriptions only the version is read, yet a JSON import takes all of them. */
export const onlyVersions: Plugin = {
  name: 'only-versions',
  setup({ onLoad }) {
    onLoad({ filter: /\/@aws-sdk\/[^/]+\/package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

/** Classes of the SDK that are made or mentioned, but not used by what a function does. */
const unusedClasses: Readonly<Record<string, string>> = {
  // Only when endpoint discovery is turned on.
  '@aws-sdk/endpoint-cache/dist-es/EndpointCache.js': 'EndpointCache',
  // Only for the adaptive retry mode, which is not turned on.
  '@smithy/core/dist-es/submodules/retry/util-retry/AdaptiveRetryStrategy.js': 'AdaptiveRetryStrategy',
  '@smithy/signature-v4/dist-es/HeaderFormatter.js': 'HeaderFormatter',
  // Only where node:crypto is missing.
  '@smithy/core/dist-es/submodules/checksum/sha256/Sha256Js.js': 'Sha256Js',
};

/** Event streams, which no operation uses that is called. The clients that have some are made with their settings all the same. */
const noEventStreams = `
  export class EventStreamSerde {}
  export const eventStreamSerdeProvider = () => undefined;
  export const resolveEventStreamSerdeConfig = (config) => config;`;

/** Leaves of unused classes only their names. */
export const emptyUnused: Plugin = {
  name: 'empty-unused',
  setup({ onLoad }) {
    for (const [file, name] of Object.entries(unusedClasses)) {
      onLoad({ filter: new RegExp(`/${file.replaceAll('.', '\\.')}$`) }, () => ({
        contents: `export class ${name} {}`,
        loader: 'js',
      }));
    }
    onLoad({ filter: /\/@smithy\/core\/dist-es\/submodules\/event-streams\/index\.js$/ }, () => ({
      contents: noEventStreams,
      loader: 'js',
    }));
  },
};

/**
 * Functions have no `~/.aws`: their settings are in the environment. The SDK would look for its two files at the first
 * call of every client, and load `node:fs/promises` at the start for it.
 */
export const noSharedFiles: Plugin = {
  name: 'no-shared-files',
  setup({ onLoad }) {
    onLoad({ filter: /\/shared-ini-file-loader\/readFile\.js$/ }, () => ({
      contents: `export const fileIntercept = {}; export const readFile = async () => '';`,
    }));
    onLoad({ filter: /\/shared-ini-file-loader\/getSSOTokenFromFile\.js$/ }, () => ({
      contents: `
        export const tokenIntercept = {};
        export const getSSOTokenFromFile = async () => { throw new Error('Functions have no SSO tokens'); };`,
    }));
  },
};

/**
 * Takes Node's own modules as they are. An `import` of one reads all that it exports, and so loads what hides behind
 * some of that: fetch and HTTP/2 behind `node:http`, Web Crypto behind `node:crypto`, the terminal behind `node:process`.
 */
export const plainBuiltins: Plugin = {
  name: 'plain-builtins',
  setup({ onResolve, onLoad }) {
    const filter = new RegExp(`^(node:.+|${builtinModules.join('|')})$`);
    onResolve({ filter }, ({ path, kind }) => ({
      path: path.replace(/^(?!node:)/, 'node:'),
      namespace: kind === 'import-statement' ? 'builtin' : 'builtin-object',
      sideEffects: false,
    }));
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => asExports(path));
    onLoad({ filter: /.*/, namespace: 'builtin-object' }, ({ path }) => ({
      contents: `module.exports = ${builtin(path)};`,
    }));
  },
};

const builtin = (path: string): string => `process.getBuiltinModule(${JSON.stringify(path)})`;

/** Loaded by Node when it is read, and mentioned by the SDK for requests whose body is a file. */
const unusedExports: Readonly<Record<string, string>> = { 'node:fs': 'ReadStream' };

/** Each export for itself, and marked as pure, so that only those that are imported are left. */
function asExports(path: string): OnLoadResult {
  const names = Object.keys(process.getBuiltinModule(path) ?? {}).filter((name) =>
    /^(?!default$)\w+$/.test(name),
  );
  const exports = names.map((name) => {
    const value = unusedExports[path] === name ? 'class {}' : `/* @__PURE__ */ (() => it.${name})()`;
    return `const its_${name} = ${value}; export { its_${name} as ${name} };`;
  });
  return { contents: [`const it = ${builtin(path)};`, 'export default it;', ...exports].join('\n') };
}

/** Puts texts that a module makes into the one bundle that serves them, which has nothing beside it to make them of. */
const asText = (
  name: string,
  filter: RegExp,
  load: () => Promise<Readonly<Record<string, unknown>>>,
): Plugin => ({
  name,
  setup({ onLoad }) {
    onLoad({ filter }, async () => {
      const made = Object.entries(await load());
      const contents = made
        .map(([key, value]) => `export const ${key} = ${JSON.stringify(value)};`)
        .join('\n');
      return { contents, loader: 'js' };
    });
  },
});

/** Swagger UI, whose files are in node_modules. */
export const swaggerUiAsText = asText(
  'swagger-ui-as-text',
  /\/shared\/http\/pages\/swagger-ui\.ts$/,
  () => import('../../shared/http/pages/swagger-ui.ts'),
);

/** The page that users see, already bundled. */
export const portalAsText = asText(
  'portal-as-text',
  /\/clients\/portal\/assets\.ts$/,
  () => import('../../clients/portal/assets.ts'),
);

/**
 * Writes out the constant names that the SDK's schemas compute their keys from. esbuild keeps whatever has a computed key, and
 * with it all operations of clients that speak REST.
 */
export const plainSchemaKeys: Plugin = {
  name: 'plain-schema-keys',
  setup({ onLoad }) {
    onLoad({ filter: /\/@aws-sdk\/client-[^/]+\/dist-es\/schemas\/schemas_0\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const names = new Map(
        [...source.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm)].map(([, name, text]) => [name, text]),
      );
      const contents = source.replace(/\[(_\w+)\]:/g, (key, name: string) =>
        names.has(name) ? `${names.get(name)}:` : key,
      );
      return { contents, loader: 'js' };
    });
  },
};

/**
 * The SDK's errors set their prototypes for compilers to versions of the language without classes, their names twice, and
 * an id that their registration sets as well. Without that each is a third as long, and clients have dozens.
 */
export const shortErrors: Plugin = {
  name: 'short-errors',
  setup({ onLoad }) {
    const filter = /\/@aws-sdk\/client-[^/]+\/dist-es\/models\/(errors|\w+ServiceException)\.js$/;
    onLoad({ filter }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const contents = source
        .replaceAll(/^\s+static shapeId = "(?!smithy\.ts\.sdk)[^"]+";\n/gm, '')
        .replaceAll(/^\s+Object\.setPrototypeOf\(this, \w+\.prototype\);\n/gm, '')
        .replaceAll(/^\s+name: "\w+",\n\s+\$fault: "\w+",\n(?=\s+\.\.\.opts,\n)/gm, '')
        .replaceAll(/^\s+constructor\(opts\) \{\n\s+super\(\{\n\s+\.\.\.opts,\n\s+\}\);\n\s+\}\n/gm, '');
      return { contents, loader: 'js' };
    });
  },
};
