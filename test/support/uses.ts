import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { Use, Uses } from '../../local-aws/aws/uses.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder in which every stack leaves what the roles of functions did. */
    readonly uses: string;
  }
}

/** Provides the folder, once for all projects; returns how to remove it. */
export function setup({ vitest }: TestProject): (() => void) | undefined {
  const root = vitest.getRootProject();
  if ('uses' in root.getProvidedContext()) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'uses-'));
  root.provide('uses', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}

/** Leaves what a stack has seen. */
export function keepUses(folder: string, uses: Uses): void {
  writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify(uses.all()));
}

/** What all stacks have seen so far. */
export const keptUses = (folder: string): readonly Use[] =>
  readdirSync(folder).flatMap((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
