import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runOsls } from '../preflight/osls.ts';

// `npm run package` packs for osls; with --artefact, what anybody can deploy without it.

const options = process.argv.slice(2);

function run(...command: readonly string[]): void {
  const { status } = spawnSync(process.execPath, command, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

if (options.includes('--artefact')) {
  if (options.length > 1) {
    process.stderr.write('--artefact takes no other option: settings are parameters of its template.\n');
    process.exit(1);
  }
  run(fileOf('main.ts'));
} else {
  run(fileOf('../bundle/main.ts'));
  process.exitCode = await runOsls(['package', ...options]);
}
