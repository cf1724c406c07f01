import { noValue } from './intrinsics.ts';
import { madeUpUuid } from './made-up.ts';
import type { Place } from './template.ts';

export const pseudoParameters = [
  'AWS::AccountId',
  'AWS::NoValue',
  'AWS::NotificationARNs',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
] as const;

/** Source: "Get AWS values using pseudo parameters", CloudFormation user guide. */
export function pseudoValues(place: Place): Readonly<Record<(typeof pseudoParameters)[number], unknown>> {
  const { accountId, region, partition, urlSuffix, stackName } = place;
  const id = madeUpUuid(place, 'AWS::StackId');
  return {
    'AWS::AccountId': accountId,
    'AWS::NoValue': noValue,
    'AWS::NotificationARNs': [],
    'AWS::Partition': partition,
    'AWS::Region': region,
    'AWS::StackId': `arn:${partition}:cloudformation:${region}:${accountId}:stack/${stackName}/${id}`,
    'AWS::StackName': stackName,
    'AWS::URLSuffix': urlSuffix,
  };
}
