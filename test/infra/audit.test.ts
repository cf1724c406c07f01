import { describe, expect, it } from 'vitest';
import { type Accepted, unexplained, unused } from '../../infra/audit/accepted.ts';
import { everySetting } from '../../infra/audit/every-setting.ts';
import { type Finding, findingsIn } from '../../infra/audit/findings.ts';
import type { Template } from '../../infra/cloudformation/template.ts';
import { parsePolicy } from '../../local-aws/policy/validate.ts';
import { propertiesOf, resolvedOf, templateOf } from '../support/packaged-template.ts';

const template = templateOf('live', everySetting);

describe('the audit of the template', () => {
  const findings = [...findingsIn(template), ...findingsIn(templateOf('live'))];

  it('finds nothing unexplained', () => {
    expect(unexplained(findings)).toEqual([]);
  });

  it('needs every explanation', () => {
    expect(unused(findings)).toEqual([]);
  });

  it('detects regressions', () => {
    const { PointInTimeRecoverySpecification: _, ...Properties } =
      template.Resources['Table']?.Properties ?? {};
    const worse: Template = {
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
    const rules = unexplained(findingsIn(worse)).map(({ rule, logicalId }) => `${rule} ${logicalId}`);
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
  const resolved = resolvedOf('live', everySetting);
  const documents = (type: string, ...path: readonly string[]) =>
    [...propertiesOf(resolved, type)].map(([logicalId, properties]) => ({
      logicalId,
      document: path.reduce<unknown>((value, name) => Object(value)[name], properties),
    }));

  it.each(documents('AWS::ApiGateway::RestApi', 'Policy'))(
    'has a resource policy that AWS accepts',
    ({ document }) => {
      expect(parsePolicy(JSON.stringify(document), 'resource').Statement).toHaveLength(5);
    },
  );

  it.each(documents('AWS::IAM::Role', 'AssumeRolePolicyDocument'))(
    'has a trust policy of $logicalId that IAM accepts, within its limit',
    ({ document }) => {
      expect(() => parsePolicy(JSON.stringify(document), 'trust')).not.toThrow();
      expect(JSON.stringify(document).length).toBeLessThan(2048);
    },
  );

  it.each(documents('AWS::IAM::Role', 'Policies'))(
    'has policies of $logicalId that IAM accepts, within its limit',
    ({ document }) => {
      const policies: readonly { readonly PolicyDocument: unknown }[] = Object(document);
      expect(policies.length).toBeGreaterThan(0);
      for (const { PolicyDocument } of policies)
        expect(() => parsePolicy(JSON.stringify(PolicyDocument))).not.toThrow();
      // Without white space, all inline policies of a role together.
      const documents = policies.map(({ PolicyDocument }) => JSON.stringify(PolicyDocument));
      expect(documents.join('').length).toBeLessThan(10_240);
    },
  );

  it.each(documents('AWS::IAM::ManagedPolicy', 'PolicyDocument'))(
    'has a managed policy $logicalId that IAM accepts, within its limit',
    ({ document }) => {
      expect(() => parsePolicy(JSON.stringify(document))).not.toThrow();
      expect(JSON.stringify(document).length).toBeLessThan(6144);
    },
  );
});
