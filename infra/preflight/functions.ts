import {
  type FunctionConfiguration,
  GetFunctionConfigurationCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { mapConcurrently } from '../../shared/lib/map-concurrently.ts';
import type { ResolvedResource } from '../cloudformation/template.ts';
import type { Aws } from './aws.ts';
import { type Deployed, ofType } from './deployed.ts';
import { factDifferences } from './facts.ts';
import { checked, compared, type Finding } from './finding.ts';

/** Requests at a time; Lambda allows 100 per second. */
const most = 5;

/** What decides what a function can do. Its code comes anew with every deployment. */
export const functionsFinding = ({ lambda }: Aws, deployed: Deployed): Promise<Finding> =>
  checked('functions', 'lambda:GetFunctionConfiguration', async () => {
    const differences = await mapConcurrently(
      ofType(deployed, 'AWS::Lambda::Function'),
      most,
      async (resource) => differencesOf(resource, await configurationOf(lambda, resource.ref)),
    );
    return compared(
      'functions',
      differences.flat(),
      'Changed by hand. Set it back: CloudFormation would leave it.',
    );
  });

async function configurationOf(
  lambda: LambdaClient,
  FunctionName: string,
): Promise<FunctionConfiguration | undefined> {
  try {
    return await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

function differencesOf(
  { ref: name, properties }: ResolvedResource,
  live: FunctionConfiguration | undefined,
): readonly string[] {
  if (live === undefined) return [`${name} was removed`];
  const { Role, Handler, Runtime, Environment } = properties;
  return [
    ...factDifferences(
      name,
      { role: Role, handler: Handler, runtime: Runtime, layers: properties['Layers'] },
      {
        role: live.Role,
        handler: live.Handler,
        runtime: live.Runtime,
        layers: live.Layers?.map(({ Arn }) => Arn),
      },
    ),
    ...variableDifferences(name, Object(Environment).Variables ?? {}, live.Environment?.Variables ?? {}),
  ];
}

/** Names only: what somebody put there may be secret. What CloudFormation reads from secrets is not compared. */
function variableDifferences(
  name: string,
  expected: Readonly<Record<string, unknown>>,
  live: Readonly<Record<string, string>>,
): readonly string[] {
  const isSecret = (value: unknown) => String(value).includes('{{resolve:');
  const changed = Object.entries(expected)
    .filter(([key, value]) => (isSecret(value) ? !(key in live) : live[key] !== String(value)))
    .map(([key]) => `${name}: the environment variable ${key} was ${key in live ? 'changed' : 'removed'}`);
  const added = Object.keys(live)
    .filter((key) => !(key in expected))
    .map((key) => `${name}: the environment variable ${key} was added`);
  return [...changed, ...added];
}
