import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

const root = new URL('../../', import.meta.url);
const text = readFileSync(new URL('.github/workflows/release.yml', root), 'utf8');
const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));

const step = z.looseObject({ uses: z.string().optional(), run: z.string().optional() });
const workflow = z
  .looseObject({
    permissions: z.looseObject({}),
    jobs: z.record(z.string(), z.looseObject({ permissions: z.looseObject({}), steps: z.array(step) })),
  })
  .parse(load(text));
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
const commands = steps.flatMap(({ run }) => run ?? []);

describe('the workflow that releases', () => {
  it('pins every action to a commit, and names its version', () => {
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) {
      expect(action).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/);
      expect(text).toMatch(new RegExp(`${action} # v\\d+\\.\\d+\\.\\d+\\n`));
    }
  });

  it('puts no name that somebody can choose into a command', () => {
    for (const command of commands) expect(command).not.toContain('${{');
  });

  it('has no rights but those of its jobs, and only one job that may write to the repository', () => {
    expect(workflow.permissions).toEqual({});
    const writing = Object.entries(workflow.jobs).filter(
      ([, job]) => job.permissions['contents'] === 'write',
    );
    expect(writing.map(([name]) => name)).toEqual(['publish']);
    // Nothing of the repository runs there.
    expect(writing.flatMap(([, job]) => job.steps.map(({ uses = '' }) => uses)).join()).not.toContain(
      'checkout',
    );
    expect(text).not.toContain('secrets.');
  });

  it('passes every gate before it makes the artefact, and runs scripts that exist', () => {
    const order = commands.map((command) => /\.ci\/run|--artefact/.exec(command)?.[0]).filter(Boolean);
    expect(order).toEqual(['.ci/run', '--artefact']);
    for (const [, name = ''] of commands.join('\n').matchAll(/npm run (?:-s )?([\w:-]+)/g)) {
      expect(scripts).toHaveProperty([name]);
    }
  });
});
