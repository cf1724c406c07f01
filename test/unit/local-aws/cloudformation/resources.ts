import { resolveTemplate } from '../../../../infra/cloudformation/resolve.ts';
import type { ResolvedTemplate } from '../../../../infra/cloudformation/template.ts';

/** Resolves one resource of each given type, by logical id. */
export function resolved(
  Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: object }>>,
): ResolvedTemplate {
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'For tests',
    Parameters: {},
    Conditions: {},
    Outputs: {},
    Resources: Resources as Readonly<Record<string, { Type: string; Properties: Record<string, unknown> }>>,
  };
  const place = {
    accountId: '123456789012',
    region: 'us-east-1',
    partition: 'aws',
    urlSuffix: 'amazonaws.com',
    stackName: 'shop',
  };
  return resolveTemplate(template, { parameters: {}, place });
}

export const arn = (service: string, resource: string) =>
  `arn:aws:${service}:us-east-1:123456789012:${resource}`;

export const lambdaTrust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
export const allow = (Action: string, Resource = '*') => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource }],
});

export const role = (changes: object = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: { RoleName: 'seller', AssumeRolePolicyDocument: lambdaTrust, ...changes },
});
export const lambda = (changes: object = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: 'shop-sell',
    Handler: 'dist/sell/index.handler',
    Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
    Runtime: 'nodejs24.x',
    ...changes,
  },
});
export const queue = (changes: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: { QueueName: 'letters', ...changes },
});
