import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { App, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { resolveTemplate } from '../../infra/cloudformation/resolve.ts';
import type { ResolvedTemplate, Template } from '../../infra/cloudformation/template.ts';
import { releaseFiles } from '../../infra/release/main.ts';
import { releaseParametersOf } from '../../infra/release/parameters.ts';
import { releaseTemplate, snapshotTypes } from '../../infra/release/release-template.ts';
import { licencesOf } from '../../infra/release/third-party.ts';
import { stepUpAges } from '../../infra/template/deployments.ts';
import { fixtureOperations } from '../support/fixtures/operations.ts';
import { writtenTemplate } from '../support/packaged-template.ts';

const { directory } = inject('functions');
const place = {
  partition: 'aws',
  region: 'eu-west-1',
  accountId: '123456789012',
  urlSuffix: 'amazonaws.com',
  stackName: 'mfa-self-service-prod',
};
const everything = {
  allowedOrigins: ['https://portal.example.com', 'http://localhost:5173'],
  ticketing: { jira: { outcomeUrl: 'https://tickets.example.com/mfa' }, zendesk: {} },
  noticeSender: 'MFA <mfa@example.com>',
  operatorTopicArn: 'arn:aws:sns:eu-west-1:123456789012:operators',
  alarmTopicArn: 'arn:aws:sns:eu-west-1:123456789012:alarms',
  reservedConcurrency: 5,
  permissionsBoundaryArn: 'arn:aws:iam::123456789012:policy/boundary',
};

let files: ReadonlyMap<string, Buffer>;
let template: Template;

beforeAll(async () => {
  files = await releaseFiles(directory, [], '1.2.3');
  template = JSON.parse(String(files.get('template.json')));
});

const resolved = (settings: object): ResolvedTemplate =>
  resolveTemplate(template, {
    parameters: { CodeBucket: 'code-bucket', ...releaseParametersOf('prod', settings) },
    place,
  });

const ofTypes = ({ resources }: ResolvedTemplate, types: ReadonlySet<string>) =>
  Object.entries(resources)
    .filter(([, { type }]) => types.has(type))
    .map(([id, { properties }]) => [id, properties] as const);

describe('the template of a release', () => {
  it.each([
    ['defaults', {}],
    ['everything', everything],
  ])('is what osls deploys, but for code and snapshots, with %s', (_name, settings) => {
    const [released, deployed] = [resolved(settings), written(settings)].map(comparable);
    expect(released).toEqual(deployed);
  });

  it('takes the code of each function from the bucket, where the release has it', () => {
    const codes = ofTypes(resolved({}), new Set(['AWS::Lambda::Function'])).map(([, { Code }]) =>
      Object(Code),
    );
    expect(codes.length).toBeGreaterThan(30);
    for (const { S3Bucket, S3Key } of codes) {
      expect(S3Bucket).toBe('code-bucket');
      expect(S3Key).toMatch(/^1\.2\.3\/[a-z-]+-[0-9a-f]{16}\.zip$/);
      expect(files.has(S3Key.slice('1.2.3/'.length))).toBe(true);
    }
  });

  it.each([
    [{ CodeBucket: 'Code_Bucket' }, "'CodeBucket' must match"],
    [{ CodeBucket: 'code', CodePrefix: 'release' }, "'CodePrefix' must match"],
    [{ CodeBucket: 'code', StepUpMaxAge: '450' }, "'StepUpMaxAge' must be one of"],
    [{}, '[CodeBucket] must have values'],
  ])('refuses %j', (parameters, message) => {
    expect(() => resolveTemplate(template, { parameters: { Stage: 'prod', ...parameters }, place })).toThrow(
      message,
    );
  });

  it('fits the limits of CloudFormation', () => {
    expect(JSON.stringify(template).length).toBeLessThan(1_000_000);
    expect(Object.keys(template.Resources).length).toBeLessThan(500);
    expect(Object.keys(template.Parameters).length).toBeLessThan(200);
  });

  it('is included by the CDK as it is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cdk-'));
    const templateFile = join(folder, 'template.json');
    writeFileSync(templateFile, JSON.stringify(template));
    const app = new App({ outdir: join(folder, 'out'), analyticsReporting: false });
    const stack = new Stack(app, 'Service');
    new CfnInclude(stack, 'Mfa', { templateFile, parameters: { CodeBucket: 'code-bucket', Stage: 'prod' } });
    const synthesized = app.synth().getStackByName(stack.stackName).template;
    rmSync(folder, { recursive: true });
    expect(Object.keys(synthesized.Resources).sort()).toEqual(Object.keys(template.Resources).sort());
    expect(synthesized.Resources.GetDashmeLambdaFunction.Properties.Code.S3Bucket).toBe('code-bucket');
  });
});

/** What osls deploys with the same settings. */
const written = (settings: object): ResolvedTemplate =>
  resolveTemplate(writtenTemplate, { parameters: releaseParametersOf('prod', settings), place });

