import {
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  IAMClient,
  ListMFADevicesCommand,
} from '@aws-sdk/client-iam';
import { deployment } from '../../local-aws/deployment.ts';
import type { SigningKeys } from './sign.ts';
import type { TestStack } from './stack.ts';
import { consecutiveTotps } from './totp.ts';

/** Gives a user all rights in IAM, among them those that AWS's example policies grant for one's own devices. */
export function allowIam({ account }: Pick<TestStack, 'account'>, userName: string): void {
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 'iam:*', Resource: '*' },
  });
  account.users.get(userName).inlinePolicies = [{ name: 'iam', document }];
  account.policiesChanged();
}

/** What can be tried at IAM itself with a user's keys, past the API. Each returns `done` or the error's name. */
export function iamAttempts(stack: () => Pick<TestStack, 'awsUrl' | 'clock'>, userName: string) {
  const attempt = async (keys: SigningKeys, use: (iam: IAMClient) => Promise<unknown>): Promise<string> => {
    const iam = new IAMClient({
      endpoint: stack().awsUrl,
      region: deployment.region,
      credentials: keys,
      maxAttempts: 1,
    });
    try {
      await use(iam);
      return 'done';
    } catch (error) {
      return error instanceof Error ? error.name : String(error);
    } finally {
      iam.destroy();
    }
  };
  return {
    create: (keys: SigningKeys, name: string) =>
      attempt(keys, (iam) =>
        iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: name, Path: '/thief/' })),
      ),
    enable: (keys: SigningKeys, serialNumber: string, seed: string) => {
      const { code1, code2 } = consecutiveTotps(seed, stack().clock.now());
      const codes = { AuthenticationCode1: code1, AuthenticationCode2: code2 };
      return attempt(keys, (iam) =>
        iam.send(new EnableMFADeviceCommand({ UserName: userName, SerialNumber: serialNumber, ...codes })),
      );
    },
    look: (keys: SigningKeys) =>
      attempt(keys, (iam) => iam.send(new ListMFADevicesCommand({ UserName: userName }))),
  };
}
