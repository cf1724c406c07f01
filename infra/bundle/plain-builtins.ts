import { builtinModules } from 'node:module';
import type { OnLoadResult, Plugin } from 'esbuild';

/**
 * Loads Node's built-in modules without `import`, which reads all their exports and so triggers the lazy ones: fetch
 * and HTTP/2 in `node:http`, Web Crypto in `node:crypto`, the terminal in `node:process`.
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

/** Loaded by Node on first access; the SDK refers to it only for requests whose body is a file. */
const unusedExports: Readonly<Record<string, string>> = { 'node:fs': 'ReadStream' };

/** Declares each export separately and as pure, so that esbuild keeps only those imported. */
function asExports(path: string): OnLoadResult {
  const names = Object.keys(process.getBuiltinModule(path) ?? {}).filter((name) =>
    /^(?!default$)\w+$/.test(name),
  );
  const exports = names.map((name) => {
    const value = unusedExports[path] === name ? 'class {}' : `/* @__PURE__ */ (() => builtin.${name})()`;
    return `const export_${name} = ${value}; export { export_${name} as ${name} };`;
  });
  return {
    contents: [`const builtin = ${builtin(path)};`, 'export default builtin;', ...exports].join('\n'),
  };
}
