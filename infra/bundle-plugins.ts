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
  // Only for operations with event streams.
  '@smithy/core/dist-es/submodules/event-streams/index.js': 'EventStreamSerde',
  '@smithy/signature-v4/dist-es/HeaderFormatter.js': 'HeaderFormatter',
  // Only where node:crypto is missing.
  '@smithy/core/dist-es/submodules/checksum/sha256/Sha256Js.js': 'Sha256Js',
};

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

/** Puts the text of Swagger UI into the one bundle that serves it, which has no node_modules beside it. */
export const swaggerUiAsText: Plugin = {
  name: 'swagger-ui-as-text',
  setup({ onLoad }) {
    onLoad({ filter: /\/shared\/docs\/swagger-ui\.ts$/ }, async () => {
      const { swaggerUi } = await import('../shared/docs/swagger-ui.ts');
      return { contents: `export const swaggerUi = ${JSON.stringify(swaggerUi)};`, loader: 'js' };
    });
  },
};
