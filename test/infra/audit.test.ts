import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Accepted, unexplained, unused } from '../../infra/audit/accepted.ts';
import { type Finding, findingsIn } from '../../infra/audit/findings.ts';
import { parsePolicy } from '../../local-aws/policy/validate.ts';
import { backgroundFunctions } from '../../shared/contract/background-functions.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { packageService } from './package-service.ts';

const names = [...(await loadOperations()), ...backgroundFunctions].map(({ name }) => name);
const directory = mkdtempSync(join(tmpdir(), 'audited-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const key = 'arn:aws:kms:us-east-1:123456789012:key/1b2c3d4e-0000-4000-8000-123456789abc';
/** With every option in use, the template has every possible resource. */
const template = packageService(
  names,
  '--stage=live',
  '--param=allowedOrigins=https://portal.example.com,http://localhost:5173',
  `--param=logKmsKeyArn=${key}`,
  `--param=tableKmsKeyArn=${key}`,
  '--param=permissionsBoundaryArn=arn:aws:iam::123456789012:policy/boundary',
  '--param=reservedConcurrency=5',
  '--param=alarmTopicArn=arn:aws:sns:us-east-1:123456789012:alarms',
  '--param=cursorKeyGeneration=2',
  '--param=operatorTopicArn=arn:aws:sns:us-east-1:123456789012:operators',
  `--param=ticketing=${JSON.stringify({
    standard: { outcomeUrl: 'https://tickets.example.com/mfa' },
    jira: { outcomeUrl: 'https://tickets.example.com/mfa' },
    zendesk: { outcomeUrl: 'https://tickets.example.com/mfa' },
  })}`,
  '--param=noticeSender=Help desk <mfa@example.com>',
);

function audited(content: object): readonly Finding[] {
  const file = join(directory, 'template.json');
  writeFileSync(file, JSON.stringify(content));
  return findingsIn(file);
}

describe('the audit of the packaged template', () => {
  const findings = audited(template);

  it('finds nothing unexplained', () => {
    expect(unexplained(findings)).toEqual([]);
  });

  it('needs every explanation', () => {
    expect(unused(findings)).toEqual([]);
  });

  it('detects regressions', () => {
    const { PointInTimeRecoverySpecification: _, ...Properties } =
      template.Resources['Table']?.Properties ?? {};
    const worse = {
      ...template,
      Resources: {
        ...template.Resources,
        Table: { Type: 'AWS::DynamoDB::Table', Properties },
        OpenRole: {
          Type: 'AWS::IAM::Role',
          Properties: {
            AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
            Policies: [
              {
                PolicyName: 'open',
                PolicyDocument: {
                  Version: '2012-10-17',
                  Statement: [{ Effect: 'Allow', Action: 'iam:*', Resource: '*' }],
                },
              },
            ],
          },
        },
      },
    };
    const rules = unexplained(audited(worse)).map(({ rule, logicalId }) => `${rule} ${logicalId}`);
    expect(rules).toEqual(expect.arrayContaining(['AwsSolutions-DDB3 Table', 'AwsSolutions-IAM5 OpenRole']));
  });
});

describe('an explanation', () => {
  const finding: Finding = { rule: 'Rule-1', detail: 'Action::s3:*', logicalId: 'MyBucket', info: '' };
  const fits: Accepted = {
    rule: 'Rule-1',
    resources: /MyBucket/,
    detail: /Action::s3:\*/,
    reason: 'So it is.',
  };

  it('covers what it names', () => {
    expect(unexplained([finding], [fits])).toEqual([]);
    expect(unused([finding], [fits])).toEqual([]);
  });

  it.each([
    ['another rule', { ...fits, rule: 'Rule-2' }],
    ['a resource whose name goes on', { ...fits, resources: /My/ }],
    ['a detail that goes on', { ...fits, detail: /Action::s3:/ }],
  ])('does not cover %s', (_, explanation) => {
    expect(unexplained([finding], [explanation])).toEqual([finding]);
    expect(unused([finding], [explanation])).toEqual([explanation]);
  });
});

describe('the template with every option', () => {
  const documents = (type: string, ...path: readonly string[]) =>
    Object.entries(template.Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([logicalId, { Properties }]) => ({
        logicalId,
        document: path.reduce<unknown>((value, name) => Object(value)[name], Properties),
      }));

  /** Filled in roughly as CloudFormation would, enough to parse it. */
  const text = (document: unknown) =>
    JSON.stringify(document, (_, value) => {
      const { 'Fn::Sub': sub } = Object(value);
      return typeof sub === 'string'
        ? sub.replaceAll(/\$\{AWS::Partition\}/g, 'aws').replaceAll('${!', '${')
        : value;
    });

  it.each(documents('AWS::ApiGateway::RestApi', 'Policy'))(
    'has a resource policy that AWS accepts',
    ({ document }) => {
      expect(parsePolicy(text(document), 'resource').Statement).toHaveLength(6);
    },
  );

  it.each(documents('AWS::IAM::Role', 'AssumeRolePolicyDocument'))(
    'has a trust policy of $logicalId that IAM accepts, within its limit',
    ({ document }) => {
      expect(() => parsePolicy(text(document), 'trust')).not.toThrow();
      expect(text(document).length).toBeLessThan(2048);
    },
  );

  it.each(documents('AWS::IAM::Role', 'Policies'))(
    'has policies of $logicalId that IAM accepts',
    ({ document }) => {
      const policies: readonly { readonly PolicyDocument: unknown }[] = Object(document);
      expect(policies.length).toBeGreaterThan(0);
      for (const { PolicyDocument } of policies)
        expect(() => parsePolicy(text(PolicyDocument))).not.toThrow();
    },
  );

  it.each(documents('AWS::IAM::ManagedPolicy', 'PolicyDocument'))(
    'has a managed policy $logicalId that IAM accepts, within its limit',
    ({ document }) => {
      expect(() => parsePolicy(text(document))).not.toThrow();
      expect(text(document).length).toBeLessThan(6144);
    },
  );

  it('stays within CloudFormation’s limit on resources', () => {
    expect(Object.keys(template.Resources).length).toBeLessThanOrEqual(450);
  });

  it('refers to the secret by its generation', () => {
    expect(template.Resources).toHaveProperty('CursorSecret2');
    expect(JSON.stringify(template.Resources)).not.toContain('CursorSecret1');
  });

  it('has outputs for what to attach, call and inspect', () => {
    expect(Object.keys(template.Outputs)).toEqual(
      expect.arrayContaining([
        'ServiceEndpoint',
        'Stage',
        'SelfServicePolicyArn',
        'RecoveryAgentPolicyArn',
        'RecoveryApproverPolicyArn',
        'AuditorPolicyArn',
        'EnrolmentHoldPolicyArn',
        'RecoveryRoleArn',
        'DeviceRoleArn',
        'TableName',
      ]),
    );
  });
});
