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

/** It has to wait for whatever is to be in it. */
const deployment = (DependsOn: readonly string[], Condition: string): TemplateResource => ({
  Type: 'AWS::ApiGateway::Deployment',
  Condition,
  DependsOn,
  Properties: { RestApiId: { Ref: restApiId } },
});
