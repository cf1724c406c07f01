import type { Operation } from '../shared/contract/operation.ts';
import type { PolicyDocument } from './policy-document.ts';
import { segmentsOf } from './resource-policy.ts';

/** The first segments after `/v1/` under which users look after their own devices. */
const selfServiceSegments: ReadonlySet<string> = new Set(['me', 'mfa-devices', 'hardware-mfa-devices']);

/** Where the REST API is: real values, or CloudFormation's placeholders for `Fn::Sub`. */
export interface ApiNames {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly apiId: string;
  readonly stage: string;
}

/** What users need to call the API for themselves. The resource policy still asks for MFA where it must. */
export function selfServicePolicy(operations: readonly Operation[], names: ApiNames): PolicyDocument {
  const segments = segmentsOf(operations).filter((segment) => selfServiceSegments.has(segment));
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'InvokeSelfService',
        Effect: 'Allow',
        Action: 'execute-api:Invoke',
        Resource: segments.flatMap((segment) => routesBelow(segment, names)),
      },
    ],
  };
}

function routesBelow(segment: string, names: ApiNames): readonly string[] {
  const { partition, region, accountId, apiId, stage } = names;
  const route = `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/${stage}/*/v1/${segment}`;
  return [route, `${route}/*`];
}
