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
export function newDeployment(logicalId: string): ApiDeployments {
  const [plain, cors] = [logicalId, `${logicalId}Cors`];
  return {
    conditions: { [withoutPreflights]: not(withPreflights) },
    resources: ({ always, preflights }) => ({
      [plain]: deployment(always, withoutPreflights),
      [cors]: deployment([...always, ...preflights], withPreflights),
    }),
    current: ifGiven('AllowedOrigins', { Ref: cors }, { Ref: plain }),
  };
}

/** What a release lets choose of the parameters that are part of a snapshot; every choice has a deployment. */
export const stepUpAges = [300, 600, 900, 1800, 3600] as const;

/**
 * For a template that is deployed with nothing but other parameters, too: the stage moves to another deployment whenever
 * one of them changes the API, or the template does. @param fingerprint of the API's part of the template
 */
export function deploymentsByChoice(fingerprint: string): ApiDeployments {
  const choices = stepUpAges.flatMap((age) =>
    [withoutPreflights, withPreflights].map((preflights) => ({ age, preflights })),
  );
  const idOf = (age: number, preflights: string) =>
    `ApiGatewayDeployment${fingerprint}Age${age}${preflights === withPreflights ? 'Cors' : ''}`;
  return {
    conditions: {
      [withoutPreflights]: not(withPreflights),
      ...Object.fromEntries(stepUpAges.map((age) => [isAge(age), equals('StepUpMaxAge', age)])),
      ...Object.fromEntries(
        choices.map(({ age, preflights }) => [
          `${isAge(age)}${preflights}`,
          { 'Fn::And': [{ Condition: isAge(age) }, { Condition: preflights }] },
        ]),
      ),
    },
    resources: (parts) =>
      Object.fromEntries(
        choices.map(({ age, preflights }) => [
          idOf(age, preflights),
          deployment(
            preflights === withPreflights ? [...parts.always, ...parts.preflights] : parts.always,
            `${isAge(age)}${preflights}`,
          ),
        ]),
      ),
    current:
      stepUpAges
        .map((age) => ({
          age,
          ofAge: ifGiven('AllowedOrigins', ref(idOf(age, withPreflights)), ref(idOf(age, withoutPreflights))),
        }))
        .reduceRight<object | undefined>(
          (otherwise, { age, ofAge }) =>
            otherwise === undefined ? ofAge : { 'Fn::If': [isAge(age), ofAge, otherwise] },
          undefined,
        ) ?? {},
  };
}

const isAge = (age: number): string => `StepUpMaxAgeIs${age}`;
const equals = (parameter: string, value: number): object => ({
  'Fn::Equals': [{ Ref: parameter }, String(value)],
});
const ref = (Ref: string): object => ({ Ref });

/** It has to wait for whatever is to be in it. */
const deployment = (DependsOn: readonly string[], Condition: string): TemplateResource => ({
  Type: 'AWS::ApiGateway::Deployment',
  Condition,
  DependsOn,
  Properties: { RestApiId: { Ref: restApiId } },
});
