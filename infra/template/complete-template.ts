import { backgroundFunctions } from '../../shared/contract/background-functions.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import { alarms } from './alarms.ts';
import { auditSubscriptions } from './audit-subscriptions.ts';
import { type CompiledTemplate, functionIdOf, ofType, resourceIdsByPath } from './cloudformation.ts';
import { dashboard } from './dashboard.ts';
import { backgroundEnvironmentOf, environmentOf } from './environment.ts';
import { eventDelivery } from './event-rules.ts';
import { metricFilters } from './metrics.ts';
import { preflightMethod, preflightsOf } from './preflight.ts';
import { functionName } from './resource-names.ts';
import type { TemplateSettings } from './settings.ts';
import { accessLogGroup, accessLogGroupId, stageResource } from './stage.ts';

/**
 * Adds to the template of osls, in place, what serverless.yml cannot express: whatever refers to resources whose
 * logical ids osls generates, and parameters that change many resources at once.
 */
export function completeTemplate(
  template: CompiledTemplate,
  operations: readonly Operation[],
  settings: TemplateSettings,
): void {
  addPreflights(template, operations, settings);
  template.Resources[accessLogGroupId] = accessLogGroup(settings);
  addStage(template, settings);
  addEnvironment(template, operations, settings);
  Object.assign(
    template.Resources,
    auditSubscriptions(template, operations, settings.stage),
    eventDelivery(settings),
  );
  watch(template, settings);
  applyOptions(template, settings);
}

function addPreflights(
  template: CompiledTemplate,
  operations: readonly Operation[],
  { allowedOrigins }: TemplateSettings,
): void {
  const resourceIds = resourceIdsByPath(template);
  for (const preflight of preflightsOf(operations, allowedOrigins)) {
    const resourceId = resourceIds.get(preflight.path);
    if (resourceId === undefined) throw new Error(`The template has no resource for ${preflight.path}`);
    const method = preflightMethod(preflight, resourceId, allowedOrigins);
    template.Resources[`${resourceId}Preflight`] = method;
  }
}

/** A deployment is a snapshot, so it has to wait for every method and response. Its logical id contains a timestamp. */
function addStage(template: CompiledTemplate, settings: TemplateSettings): void {
  const [[deploymentId, deployment] = [], ...others] = ofType(template, 'AWS::ApiGateway::Deployment');
  if (deploymentId === undefined || deployment === undefined || others.length > 0) {
    throw new Error('The template must have exactly one deployment of the API');
  }
  const parts = ['AWS::ApiGateway::Method', 'AWS::ApiGateway::GatewayResponse'].flatMap((type) =>
    ofType(template, type).map(([logicalId]) => logicalId),
  );
  deployment.DependsOn = [...new Set([...(deployment.DependsOn ?? []), ...parts])];
  delete deployment.Properties['StageName'];
  template.Resources['ApiGatewayStage'] = stageResource(settings, deploymentId);
}

/** Gives each function only the variables it reads: Lambda limits a function's environment to 4 KB. */
function addEnvironment(
  template: CompiledTemplate,
  operations: readonly Operation[],
  settings: TemplateSettings,
): void {
  const variables = new Map([
    ...operations.map((operation) => [operation.name, environmentOf(operation, settings)] as const),
    ...backgroundFunctions.map(
      (background) => [background.name, backgroundEnvironmentOf(background, settings)] as const,
    ),
  ]);
  for (const [name, own] of variables) {
    const resource = template.Resources[functionIdOf(template, functionName(settings.stage, name))];
    if (resource === undefined) continue;
    const { Variables: shared } = Object(resource.Properties['Environment']);
    resource.Properties['Environment'] = { Variables: { ...shared, ...own } };
  }
}

function watch(template: CompiledTemplate, settings: TemplateSettings): void {
  const functions = ofType(template, 'AWS::Lambda::Function').map(([logicalId, { Properties }]) => ({
    logicalId,
    name: String(Properties['FunctionName']),
  }));
  Object.assign(template.Resources, metricFilters(settings.stage), alarms(settings, functions), {
    Dashboard: dashboard(settings),
  });
}

function applyOptions(template: CompiledTemplate, settings: TemplateSettings): void {
  const { logKmsKeyArn, permissionsBoundaryArn, reservedConcurrency, tableKmsKeyArn } = settings;
  setOn(template, 'AWS::Logs::LogGroup', { KmsKeyId: logKmsKeyArn });
  setOn(template, 'AWS::IAM::Role', { PermissionsBoundary: permissionsBoundaryArn });
  setOn(template, 'AWS::Lambda::Function', { ReservedConcurrentExecutions: reservedConcurrency });
  setOn(template, 'AWS::DynamoDB::Table', {
    SSESpecification: tableKmsKeyArn && { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: tableKmsKeyArn },
  });
}

/** Sets properties on all resources of a type; undefined values change nothing. */
function setOn(
  template: CompiledTemplate,
  type: string,
  properties: Readonly<Record<string, unknown>>,
): void {
  const given = Object.entries(properties).filter(([, value]) => value !== undefined);
  for (const [, resource] of ofType(template, type))
    Object.assign(resource.Properties, Object.fromEntries(given));
}