/** Without code and deployments, whose ids differ. */
function comparable({ resources, outputs }: ResolvedTemplate) {
  const rest = Object.entries(resources).flatMap(([id, resource]) => {
    const { Code: _, DeploymentId: __, ...properties } = resource.properties;
    return resource.type === 'AWS::ApiGateway::Deployment'
      ? []
      : [[id, { ...resource, properties }] as const];
  });
  return { resources: Object.fromEntries(rest), outputs };
}

describe('the deployment that the stage serves', () => {
  const origins = [[], ['https://a.example.com'], ['https://b.example.com']];
  const choices = stepUpAges.flatMap((stepUpMaxAge) =>
    origins.map((allowedOrigins) => ({ stepUpMaxAge, allowedOrigins })),
  );
  const served = (template: ResolvedTemplate) =>
    template.resources['ApiGatewayStage']?.properties['DeploymentId'];
  /** Which page may read the refusals of API Gateway is the one thing that the next version brings up to date. */
  const snapshot = (settings: object) =>
    JSON.stringify(ofTypes(resolved(settings), snapshotTypes)).replaceAll(
      /'https:\/\/[ab]\.example\.com'/g,
      'ORIGIN',
    );

  it('is another one whenever parameters change what is in it', () => {
    const all = choices.map((settings) => ({ parts: snapshot(settings), id: served(resolved(settings)) }));
    for (const one of all) {
      for (const other of all) expect(one.id === other.id).toBe(one.parts === other.parts);
    }
    expect(new Set(all.map(({ id }) => id)).size).toBe(10);
  });

  it('waits for all that is in it, and is the only one that exists', () => {
    for (const settings of choices) {
      const { resources } = resolved(settings);
      const [deployment, ...others] = Object.values(resources).filter(
        ({ type }) => type === 'AWS::ApiGateway::Deployment',
      );
      expect(others).toEqual([]);
      const parts = Object.entries(resources).filter(([, { type }]) =>
        ['AWS::ApiGateway::Method', 'AWS::ApiGateway::GatewayResponse'].includes(type),
      );
      expect([...(deployment?.dependsOn ?? [])].sort()).toEqual(parts.map(([id]) => id).sort());
    }
  });

  it('is the same in a version with the same API, and another one in any other', async () => {
    const idsIn = ({ Resources }: Template) =>
      Object.keys(Resources).filter((id) => id.startsWith('ApiGatewayDeployment'));
    const same = JSON.parse(String((await releaseFiles(directory, [], '1.2.4')).get('template.json')));
    const other = releaseTemplate(fixtureOperations, '1.2.3', (name) => `${name}.zip`);
    expect(idsIn(template)[0]).toMatch(/^ApiGatewayDeployment[0-9a-f]{12}Age300$/);
    expect(idsIn(same)).toEqual(idsIn(template));
    expect(new Set(idsIn(template)).intersection(new Set(idsIn(other))).size).toBe(0);
  });
});

describe('the files of a release', () => {
  it('are the same bytes whenever they are made', async () => {
    const again = await releaseFiles(directory, [], '1.2.3');
    expect([...again.keys()]).toEqual([...files.keys()]);
    for (const [name, content] of files) expect(again.get(name)?.equals(content), name).toBe(true);
  });

  it('have their sums beside them', () => {
    const sums = String(files.get('SHA256SUMS')).trim().split('\n');
    expect(sums).toHaveLength(files.size - 1);
    for (const line of sums) {
      const [sum = '', name = ''] = line.split('  ');
      expect(
        createHash('sha256')
          .update(files.get(name) ?? '')
          .digest('hex'),
      ).toBe(sum);
    }
  });

  it('hold each bundle where the function’s handler is', () => {
    const name = [...files.keys()].find((file) => file.startsWith('get-health-'));
    const zip = files.get(name ?? '') ?? Buffer.alloc(0);
    // The header of the first file. Source: APPNOTE.TXT, PKWARE.
    const [compressed, nameLength, extra] = [
      zip.readUInt32LE(18),
      zip.readUInt16LE(26),
      zip.readUInt16LE(28),
    ];
    expect(zip.toString('latin1', 30, 30 + nameLength)).toBe('dist/get-health/index.mjs');
    const start = 30 + nameLength + extra;
    const content = inflateRawSync(
      compressed === 0 ? zip.subarray(start) : zip.subarray(start, start + compressed),
    );
    expect(content.equals(readFileSync(join(directory, 'get-health/index.mjs')))).toBe(true);
  });

  it('name the licence of every package in them', () => {
    const root = new URL('../../', import.meta.url).pathname;
    const inputs = [
      'node_modules/zod/v4/index.js',
      'shared/lib/explain.ts',
      'node_modules/@middy/core/index.js',
    ];
    const text = licencesOf(inputs, root);
    expect(text).toMatch(/^@middy\/core 7\.9\.2 \(MIT\)\n/);
    expect(text).toContain('\nzod 4.6.7 (MIT)\n\nMIT License');
    expect(text).not.toContain('explain');
  });
});
