import { type ResolveOptions, resolveTemplate } from '../../../infra/cloudformation/resolve.ts';
import type { Template } from '../../../infra/cloudformation/template.ts';

export const place = {
  accountId: '123456789012',
  region: 'eu-central-1',
  partition: 'aws',
  urlSuffix: 'amazonaws.com',
  stackName: 'shop-test',
};

/** A template with the given blocks. */
export const template = (blocks: Partial<Template> = {}): Template => ({
  AWSTemplateFormatVersion: '2010-09-09',
  Description: 'For tests',
  Parameters: {},
  Conditions: {},
  Resources: {},
  Outputs: {},
  ...blocks,
});

export const resolve = (blocks: Partial<Template>, options: Partial<ResolveOptions> = {}) =>
  resolveTemplate(template(blocks), { parameters: {}, place, ...options });

/** What one value of an output becomes, in a template with the given other blocks. */
export const outputOf = (
  Value: unknown,
  blocks: Partial<Template> = {},
  options: Partial<ResolveOptions> = {},
) => resolve({ Outputs: { It: { Value } }, ...blocks }, options).outputs['It'];

/** What one value of a property becomes. */
export const propertyOf = (
  value: unknown,
  blocks: Partial<Template> = {},
  options: Partial<ResolveOptions> = {},
) =>
  resolve(
    { ...blocks, Resources: { ...blocks.Resources, It: { Type: queue, Properties: { value } } } },
    options,
  ).resources['It']?.properties['value'];

export const queue = 'AWS::SQS::Queue';
