import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

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
