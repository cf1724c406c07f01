import { resolveTemplate } from '../../infra/cloudformation/resolve.ts';
import type { Place, ResolvedTemplate, Template } from '../../infra/cloudformation/template.ts';
import { withParameters } from '../../infra/cloudformation/with-parameters.ts';
import { newDeployment } from '../../infra/template/deployments.ts';
import { serviceTemplate } from '../../infra/template/service-template.ts';
import { parameterValuesOf } from '../../infra/template/settings.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';

/** The template as it is deployed, with its code nowhere. */
export const writtenTemplate: Template = serviceTemplate(await loadOperations(), {
  code: (name) => ({ S3Bucket: 'code-bucket', S3Key: `release/${name}.zip` }),
  deployments: newDeployment('ApiGatewayDeployment1'),
});

/** The template with the settings of a stage in place of its parameters. */
export const templateOf = (stage: string, settings: object = {}): Template =>
  withParameters(writtenTemplate, parameterValuesOf(stage, settings));

/** Settings that switch on whatever can be. */
export const everything = {
  allowedOrigins: ['https://portal.example.com', 'http://localhost:5173'],
  ticketing: { jira: { outcomeUrl: 'https://tickets.example.com/mfa' }, zendesk: {} },
  noticeSender: 'MFA <mfa@example.com>',
  operatorTopicArn: 'arn:aws:sns:eu-west-1:123456789012:operators',
  alarmTopicArn: 'arn:aws:sns:eu-west-1:123456789012:alarms',
  reservedConcurrency: 5,
  permissionsBoundaryArn: 'arn:aws:iam::123456789012:policy/boundary',
};

/** Where the tests resolve it. */
export const place: Place = {
  accountId: '123456789012',
  region: 'eu-west-1',
  partition: 'aws',
  urlSuffix: 'amazonaws.com',
  stackName: 'mfa-self-service-live',
  apiId: 'api123',
};

/** What CloudFormation makes of the template with the settings of a stage. */
export const resolvedOf = (
  stage: string,
  settings: object = {},
  where: Partial<Place> = {},
): ResolvedTemplate =>
  resolveTemplate(writtenTemplate, {
    parameters: parameterValuesOf(stage, settings),
    place: { ...place, ...where },
  });

/** The properties of all resources of a type, by logical id. */
export const propertiesOf = ({ resources }: ResolvedTemplate, type: string): Map<string, Properties> =>
  new Map(
    Object.entries(resources).flatMap(([id, resource]) =>
      resource.type === type ? [[id, resource.properties]] : [],
    ),
  );

type Properties = Readonly<Record<string, unknown>>;
