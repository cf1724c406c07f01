import { GetStageCommand, type Stage } from '@aws-sdk/client-api-gateway';
import * as z from 'zod';
import type { Aws, Destination } from './aws.ts';
import { type Deployed, ofType } from './deployed.ts';
import { factDifferences, factText } from './facts.ts';
import { compared, type Finding, finding, permitted } from './finding.ts';

const setting = z.looseObject({ ResourcePath: z.string(), HttpMethod: z.string() });

const stageProperties = z.looseObject({
  StageName: z.string(),
  DeploymentId: z.string(),
  AccessLogSetting: z.looseObject({}).default({}),
  MethodSettings: z.array(setting).default([]),
});

type Expected = z.output<typeof stageProperties>;

/** Which snapshot of the API is served, and how. */
export async function stageFindings(
  { apiGateway }: Aws,
  deployed: Deployed,
  { region }: Destination,
): Promise<readonly Finding[]> {
  const [resource] = ofType(deployed, 'AWS::ApiGateway::Stage');
  const expected = stageProperties.parse(resource?.properties);
  const { StageName: stageName } = expected;
  const { apiId: restApiId } = deployed;
  const check = 'served deployment';
  const read = await permitted(check, `apigateway:GET on /restapis/${restApiId}/stages/${stageName}`, () =>
    apiGateway.send(new GetStageCommand({ restApiId, stageName })).catch(absent),
  );
  if ('refused' in read) return [read.refused];
  const { result: stage } = read;
  if (stage === undefined) {
    return [
      finding(
        check,
        'missing',
        `Somebody removed the stage ${stageName}. CloudFormation does not make it again.`,
      ),
    ];
  }
  const served = compared(
    check,
    stage.deploymentId === expected.DeploymentId
      ? []
      : [`The stage serves ${stage.deploymentId}, not ${expected.DeploymentId}: somebody deployed by hand`],
    'Callers get what the API was then. The next deployment replaces it; to go back at once:',
    `aws apigateway update-stage --region ${region} --rest-api-id ${restApiId} --stage-name ${stageName} \\`,
    `  --patch-operations op=replace,path=/deploymentId,value=${expected.DeploymentId}`,
  );
  return [served, settingsFinding(expected, stage)];
}

function absent(error: unknown): undefined {
  if (error instanceof Error && error.name === 'NotFoundException') return undefined;
  throw error;
}

/** Other limits are no danger: operators may set them while they need them. */
function settingsFinding(expected: Expected, stage: Stage): Finding {
  const check = 'stage settings';
  const differences = [
    ...factDifferences('stage', { variables: expected['Variables'] }, { variables: stage.variables }),
    ...factDifferences(
      'stage',
      { tracing: expected['TracingEnabled'] ?? false },
      { tracing: stage.tracingEnabled ?? false },
    ),
    ...factDifferences('access log', accessLog(expected), {
      format: stage.accessLogSettings?.format,
      destination: withoutSuffix(stage.accessLogSettings?.destinationArn),
    }),
    ...methodSettings(expected, stage),
  ];
  const isLimit = (difference: string) => /: throttling\w+ /.test(difference);
  if (differences.length > 0 && differences.every(isLimit)) {
    return finding(
      check,
      'changes',
      ...differences,
      'Changed by hand; a deployment keeps it unless its setting changes.',
    );
  }
  return compared(check, differences, 'Changed by hand. Set it back: CloudFormation would leave it.');
}

const accessLog = ({ AccessLogSetting }: Expected) => ({
  format: AccessLogSetting['Format'],
  destination: withoutSuffix(AccessLogSetting['DestinationArn']),
});

/** API Gateway leaves out the suffix for the group's streams. */
const withoutSuffix = (arn: unknown): string => String(arn ?? '').replace(/:\*$/, '');

/** By path and method; those that the template has none for must not differ from the stage's own. */
function methodSettings({ MethodSettings }: Expected, { methodSettings = {} }: Stage): readonly string[] {
  const expected = new Map(
    MethodSettings.map(({ ResourcePath, HttpMethod, ...settings }) => [
      `${ResourcePath.replace(/^\//, '')}/${HttpMethod}`,
      Object.fromEntries(
        Object.entries(settings).map(([name, value]) => [
          name.charAt(0).toLowerCase() + name.slice(1),
          factText(value),
        ]),
      ),
    ]),
  );
  const others = Object.keys(methodSettings).filter((key) => !expected.has(key));
  return [
    ...[...expected].flatMap(([key, settings]) =>
      factDifferences(`method settings ${key}`, settings, { ...methodSettings[key] }),
    ),
    ...others.map((key) => `method settings ${key} were added`),
  ];
}
