import { builtinModules } from 'node:module';
import type { OnLoadResult, Plugin } from 'esbuild';

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
