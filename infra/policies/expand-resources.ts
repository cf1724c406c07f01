import type { PolicyDocument, Statement } from './policy-document.ts';

/**
 * Expands resources in short form (`execute-api:/stage/method/path`) to full ARNs, as API Gateway does when it stores a
 * policy.
 * @param apiArn `arn:aws:execute-api:region:account:api-id`
 */
export function expandResources(policy: PolicyDocument, apiArn: string): PolicyDocument {
  return {
    ...policy,
    Statement: [policy.Statement].flat().map((statement) => expandStatement(statement, apiArn)),
  };
}

function expandStatement(statement: Statement, apiArn: string): Statement {
  const { Resource, NotResource } = statement;
  const expand = (resource: string) => resource.replace(/^execute-api:\//, `${apiArn}/`);
  return {
    ...statement,
    ...(Resource === undefined ? {} : { Resource: [Resource].flat().map(expand) }),
    ...(NotResource === undefined ? {} : { NotResource: [NotResource].flat().map(expand) }),
  };
}
