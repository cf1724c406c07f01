import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Place } from '../cloudformation/template.ts';

/** Clients of the services that are asked. */
export interface Aws {
  readonly apiGateway: APIGatewayClient;
  readonly cloudFormation: CloudFormationClient;
  readonly lambda: LambdaClient;
  readonly sts: STSClient;
}

export interface AwsOptions {
  readonly region: string;
  /** A profile of the AWS CLI; otherwise whatever the environment has. */
  readonly profile?: string;
}

export function awsClients({ region, profile }: AwsOptions): Aws {
  const options = { region, ...(profile !== undefined && { profile }) };
  return {
    apiGateway: new APIGatewayClient(options),
    cloudFormation: new CloudFormationClient(options),
    lambda: new LambdaClient(options),
    sts: new STSClient(options),
  };
}

export function closeClients(aws: Aws): void {
  for (const client of Object.values(aws)) client.destroy();
}

/** Where the credentials lead. */
export interface Destination extends Pick<Place, 'accountId' | 'region' | 'partition' | 'urlSuffix'> {
  readonly callerArn: string;
}

/** Source: "AWS::URLSuffix", CloudFormation user guide; the others are those of the commercial Regions. */
const urlSuffixes: Readonly<Record<string, string>> = {
  'aws-cn': 'amazonaws.com.cn',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
};

/** @param callerArn from which the partition is told */
export function destinationOf(callerArn: string, accountId: string, region: string): Destination {
  const partition = callerArn.split(':')[1] ?? '';
  return { accountId, callerArn, region, partition, urlSuffix: urlSuffixes[partition] ?? 'amazonaws.com' };
}

export async function ownDestination({ sts }: Aws, region: string): Promise<Destination> {
  const { Account, Arn } = await sts.send(new GetCallerIdentityCommand());
  if (Account === undefined || Arn === undefined) throw new Error('STS did not say whose keys these are.');
  return destinationOf(Arn, Account, region);
}
