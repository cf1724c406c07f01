import { webhookSystems } from '../../shared/contract/ticketing.ts';
import type { ParameterName } from './parameters.ts';
import { pascalCase } from './resource-names.ts';

/** Parameters that are empty for nothing of the kind. */
const optionalParameters = [
  'AlarmTopicArn',
  'AllowedOrigins',
  'LogKmsKeyArn',
  'NoticeSender',
  'OperatorTopicArn',
  'PermissionsBoundaryArn',
  'ReservedConcurrency',
  'TableKmsKeyArn',
] as const satisfies readonly ParameterName[];

type OptionalName = (typeof optionalParameters)[number];

const noValue = { Ref: 'AWS::NoValue' };

/** The condition that an optional parameter is given. */
const given = (name: OptionalName): string => `Has${name}`;

/** The value if the parameter is given; otherwise the property or list element does not exist. */
export const ifGiven = (name: OptionalName, value: unknown, otherwise: unknown = noValue): object => ({
  'Fn::If': [given(name), value, otherwise],
});

/** Makes a resource exist only if the parameter is given. */
export const onlyIfGiven = <Resource extends object>(name: OptionalName, resource: Resource) => ({
  ...resource,
  Condition: given(name),
});

/** The condition that a ticketing system is connected. */
export const connects = (system: string): string => `Connects${pascalCase(system)}`;

/** The condition that a ticketing system is connected and any of them is told outcomes. */
export const tellsOutcomesTo = (system: string): string => `TellsOutcomesTo${pascalCase(system)}`;

/** The condition that some ticketing system is told outcomes. */
export const tellsOutcomes = 'TellsOutcomes';

/** The condition that STS has a global endpoint. */
export const isCommercialPartition = 'IsCommercialPartition';

/**
 * CloudFormation cannot search text, but what contains a word changes when it is split there and joined again. It cannot
 * parse JSON either: a system's name may also be a value. Then there is a secret that nothing uses; with an exact form,
 * such as the name with its colon, a space before that would leave a connected system without one.
 */
const contains = (name: ParameterName, word: string): object => {
  const value = { Ref: name };
  return { 'Fn::Not': [{ 'Fn::Equals': [{ 'Fn::Join': ['', { 'Fn::Split': [word, value] }] }, value] }] };
};

const and = (...names: readonly string[]): object => ({
  'Fn::And': names.map((Condition) => ({ Condition })),
});

/** The conditions of the template, by name. */
export const conditions: Readonly<Record<string, object>> = {
  ...Object.fromEntries(
    optionalParameters.map((name) => [given(name), { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: name }, ''] }] }]),
  ),
  ...Object.fromEntries(
    webhookSystems.flatMap((system) => [
      [connects(system), contains('Ticketing', `"${system}"`)],
      [tellsOutcomesTo(system), and(connects(system), tellsOutcomes)],
    ]),
  ),
  [tellsOutcomes]: contains('Ticketing', '"outcomeUrl"'),
  [isCommercialPartition]: { 'Fn::Equals': [{ Ref: 'AWS::Partition' }, 'aws'] },
};
