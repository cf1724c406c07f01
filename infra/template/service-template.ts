import { backgroundFunctions } from '../../shared/contract/background-functions.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import type { Template, TemplateOutput, TemplateResource } from '../cloudformation/template.ts';
import { alarms } from './alarms.ts';
import { apiResources } from './api-resources.ts';
import { auditSubscriptions } from './audit-subscriptions.ts';
import { conditions } from './conditions.ts';
import { dashboard } from './dashboard.ts';
import { deadLetterResources } from './dead-letter-queues.ts';
import type { ApiDeployments, SnapshotParts } from './deployments.ts';
import { eventDelivery } from './event-rules.ts';
import { type CodeLocation, functionResources } from './function-resources.ts';
import { gatewayResponseResources } from './gateway-responses.ts';
import { managedPolicyResources } from './managed-policy-resources.ts';
import { metricFilters } from './metrics.ts';
import { outputs } from './outputs.ts';
import { parameters } from './parameters.ts';
import { placeholders, withSub } from './placeholders.ts';
import { roleResources } from './role-resources.ts';
import { cursorSecret, ticketingSecrets } from './secrets.ts';
import { accessLogGroup, accessLogGroupId, stageResource } from './stage.ts';
import { tableResource } from './table.ts';

/** What depends on how the template is deployed. */
export interface Deploying {
  readonly code: CodeLocation;
  readonly deployments: ApiDeployments;
}

/**
 * The CloudFormation template of the service, made from the contracts. It is the same however it is deployed; the local
 * AWS runs it too.
 */
export function serviceTemplate(
  operations: readonly Operation[],
  { code, deployments }: Deploying,
): Template {
  const api = { ...apiResources(operations), ...gatewayResponseResources() };
  const functions = [...operations, ...backgroundFunctions].map(({ name }) => name);
  const resources = {
    ...functionResources(operations, code),
    ...api,
    ...deployments.resources(snapshotParts(api)),
    ApiGatewayStage: stageResource(deployments.current),
    [accessLogGroupId]: accessLogGroup(),
    ...roleResources(operations),
    Table: tableResource(),
    ...managedPolicyResources(operations, placeholders),
    ...deadLetterResources(),
    ...cursorSecret(),
    ...ticketingSecrets(),
    ...auditSubscriptions(operations),
    ...eventDelivery(),
    ...metricFilters(),
    ...alarms(functions),
    Dashboard: dashboard(functions),
  };
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'REST API for IAM users to manage their own virtual MFA devices',
    Parameters: parameters,
    Conditions: { ...conditions, ...deployments.conditions },
    Resources: substituted(resources),
    Outputs: substituted(outputs),
  };
}

/** The methods and responses among the API's resources. */
function snapshotParts(api: Readonly<Record<string, TemplateResource>>): SnapshotParts {
  const parts = Object.entries(api).filter(([, { Type }]) =>
    ['AWS::ApiGateway::Method', 'AWS::ApiGateway::GatewayResponse'].includes(Type),
  );
  const [preflights, always] = [true, false].map((conditional) =>
    parts.filter(([, { Condition }]) => (Condition !== undefined) === conditional).map(([id]) => id),
  );
  return { always: always ?? [], preflights: preflights ?? [] };
}

/** Replaces placeholders, wherever they are. */
const substituted = <Part extends TemplateResource | TemplateOutput>(
  parts: Readonly<Record<string, Part>>,
): Readonly<Record<string, Part>> =>
  Object.fromEntries(Object.entries(parts).map(([id, part]) => [id, withSub(part) as Part]));
