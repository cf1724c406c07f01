import { GetTemplateCommand, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { resolveTemplate } from '../cloudformation/resolve.ts';
import type { Place, ResolvedResource, ResolvedTemplate, Template } from '../cloudformation/template.ts';
import { TemplateError } from '../cloudformation/template-error.ts';
import { restApiId } from '../template/logical-ids.ts';
import type { Aws } from './aws.ts';
import { type Finding, finding, permitted } from './finding.ts';
import type { ExistingStack } from './stack.ts';

/** What the last deployment left behind, as its template says. */
export interface Deployed {
  readonly apiId: string;
  readonly resources: ResolvedTemplate['resources'];
}

const check = 'deployed template';

/** Resolves the template of a stack with its parameters and the ids of its resources. */
export async function deployedOf(
  { cloudFormation }: Aws,
  place: Place,
  { parameters }: ExistingStack,
): Promise<{ readonly deployed: Deployed } | { readonly refused: Finding }> {
  const StackName = place.stackName;
  const read = await permitted(
    check,
    'cloudformation:GetTemplate and cloudformation:ListStackResources',
    async () => {
      const physicalIds: Record<string, string> = {};
      for await (const page of paginateListStackResources({ client: cloudFormation }, { StackName })) {
        for (const { LogicalResourceId, PhysicalResourceId } of page.StackResourceSummaries ?? []) {
          if (LogicalResourceId && PhysicalResourceId) physicalIds[LogicalResourceId] = PhysicalResourceId;
        }
      }
      const { TemplateBody } = await cloudFormation.send(new GetTemplateCommand({ StackName }));
      return { physicalIds, text: TemplateBody ?? '' };
    },
  );
  if ('refused' in read) return read;
  const { physicalIds, text } = read.result;
  const apiId = physicalIds[restApiId];
  if (apiId === undefined) return unreadable(`the stack has no resource ${restApiId}`);
  try {
    const template = templateIn(text);
    const options = { parameters, place: { ...place, apiId }, physicalIds: refsOf(physicalIds, apiId) };
    return { deployed: { apiId, resources: resolveTemplate(template, options).resources } };
  } catch (error) {
    if (error instanceof TemplateError || error instanceof SyntaxError) return unreadable(error.message);
    throw error;
  }
}

/** CloudFormation may tell an id that is unique only within an API together with that of the API, with a bar between. */
const refsOf = (
  physicalIds: Readonly<Record<string, string>>,
  apiId: string,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(physicalIds).map(([logicalId, id]) => {
      const parts = id.split('|');
      return [logicalId, parts.includes(apiId) ? (parts.find((part) => part !== apiId) ?? id) : id];
    }),
  );

const unreadable = (why: string) => ({
  refused: finding(check, 'not checked', `What there is cannot be compared with it: ${why}`),
});

/** An earlier version wrote no parameters and conditions. */
const templateIn = (text: string): Template => ({
  Parameters: {},
  Conditions: {},
  Outputs: {},
  ...JSON.parse(text),
});

/** The resources of a type. */
export const ofType = (
  { resources }: Pick<Deployed, 'resources'>,
  type: string,
): readonly ResolvedResource[] => Object.values(resources).filter((resource) => resource.type === type);

/** The executions that its functions reserve together. */
export const reservedBy = (deployed: Pick<Deployed, 'resources'>): number =>
  ofType(deployed, 'AWS::Lambda::Function')
    .map(({ properties }) => Number(properties['ReservedConcurrentExecutions'] ?? 0))
    .reduce((sum, reserved) => sum + reserved, 0);
