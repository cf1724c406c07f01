import { randomInt } from 'node:crypto';
import * as z from 'zod';
import type { ResolvedTemplate } from '../../infra/cloudformation/template.ts';
import { flag, ignored, integer, resourcesOf } from './properties.ts';

const secretProperties = z.strictObject({
  Name: z.exactOptional(z.string()),
  GenerateSecretString: z
    .strictObject({
      PasswordLength: integer.default(32),
      ExcludePunctuation: flag.default(false),
      SecretStringTemplate: z.exactOptional(z.string()),
      GenerateStringKey: z.exactOptional(z.string()),
    })
    .refine(
      ({ SecretStringTemplate, GenerateStringKey }) =>
        (SecretStringTemplate === undefined) === (GenerateStringKey === undefined),
      { error: 'must have both SecretStringTemplate and GenerateStringKey, or neither' },
    ),
  Description: ignored('for people'),
});

type Generator = z.output<typeof secretProperties>['GenerateSecretString'];

export interface DeployedSecret {
  readonly name: string;
  readonly arn: string;
  /** As Secrets Manager would generate it when it creates the secret. */
  readonly generate: () => string;
}

export const secretsOf = (resolved: Pick<ResolvedTemplate, 'resources'>): readonly DeployedSecret[] =>
  resourcesOf(resolved, 'AWS::SecretsManager::Secret', secretProperties).map(({ ref, properties }) => ({
    name: ref.replace(/^.*:secret:/, '').slice(0, -'-abcdef'.length),
    arn: ref,
    generate: () => generated(properties.GenerateSecretString),
  }));

const lettersAndDigits = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

function generated({ PasswordLength, ExcludePunctuation, ...within }: Generator): string {
  const alphabet = ExcludePunctuation ? lettersAndDigits : lettersAndDigits + punctuation;
  const password = Array.from({ length: PasswordLength }, () => alphabet[randomInt(alphabet.length)]).join(
    '',
  );
  const { SecretStringTemplate, GenerateStringKey } = within;
  if (SecretStringTemplate === undefined || GenerateStringKey === undefined) return password;
  return JSON.stringify({ ...JSON.parse(SecretStringTemplate), [GenerateStringKey]: password });
}
