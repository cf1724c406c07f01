import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import { atLeast, atMost, parseInput } from '../json-input.ts';
import type { Permission } from '../operation.ts';
import type { JsonOperation } from '../protocols/json-protocol.ts';
import { type Secret, type Secrets, type SecretVersion, secretNotFound } from '../secrets.ts';

const secretId = z.string().min(1, atLeast(1)).max(2048, atMost(2048));
const service = { service: 'secretsmanager', targetPrefix: 'secretsmanager' } as const;

const getInput = z.object({
  SecretId: secretId,
  VersionId: z.string().min(32, atLeast(32)).max(64, atMost(64)).nullish(),
  VersionStage: z.string().min(1, atLeast(1)).max(256, atMost(256)).nullish(),
});

const putInput = z.object({ SecretId: secretId, SecretString: z.string().max(65_536, atMost(65_536)) });

/** Secrets Manager: GetSecretValue and PutSecretValue, for text only. */
export function secretOperations(secrets: Secrets): readonly JsonOperation[] {
  const permission = (action: string, id: string, context: Permission['context'] = {}): Permission => ({
    action: `secretsmanager:${action}`,
    resource: secrets.resourceOf(id),
    context: { 'secretsmanager:SecretId': id, ...context },
  });
  return [
    {
      ...service,
      name: 'GetSecretValue',
      prepare(input) {
        const { SecretId, VersionId, VersionStage } = parseInput(getInput, input);
        const stage = { 'secretsmanager:VersionStage': VersionStage ?? 'AWSCURRENT' };
        return {
          permissions: [permission('GetSecretValue', SecretId, stage)],
          run: () => answerOf(secrets.get(SecretId), VersionId, VersionStage),
        };
      },
    },
    {
      ...service,
      name: 'PutSecretValue',
      prepare(input) {
        const { SecretId, SecretString } = parseInput(putInput, input);
        return {
          permissions: [permission('PutSecretValue', SecretId)],
          run() {
            const { name, arn } = secrets.get(SecretId);
            const { id } = secrets.put(name, SecretString);
            return { ARN: arn, Name: name, VersionId: id, VersionStages: ['AWSCURRENT'] };
          },
        };
      },
    },
  ];
}

function answerOf(secret: Secret, versionId: string | null | undefined, stage: string | null | undefined) {
  const version = versionOf(secret, versionId, stage);
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    SecretString: version.value,
    VersionStages: [...secret.stages].filter(([, { id }]) => id === version.id).map(([label]) => label),
    CreatedDate: version.createdAt / 1000,
  };
}

function versionOf(
  { stages }: Secret,
  versionId: string | null | undefined,
  stage: string | null | undefined,
): SecretVersion {
  const byId = versionId == null ? undefined : [...stages.values()].find(({ id }) => id === versionId);
  if (versionId != null && byId === undefined) throw valueNotFound(`VersionId: ${versionId}`);
  const label = stage ?? (byId === undefined ? 'AWSCURRENT' : undefined);
  const byStage = label === undefined ? undefined : stages.get(label);
  if (label !== undefined && byStage === undefined) throw valueNotFound(`staging label: ${label}`);
  if (byId !== undefined && byStage !== undefined && byId.id !== byStage.id) {
    throw new AwsError(
      'InvalidRequestException',
      'You provided a VersionStage that is not associated to the provided VersionId.',
    );
  }
  const version = byId ?? byStage;
  if (version === undefined) throw valueNotFound('staging label: AWSCURRENT');
  return version;
}

function valueNotFound(what: string): AwsError {
  return secretNotFound(`Secrets Manager can't find the specified secret value for ${what}`);
}
