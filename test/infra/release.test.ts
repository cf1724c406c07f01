import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { resolveTemplate } from '../../infra/cloudformation/resolve.ts';
import type { ResolvedTemplate, Template } from '../../infra/cloudformation/template.ts';
import { releaseFiles } from '../../infra/release/main.ts';
import { releaseParametersOf } from '../../infra/release/parameters.ts';
import { releaseTemplate, snapshotTypes } from '../../infra/release/release-template.ts';
import { licencesOf } from '../../infra/release/third-party.ts';
import { zipOf } from '../../infra/release/zip.ts';
import { stepUpAges } from '../../infra/template/deployments.ts';
import type { ParameterName } from '../../infra/template/parameters.ts';
import { fixtureOperations } from '../support/fixtures/operations.ts';
import { everything, place, writtenTemplate } from '../support/packaged-template.ts';

const root = new URL('../../', import.meta.url).pathname;
const { directory, inputs, bundles } = inject('functions');

let files: ReadonlyMap<string, Buffer>;
let template: Template;

beforeAll(async () => {
  files = await releaseFiles(directory, inputs, '1.2.3');
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

/** Values that neither the defaults nor the test's settings have. */
const otherValues = {
  Stage: 'other',
  StepUpMaxAge: '300',
  ResyncCoolDown: '7200',
  EnrolmentExpiresAfter: '600',
  ExpiredEnrolmentsRate: 'rate(2 hours)',
  AllowRemovingLastDevice: 'true',
  FirstDevice: 'pass',
  OtpauthIssuer: 'Example',
  OtpauthLabel: '{userName}',
  RecoveryApprovals: '2',
  RecoveryExpiresAfter: '7200',
  RecoveryDailyLimit: '7',
  Ticketing: '{"servicenow":{"outcomeUrl":"https://other.example.com/"}}',
  OutcomePrivateAddresses: 'allow',
  NoticeSender: 'other@example.com',
  NoticeContact: 'somebody else',
  OperatorTopicArn: 'arn:aws:sns:eu-west-1:123456789012:other',
  AlarmTopicArn: 'arn:aws:sns:eu-west-1:123456789012:other',
  AllowedOrigins: 'https://other.example.com',
  BasePath: '/other',
  EndpointType: 'EDGE',
  ThrottlingRateLimit: '7',
  ThrottlingBurstLimit: '7',
  ReservedConcurrency: '7',
  LogRetentionInDays: '7',
  LogKmsKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/other',
  TableKmsKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/other',
  PermissionsBoundaryArn: 'arn:aws:iam::123456789012:policy/other',
  CursorKeyGeneration: '7',
} as const satisfies Readonly<Record<ParameterName, string>>;

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

  it.each([
    ['defaults', {}],
    ['everything', everything],
  ])('can change by no other parameter, with %s', (_name, settings) => {
    const values = { CodeBucket: 'code-bucket', ...releaseParametersOf('prod', settings) };
    const partsWith = (changed: object) => {
      const parameters = { ...values, ...changed };
      return JSON.stringify(ofTypes(resolveTemplate(template, { parameters, place }), snapshotTypes));
    };
    const before = partsWith({});
    const changing = Object.entries(otherValues).filter(
      ([name, value]) => partsWith({ [name]: value }) !== before,
    );
    expect(changing.map(([name]) => name).sort()).toEqual([
      'AllowedOrigins',
      // Takes effect within a minute. Source: "Change a public or private API endpoint type", API Gateway guide.
      'EndpointType',
      // A stage is a stack. Under another name, everything but what the policy opens to everybody stays behind the gate.
      'Stage',
      'StepUpMaxAge',
    ]);
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
    const again = await releaseFiles(directory, inputs, '1.2.3');
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

  it('are the same bytes in every time zone', async () => {
    const here = await zipOf('index.mjs', Buffer.from('export {};'));
    const code = `
      const { zipOf } = await import(${JSON.stringify(new URL('../../infra/release/zip.ts', import.meta.url).href)});
      process.stdout.write(await zipOf('index.mjs', Buffer.from('export {};')));
    `;
    for (const TZ of ['Asia/Tokyo', 'America/Los_Angeles', 'UTC']) {
      const there = execFileSync(process.execPath, ['--input-type=module', '--eval', code], { env: { TZ } });
      expect(there.equals(here), TZ).toBe(true);
    }
  });

  it('hold each bundle where the function’s handler is', () => {
    const zips = [...files].filter(([name]) => name.endsWith('.zip'));
    expect(zips).toHaveLength(bundles.length);
    for (const [fileName, zip] of zips) {
      const { path, content } = firstOf(zip);
      const [, name] = /^(.+)-[0-9a-f]{16}\.zip$/.exec(fileName) ?? [];
      expect(path).toBe(`dist/${name}/index.mjs`);
      expect(content.equals(readFileSync(join(directory, `${name}/index.mjs`))), name).toBe(true);
    }
  });

  it('name the licence of every package in them, the pages’ too', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const text = String(files.get('THIRD-PARTY-LICENSES.txt'));
    for (const [name, version] of Object.entries(dependencies)) {
      expect(text).toMatch(new RegExp(`^${name} ${version} \\((MIT|Apache-2.0)\\)$`, 'm'));
    }
    // The README's copyright with the licence's text; a NOTICE; and what is within a file.
    expect(text).toMatch(/^@middy\/core .+\n\nCopyright \(c\) 2017-.+\n\nPermission is hereby granted/m);
    expect(text).toContain('\nCopyright 2020-2021 SmartBear Software Inc.\n');
    expect(text).toContain('Copyright (c) Facebook, Inc. and its affiliates.');
    expect(text).not.toMatch(/^(esbuild|vitest|serverless) /m);
  });

  it('are not made with a package that has no licence', () => {
    const folder = mkdtempSync(join(tmpdir(), 'licences-'));
    mkdirSync(join(folder, 'node_modules/nameless'), { recursive: true });
    writeFileSync(join(folder, 'node_modules/nameless/package.json'), '{"name":"nameless","license":"MIT"}');
    expect(() => licencesOf(['node_modules/nameless/index.js'], folder)).toThrow('nameless has no licence');
    rmSync(folder, { recursive: true });
  });
});

/** The path and the content of a zip's first file. Source: APPNOTE.TXT, PKWARE. */
function firstOf(zip: Buffer) {
  const [size, nameLength, extra] = [zip.readUInt32LE(18), zip.readUInt16LE(26), zip.readUInt16LE(28)];
  const start = 30 + nameLength + extra;
  return {
    path: zip.toString('latin1', 30, 30 + nameLength),
    content: inflateRawSync(size === 0 ? zip.subarray(start) : zip.subarray(start, start + size)),
  };
}
