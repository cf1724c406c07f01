import { describe, expect, it } from 'vitest';
import { resolveTemplate } from '../../../infra/cloudformation/resolve.ts';
import { policyDifferences } from '../../../infra/policies/compare-policies.ts';
import { expandResources } from '../../../infra/policies/expand-resources.ts';
import type { PolicyDocument, Statement } from '../../../infra/policies/policy-document.ts';
import { livePolicy } from '../../../infra/preflight/api-policy.ts';
import { destinationOf } from '../../../infra/preflight/aws.ts';
import { restApiId } from '../../../infra/template/logical-ids.ts';
import { parameterValuesOf } from '../../../infra/template/settings.ts';
import { writtenTemplate } from '../../support/packaged-template.ts';

const statement: Statement = {
  Sid: 'One',
  Effect: 'Deny',
  Principal: '*',
  Action: 'execute-api:Invoke',
  Resource: ['a', 'b'],
  Condition: {
    StringEquals: { 'aws:PrincipalType': 'User' },
    Bool: { 'aws:MultiFactorAuthPresent': 'false' },
  },
};
const policyOf = (...Statement: readonly Statement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement,
});
const differences = (...found: readonly Statement[]) =>
  policyDifferences(policyOf(statement), policyOf(...found));

describe('policies', () => {
  it.each<[string, Statement]>([
    ['lists are in another order', { ...statement, Resource: ['b', 'a', 'a'] }],
    ['a single value is in a list', { ...statement, Action: ['execute-api:Invoke'] }],
    ['everybody is written as an AWS principal', { ...statement, Principal: { AWS: '*' } }],
    ['actions have other letters', { ...statement, Action: 'Execute-API:invoke' }],
    [
      'conditions are in another order and spelling',
      {
        ...statement,
        Condition: {
          bool: { 'aws:multifactorauthpresent': [false] },
          StringEquals: { 'AWS:PrincipalType': ['User'] },
        },
      },
    ],
  ])('are the same if %s', (_, same) => {
    expect(differences(same)).toEqual([]);
  });

  it.each<[string, Statement, string]>([
    ['Effect', { ...statement, Effect: 'Allow' }, 'Effect'],
    ['Principal', { ...statement, Principal: { AWS: ['*', '123456789012'] } }, 'Principal'],
    ['the letters of a resource', { ...statement, Resource: ['A', 'b'] }, 'Resource'],
    [
      'the element',
      { ...statement, Resource: [], NotResource: ['a', 'b'] } as Statement,
      'Resource, NotResource',
    ],
    [
      'the letters of a condition’s value',
      { ...statement, Condition: { ...statement.Condition, StringEquals: { 'aws:PrincipalType': 'user' } } },
      'Condition',
    ],
    [
      'a condition that differs from another one only in its letters',
      {
        ...statement,
        Condition: { ...statement.Condition, stringequals: { 'aws:PrincipalType': 'User', x: 'y' } },
      },
      'Condition',
    ],
    ['an element that nobody knows', { ...statement, Unknown: 'x' } as Statement, 'Unknown'],
  ])('differ in %s', (_, other, elements) => {
    expect(differences(other)).toEqual([`statement One was changed: ${elements}`]);
  });

  it('differ in the number of equal statements', () => {
    expect(differences(statement, statement)).toEqual(['statement One was added']);
  });

  it('differ in the names of statements', () => {
    expect(differences({ ...statement, Sid: 'Two' })).toEqual([
      'statement Two was added',
      'statement One was removed',
    ]);
  });

  it('without version have the old one', () => {
    const { Version: _, ...old } = policyOf(statement);
    expect(policyDifferences(policyOf(statement), old)).toEqual(['Version is 2008-10-17, not 2012-10-17']);
  });
});

describe('a policy as API Gateway tells it', () => {
  const policy = policyOf({ ...statement, Resource: 'arn:aws:execute-api:eu-west-1:1:a/prod/*' });
  const escaped = JSON.stringify(JSON.stringify(policy)).slice(1, -1);

  it.each([
    ['escaped', escaped],
    ['with escaped slashes', escaped.replaceAll('/', String.raw`\/`)],
    ['as it is', JSON.stringify(policy)],
  ])('is read %s', (_, text) => {
    expect(livePolicy(text)).toEqual(policy);
  });

  it.each([undefined, '', 'x', '{}', '[]', '"{}"', 'null'])('is none if it is %s', (text) => {
    expect(livePolicy(text)).toBeUndefined();
  });
});

describe('the policy of the template', () => {
  it.each([
    ['arn:aws:iam::111122223333:user/x', 'eu-west-1', 'amazonaws.com', 'arn:aws:execute-api:eu-west-1'],
    [
      'arn:aws-us-gov:iam::111122223333:user/x',
      'us-gov-west-1',
      'amazonaws.com',
      'arn:aws-us-gov:execute-api:us-gov-west-1',
    ],
    [
      'arn:aws-cn:sts::111122223333:assumed-role/x/y',
      'cn-north-1',
      'amazonaws.com.cn',
      'arn:aws-cn:execute-api:cn-north-1',
    ],
  ])('is expanded to where %s deploys', (caller, region, urlSuffix, arn) => {
    const destination = destinationOf(caller, '111122223333', region);
    expect(destination.urlSuffix).toBe(urlSuffix);
    const { resources } = resolveTemplate(writtenTemplate, {
      parameters: parameterValuesOf('prod', {}),
      place: { ...destination, stackName: 'mfa-self-service-prod', apiId: 'abcde12345' },
    });
    const policy = resources[restApiId]?.properties['Policy'] as PolicyDocument;
    const expanded = expandResources(policy, `${arn}:111122223333:abcde12345`);
    const all = [expanded.Statement].flat().flatMap(({ Resource = [] }) => Resource);
    expect(all.length).toBeGreaterThan(0);
    for (const resource of all)
      expect(resource).toMatch(new RegExp(`^${arn}:111122223333:abcde12345/(prod|\\*)/`));
  });
});
