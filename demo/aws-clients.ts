import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { deployment } from '../local-aws/deployment.ts';
import type { ScenarioRunner, Signer } from './scenario.ts';

/** A refusal by an explicit deny. Without these words, it could be that no policy allows the call. */
export const explicitDeny = {
  code: 'AccessDenied',
  words: 'with an explicit deny in an identity-based policy',
};

/** Clients that call IAM and STS directly, bypassing the API, and print their calls. */
export function awsOf(runner: ScenarioRunner, { name, keys }: Signer) {
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  const token = sessionToken === undefined ? {} : { sessionToken };
  const options = {
    endpoint: runner.awsUrl,
    region: deployment.region,
    credentials: { accessKeyId, secretAccessKey, ...token },
    maxAttempts: 1,
  };
  const show = (service: 'iam' | 'sts', command: string | undefined, input: object) => {
    const body = { ...input, PolicyDocument: undefined };
    runner.sends({ request: `${service}:${command?.replace(/Command$/, '')}`, body, signedWith: name });
  };
  const iam = new IAMClient(options);
  const sts = new STSClient(options);
  const step = { step: 'initialize' } as const;
  iam.middlewareStack.add((next, { commandName }) => {
    return (args) => {
      show('iam', commandName, args.input);
      return next(args);
    };
  }, step);
  sts.middlewareStack.add((next, { commandName }) => {
    return (args) => {
      show('sts', commandName, args.input);
      return next(args);
    };
  }, step);
  return { iam, sts };
}
