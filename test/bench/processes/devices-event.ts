import { seededAccessKeyId } from '../../../local-aws/aws/seed.ts';
import { apiEvent } from '../../support/api-event.ts';

const path = '/v1/me/mfa-devices';

/** Bob's request for the list of his devices, as API Gateway hands it to the function. */
export const devicesEvent = (
  userId: string,
  { accountId, apiId, stage }: Readonly<Record<'accountId' | 'apiId' | 'stage', string>>,
) =>
  apiEvent({
    resource: path,
    path,
    identity: {
      accessKey: seededAccessKeyId('bob'),
      userArn: `arn:aws:iam::${accountId}:user/bob`,
      user: userId,
    },
    requestContext: { apiId, stage, path: `/${stage}${path}` },
  });
