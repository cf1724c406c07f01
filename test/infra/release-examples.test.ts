import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveTemplate } from '../../infra/cloudformation/resolve.ts';
import type { ResolvedTemplate, Template } from '../../infra/cloudformation/template.ts';
import { releaseParametersOf } from '../../infra/release/parameters.ts';
import { releaseTemplate } from '../../infra/release/release-template.ts';
import { stepUpAges } from '../../infra/template/deployments.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { everything, place } from '../support/packaged-template.ts';

const root = new URL('../../', import.meta.url).pathname;
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const template = releaseTemplate(await loadOperations(), '0.1.0', (name) => `${name}.zip`);

/** The template that the example for the CDK makes of a release. */
function synthesized(): Template {
  const folder = mkdtempSync(join(tmpdir(), 'cdk-'));
  try {
    writeFileSync(join(folder, 'template.json'), JSON.stringify(template));
    execFileSync(process.execPath, [join(root, 'docs/examples/cdk.ts')], {
      cwd: folder,
      stdio: 'pipe',
      // Without the CDK's own linter, which takes most of the time.
      env: { CDK_OUTDIR: folder, CDK_VALIDATION: 'false' },
    });
    const made = JSON.parse(readFileSync(join(folder, 'mfa-self-service-prod.template.json'), 'utf8'));
    const { BootstrapVersion: _, ...Parameters } = made.Parameters;
    return { ...made, Parameters };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const unordered = (resources: ResolvedTemplate['resources']) =>
  Object.entries(resources)
    .map(
      ([id, { dependsOn, ...resource }]) => [id, { ...resource, dependsOn: [...dependsOn].sort() }] as const,
    )
    .sort(([one], [other]) => (one < other ? -1 : 1));

describe('the examples of deploying a release', () => {
  const byCdk = synthesized();

  it.each([
    ['defaults', {}],
    ['everything', everything],
  ])('have the same resources with the CDK as with CloudFormation, with %s', (_name, settings) => {
    const all = releaseParametersOf('prod', { ...settings, recoveryApprovals: 2 });
    const parameters = { ...all, CodeBucket: 'amzn-s3-demo-bucket' };
    const others = Object.entries(parameters).filter(([name]) => name in byCdk.Parameters);
    expect(others.length).toBeLessThan(Object.keys(parameters).length);
    const made = resolveTemplate(byCdk, { parameters: Object.fromEntries(others), place });
    const { resources, outputs } = resolveTemplate(template, { parameters, place });
    expect(unordered(made.resources)).toEqual(unordered(resources));
    expect(made.outputs).toMatchObject(outputs);
  });

  it.each([
    ['cdk.ts', /^ +([A-Z]\w+): /gm],
    ['main.tf', /^ +([A-Z]\w+) += /gm],
    ['samconfig.toml', /\b([A-Z]\w+)=/g],
  ])('give parameters that there are, and where the code is, in %s', (file, parameter) => {
    const given = [...read(`docs/examples/${file}`).matchAll(parameter)].map(([, name]) => name);
    expect(given).toEqual(expect.arrayContaining(['Stage', 'CodeBucket', 'CodePrefix']));
    expect(Object.keys(template.Parameters)).toEqual(expect.arrayContaining(given));
  });

  // `deploy` keeps what it is not given: the prefix of the version before.
  it.each(['docs/artefact.md', 'infra/release/README.md'])('always name the prefix in %s', (page) => {
    const commands = read(page).match(/aws cloudformation deploy (?:.*\\\n)*.*/g) ?? [];
    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands) expect(command).toMatch(/ CodePrefix=/);
  });
});

const printed = (...options: readonly string[]): string =>
  execFileSync(process.execPath, [join(root, 'infra/release/parameters.ts'), ...options], {
    encoding: 'utf8',
    stdio: 'pipe',
  });

describe('the parameters of a stage', () => {
  const values = releaseParametersOf('dev', {});

  it('are all printed, for the command line and as JSON', () => {
    const { CodeBucket: _, CodePrefix: __, ...settings } = template.Parameters;
    expect(Object.keys(values).sort()).toEqual(Object.keys(settings).sort());
    const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
    expect(printed('--stage', 'dev')).toBe(lines.join(''));
    expect(JSON.parse(printed('--stage', 'dev', '--format', 'json'))).toEqual(
      Object.entries(values).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    );
  });

  it('have a line each, whatever is in them', () => {
    const { Ticketing, NoticeContact } = releaseParametersOf('dev', {
      ticketing: { jira: { outcomeUrl: 'https://tickets.example.com/mfa?a=b' } },
      noticeContact: 'the "help desk", extension=12',
    });
    expect(Ticketing).toBe('{"jira":{"outcomeUrl":"https://tickets.example.com/mfa?a=b"}}');
    expect(NoticeContact).toBe('the "help desk", extension=12');
    expect(() => releaseParametersOf('dev', { noticeContact: 'help\nStage=prod' })).toThrow('noticeContact');
  });

  it.each(stepUpAges)('may have a step-up of %d seconds', (stepUpMaxAge) => {
    expect(releaseParametersOf('dev', { stepUpMaxAge }).StepUpMaxAge).toBe(String(stepUpMaxAge));
  });

  it('are refused if a release has no deployment for them', () => {
    expect(() => releaseParametersOf('dev', { stepUpMaxAge: 901 })).toThrow('300, 600, 900, 1800, 3600');
  });

  it.each([
    [[], 'Name the stage.'],
    [['--stage', 'nowhere'], 'nowhere.yml'],
    [['--stage', '../package'], 'no such file'],
    [['--stage', 'dev', '--format', 'xml'], 'There is no format xml.'],
  ])('are not printed with %j', (options, message) => {
    expect(() => printed(...options)).toThrow(message);
  });
});
