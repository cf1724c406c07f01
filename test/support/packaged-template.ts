import type { Template } from '../../infra/cloudformation/template.ts';
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
