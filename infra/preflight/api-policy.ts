import { GetRestApiCommand, type RestApi } from '@aws-sdk/client-api-gateway';
import * as z from 'zod';
import { policyDifferences } from '../policies/compare-policies.ts';
import { expandResources } from '../policies/expand-resources.ts';
import type { PolicyDocument } from '../policies/policy-document.ts';
import { restApiId } from '../template/logical-ids.ts';
import type { Aws, Destination } from './aws.ts';
import type { Deployed } from './deployed.ts';
import { compared, type Finding, permitted } from './finding.ts';

export interface PolicyOptions {
  readonly destination: Destination;
  /** Whether to tell the command that puts the policy back. */
  readonly restore: boolean;
}

/** The API itself: its resource policy, and what it answers as. */
export async function apiFindings(
  { apiGateway }: Aws,
  deployed: Deployed,
  options: PolicyOptions,
): Promise<readonly Finding[]> {
  const check = 'resource policy';
  const read = await permitted(check, `apigateway:GET on /restapis/${deployed.apiId}`, () =>
    apiGateway.send(new GetRestApiCommand({ restApiId: deployed.apiId })),
  );
  if ('refused' in read) return [read.refused];
  return [policyFinding(check, deployed, read.result, options), apiSettings(deployed, read.result)];
}

function policyFinding(
  check: string,
  { apiId, resources }: Deployed,
  { policy }: RestApi,
  { destination, restore }: PolicyOptions,
): Finding {
  const { partition, region, accountId } = destination;
  const expected = policyDocument.safeParse(resources[restApiId]?.properties['Policy']).data;
  const found = livePolicy(policy);
  if (expected === undefined) {
    return compared(check, found === undefined ? [] : ['There is a policy, and the template has none']);
  }
  const apiArn = `arn:${partition}:execute-api:${region}:${accountId}:${apiId}`;
  const differences =
    found === undefined
      ? [policy ? 'The policy cannot be read' : 'The policy was removed']
      : policyDifferences(expandResources(expected, apiArn), expandResources(found, apiArn));
  return compared(
    check,
    differences,
    'Somebody changed it by hand since the last deployment, and a deployment would publish that. Find out who',
    '(docs/operate.md, “Changes outside this repository”), then put back what the last deployment had:',
    ...(restore
      ? [restoreCommand(apiId, region, expected)]
      : ['npm run preflight -- --restore-policy … prints the command; it changes nothing itself.']),
  );
}

const statement = z.looseObject({ Effect: z.string() });
const policyDocument = z
  .looseObject({ Statement: z.union([statement, z.array(statement)]) })
  .transform((document) => document as unknown as PolicyDocument);

/**
 * The policy as API Gateway tells it: JSON that is escaped once more, slashes included, as in a string without its
 * quotes. Source: what users of the API report, e.g. localstack/localstack#3325 on GitHub.
 */
export function livePolicy(text: string | undefined): PolicyDocument | undefined {
  for (const unescaped of [text, `"${text}"`]) {
    const value = parsed(unescaped);
    const document = policyDocument.safeParse(typeof value === 'string' ? parsed(value) : value);
    if (document.success) return document.data;
  }
  return undefined;
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/** For a POSIX shell. In short form, as API Gateway takes it. */
function restoreCommand(apiId: string, region: string, policy: PolicyDocument): string {
  const operations = [{ op: 'replace', path: '/policy', value: JSON.stringify(policy) }];
  const quoted = JSON.stringify(operations).replaceAll("'", String.raw`'\''`);
  return `aws apigateway update-rest-api --region ${region} --rest-api-id ${apiId} --patch-operations '${quoted}'`;
}

/** What of the API is neither policy nor method. */
function apiSettings({ resources }: Deployed, api: RestApi): Finding {
  const { BinaryMediaTypes = [], EndpointConfiguration } = resources[restApiId]?.properties ?? {};
  const expectedTypes = Object(EndpointConfiguration).Types ?? ['EDGE'];
  const lists = [
    ['binary media types', BinaryMediaTypes, api.binaryMediaTypes ?? []],
    ['endpoint types', expectedTypes, api.endpointConfiguration?.types ?? []],
  ] as const;
  const text = (values: unknown) => [values].flat().map(String).sort().join(', ') || 'none';
  return compared(
    'API',
    lists
      .filter(([, expected, found]) => text(expected) !== text(found))
      .map(([name, expected, found]) => `${name}: ${text(found)}, not ${text(expected)}`),
    'Set it back: CloudFormation would leave it.',
  );
}
