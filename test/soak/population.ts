import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import type { StackProcess } from '../support/stack-process.ts';
import { Person } from './person.ts';
import { adminKeys, selfServicePolicyArn } from './staff.ts';

/** Creates users who may call the API, each with an access key. */
export async function populate({ awsUrl }: StackProcess, size: number): Promise<readonly Person[]> {
  const iam = new IAMClient({ endpoint: awsUrl, region: 'us-east-1', credentials: adminKeys });
  const people: Person[] = [];
  for (let number = 1; number <= size; number += 1) {
    people.push(await createPerson(iam, `user${number}`, number <= size / 3));
  }
  await leaveNoRoom(iam, people.at(-1)?.userName ?? '');
  iam.destroy();
  return people;
}

/** What AWS's own example policies allow without MFA. */
const enrolment = JSON.stringify({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Action: ['iam:CreateVirtualMFADevice', 'iam:EnableMFADevice'],
    Resource: '*',
  },
});

async function createPerson(iam: IAMClient, UserName: string, mayEnrolAtIam: boolean): Promise<Person> {
  const Tags = [{ Key: 'email', Value: `${UserName}@example.com` }];
  const { User } = await iam.send(new CreateUserCommand({ UserName, Tags }));
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: selfServicePolicyArn }));
  if (mayEnrolAtIam) {
    const policy = { UserName, PolicyName: 'enrolment', PolicyDocument: enrolment };
    await iam.send(new PutUserPolicyCommand(policy));
  }
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = AccessKey ?? {};
  if (!User?.UserId || !accessKeyId || !secretAccessKey) throw new Error(`No user ${UserName}`);
  const keys = { accessKeyId, secretAccessKey };
  return new Person({ userName: UserName, userId: User.UserId, keys, mayEnrolAtIam });
}

/** Fills the quota of inline policies: this user's sessions cannot be revoked after a theft. */
async function leaveNoRoom(iam: IAMClient, UserName: string): Promise<void> {
  const Resource = `arn:aws:s3:::${'x'.repeat(1_800)}`;
  const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statement });
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'full', PolicyDocument }));
}
