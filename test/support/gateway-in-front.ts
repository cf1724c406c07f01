import { createServer } from 'node:http';
import type { ResolvedTemplate } from '../../infra/cloudformation/template.ts';
import type { PolicyDocument } from '../../infra/policies/policy-document.ts';
import { deployment } from '../../local-aws/deployment.ts';
import { Gateway, type GatewayOptions } from '../../local-aws/gateway/gateway.ts';
import { restApiOf } from '../../local-aws/gateway/rest-api.ts';
import { close, listen } from '../../local-aws/servers.ts';
import { withProperties } from './rest-api.ts';
import type { TestStack } from './stack.ts';

/** What a gateway in front of a stack has otherwise than the stack's own. */
export interface GatewayChanges extends Partial<GatewayOptions> {
  /** The template that it serves the API of. */
  readonly template?: ResolvedTemplate;
}

export const restApiId = 'ApiGatewayRestApi';

/** The resource policy in a template. */
export const policyIn = ({ resources }: ResolvedTemplate): PolicyDocument =>
  resources[restApiId]?.properties['Policy'] as PolicyDocument;

/** The template with another resource policy. */
export const withPolicy = (template: ResolvedTemplate, Policy: PolicyDocument): ResolvedTemplate =>
  withProperties(template, restApiId, { Policy });

/** Does something with a differently configured gateway in front of the stack's functions. */
export async function withGateway<T>(
  stack: TestStack,
  { template = stack.deployed.resolved, ...changes }: GatewayChanges,
  use: (url: string) => Promise<T>,
): Promise<T> {
  const gateway = new Gateway({
    ...deployment,
    api: restApiOf(template),
    clock: stack.clock,
    credentials: stack.account,
    invoke: (functionName, event) => stack.lambda.invoke(functionName, event),
    ...changes,
  });
  const server = createServer(gateway.listener);
  try {
    return await use(await listen(server, 0));
  } finally {
    await close(server);
  }
}
