import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { LaunchOptions } from 'playwright-core';

const executablePath = '/usr/bin/chromium';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * How to start Debian's Chromium without a window. Installs it where possible, and otherwise says what to
 * install.
 */
export function chromiumOptions(): LaunchOptions {
  if (!existsSync(executablePath)) install();
  return { executablePath, headless: true, args: flags };
}

function install(): void {
  const commands = ['apt-get update', 'apt-get install -y --no-install-recommends chromium'];
  if (process.getuid?.() !== 0 || !isDebian()) {
    throw new Error(
      `This test needs Chromium at ${executablePath}. On Debian, as root: ${commands.join(' && ')}`,
    );
  }
  for (const command of commands) execFileSync('sh', ['-c', command], { stdio: 'ignore' });
}

function isDebian(): boolean {
  const release = '/etc/os-release';
  return existsSync(release) && /^ID=debian$/m.test(readFileSync(release, 'utf8'));
}
