import type { TemplateResource } from '../cloudformation/template.ts';
import { ifGiven } from './conditions.ts';
import { restApiId } from './logical-ids.ts';

/** The logical ids of what a snapshot of the API consists of. */
export interface SnapshotParts {
  readonly always: readonly string[];
  /** Only if pages of other origins may call the API. */
  readonly preflights: readonly string[];
}

/**
 * A deployment is a snapshot of the API. What changes in the API is served only once there is another one, and
 * CloudFormation makes another one only for another logical id.
 */
export interface ApiDeployments {
  readonly conditions: Readonly<Record<string, object>>;
  /** By logical id. */
  readonly resources: (parts: SnapshotParts) => Readonly<Record<string, TemplateResource>>;
  /** The one that the stage serves. */
  readonly current: object;
}

const withPreflights = 'HasAllowedOrigins';
const withoutPreflights = 'HasNoAllowedOrigins';

const not = (Condition: string): object => ({ 'Fn::Not': [{ Condition }] });

/** For whoever gives the deployment another logical id each time. */
export const newDeployment = (logicalId: string): ApiDeployments => ({
  conditions: { [withoutPreflights]: not(withPreflights) },
  resources: (parts) => deploymentPair(logicalId, parts, (preflights) => preflights),
  current: existingOf(logicalId),
});

/** What a release lets choose of the parameters that are part of a snapshot; every choice has a deployment. */
export const stepUpAges = [300, 600, 900, 1800, 3600] as const;

/**
 * For a template that is deployed with nothing but other parameters, too: the stage moves to another deployment whenever
 * one of them changes the API, or the template does. @param fingerprint of the API's part of the template
 */
export function deploymentsByChoice(fingerprint: string): ApiDeployments {
  const choices = stepUpAges.map((age) => ({
    age,
    isAge: `StepUpMaxAgeIs${age}`,
    id: `ApiGatewayDeployment${fingerprint}Age${age}`,
  }));
  const [last = { id: '' }, ...earlier] = choices.toReversed();
  return {
    conditions: {
      [withoutPreflights]: not(withPreflights),
      ...Object.fromEntries(choices.map(({ age, isAge }) => [isAge, equals('StepUpMaxAge', age)])),
      ...Object.fromEntries(
        choices.flatMap(({ isAge }) =>
          [withoutPreflights, withPreflights].map((preflights) => [
            `${isAge}${preflights}`,
            { 'Fn::And': [{ Condition: isAge }, { Condition: preflights }] },
          ]),
        ),
      ),
    },
    resources: (parts) =>
      Object.assign(
        {},
        ...choices.map(({ id, isAge }) => deploymentPair(id, parts, (preflights) => `${isAge}${preflights}`)),
      ),
    current: earlier.reduce<object>(
      (otherwise, { isAge, id }) => ({ 'Fn::If': [isAge, existingOf(id), otherwise] }),
      existingOf(last.id),
    ),
  };
}

const equals = (parameter: string, value: number): object => ({
  'Fn::Equals': [{ Ref: parameter }, String(value)],
});

const corsId = (id: string): string => `${id}Cors`;

/** A deployment without preflights and one with them. @param conditionOf which of them exists */
function deploymentPair(
  id: string,
  { always, preflights }: SnapshotParts,
  conditionOf: (preflights: string) => string,
): Readonly<Record<string, TemplateResource>> {
  return {
    [id]: deployment(always, conditionOf(withoutPreflights)),
    [corsId(id)]: deployment([...always, ...preflights], conditionOf(withPreflights)),
  };
}

/** That of a pair which exists. */
const existingOf = (id: string): object => ifGiven('AllowedOrigins', { Ref: corsId(id) }, { Ref: id });

/** It has to wait for whatever is to be in it. */
const deployment = (DependsOn: readonly string[], Condition: string): TemplateResource => ({
  Type: 'AWS::ApiGateway::Deployment',
  Condition,
  DependsOn,
  Properties: { RestApiId: { Ref: restApiId } },
});
