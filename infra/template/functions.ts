import { type BackgroundFunction, backgroundFunctions } from '../../shared/contract/background-functions.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import { deadLettersId } from './dead-letter-queues.ts';
import { roleLogicalId } from './role-resources.ts';
import type { TemplateSettings } from './settings.ts';

/** The `functions` of serverless.yml, by name: each operation with its route, the others with their trigger. */
export async function functions(settings: TemplateSettings): Promise<Readonly<Record<string, object>>> {
  const routed = (await loadOperations()).map((operation) => [
    operation.name,
    { ...bundled(operation), events: [route(operation)] },
  ]);
  const background = backgroundFunctions.map((definition) => [
    definition.name,
    { ...bundled(definition), timeout: definition.timeoutSeconds, ...invocation(definition, settings) },
  ]);
  return Object.fromEntries([...routed, ...background]);
}

const bundled = ({ name }: Pick<Operation, 'name'>) => ({
  handler: `dist/${name}/index.handler`,
  role: roleLogicalId({ name }),
  package: { patterns: [`dist/${name}/*`] },
});

const route = ({ method, path, gate }: Operation) => ({
  http: { method: method.toLowerCase(), path, ...(gate !== 'anonymous' && { authorizer: 'aws_iam' }) },
});

/** The subscriptions to logs are in audit-subscriptions.ts; one function hands events to others by itself. */
function invocation({ name, trigger }: BackgroundFunction, settings: TemplateSettings): object {
  // A failed run's work is left to the next one.
  if (trigger === 'schedule') return { maximumRetryAttempts: 0, ...schedule(name, settings) };
  const onFailure = { type: 'sqs', arn: { 'Fn::GetAtt': [deadLettersId(name), 'Arn'] } };
  return { maximumRetryAttempts: 2, destinations: { onFailure } };
}

function schedule(name: string, { expiredEnrolmentsRate }: TemplateSettings): object {
  switch (name) {
    case 'delete-expired-devices':
      return { events: every(expiredEnrolmentsRate) };
    case 'execute-recoveries':
      // A run that could not start within its minute is dropped: the next one replaces it.
      return { events: every('rate(1 minute)'), maximumEventAge: 60 };
    default:
      throw new Error(`The function ${name} has no schedule`);
  }
}

const every = (rate: string) => [{ schedule: { rate: [rate] } }];
