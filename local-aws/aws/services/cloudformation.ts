import type { ControlPlane, LiveStack } from '../../control-plane/control-plane.ts';
import type { Account } from '../account.ts';
import { validationError } from '../aws-error.ts';
import { type Operation, operation, type Permission } from '../operation.ts';
import { pageOf } from '../pages.ts';
import { required, text } from '../parameters.ts';
import type { XmlObject } from '../xml.ts';

const stackName = text({ min: 1, pattern: '([a-zA-Z][-a-zA-Z0-9]*)|(arn:\\b[-a-zA-Z0-9:/._+]*)' });
const NextToken = text({ min: 1, max: 1024 });
const pageSize = 100;

/** CloudFormation's operations that only read. */
export function cloudFormationOperations(plane: ControlPlane): readonly Operation[] {
  const find = (nameOrArn: string) =>
    plane.stacks.find(({ name, arn }) => name === nameOrArn || arn === nameOrArn);
  const permissionOn = (action: string, nameOrArn: string, account: Account): readonly Permission[] => [
    { action: `cloudformation:${action}`, resource: find(nameOrArn)?.arn ?? arnOf(nameOrArn, account) },
  ];
  const service = 'cloudformation' as const;
  return [
    operation({
      service,
      name: 'DescribeStacks',
      parameters: { StackName: stackName, NextToken },
      permissions: ({ StackName }, { account }) =>
        StackName === undefined
          ? [{ action: 'cloudformation:DescribeStacks', resource: '*' }]
          : permissionOn('DescribeStacks', StackName, account),
      run({ StackName }, { now }) {
        if (StackName === undefined) return { Stacks: plane.stacks.map((stack) => described(stack, now)) };
        return { Stacks: [described(known(find(StackName), StackName), now)] };
      },
    }),
    operation({
      service,
      name: 'ListStackResources',
      parameters: { StackName: required(stackName), NextToken },
      permissions: ({ StackName }, { account }) => permissionOn('ListStackResources', StackName, account),
      run: ({ StackName, NextToken: Marker }, { now }) =>
        listed(known(find(StackName), StackName), Marker, now),
    }),
    operation({
      service,
      name: 'GetTemplate',
      parameters: {
        StackName: required(stackName),
        TemplateStage: text({ values: ['Original', 'Processed'] }),
      },
      permissions: ({ StackName }, { account }) => permissionOn('GetTemplate', StackName, account),
      run({ StackName }) {
        const { template } = known(find(StackName), StackName);
        return { TemplateBody: JSON.stringify(template), StagesAvailable: ['Original', 'Processed'] };
      },
    }),
  ];
}

/** Of a stack that does not exist, as CloudFormation asks policies for it. */
const arnOf = (nameOrArn: string, { region, accountId }: Account): string =>
  nameOrArn.startsWith('arn:')
    ? nameOrArn
    : `arn:aws:cloudformation:${region}:${accountId}:stack/${nameOrArn}/*`;

function known(stack: LiveStack | undefined, nameOrArn: string): LiveStack {
  if (stack !== undefined) return stack;
  throw validationError(`Stack with id ${nameOrArn} does not exist`);
}

function described({ name, arn, status, parameters, outputs }: LiveStack, now: number): XmlObject {
  return {
    StackId: arn,
    StackName: name,
    StackStatus: status,
    CreationTime: new Date(now),
    DisableRollback: false,
    Capabilities: ['CAPABILITY_NAMED_IAM'],
    Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
  };
}

function listed({ resources }: LiveStack, Marker: string | undefined, now: number): XmlObject {
  const sorted = [...resources].sort((one, other) => (one.logicalId < other.logicalId ? -1 : 1));
  const page = pageOf('stack resources', sorted, ({ logicalId }) => logicalId, {
    Marker,
    MaxItems: pageSize,
  });
  return {
    StackResourceSummaries: page.items.map(({ logicalId, type, physicalId }) => ({
      LogicalResourceId: logicalId,
      PhysicalResourceId: physicalId,
      ResourceType: type,
      LastUpdatedTimestamp: new Date(now),
      ResourceStatus: 'CREATE_COMPLETE',
    })),
    NextToken: page.paging.Marker,
  };
}
