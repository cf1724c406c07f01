import { loadOperations } from '../../shared/contract/load-operations.ts';
import type { Template } from '../cloudformation/template.ts';
import { withParameters } from '../cloudformation/with-parameters.ts';
import { newDeployment } from '../template/deployments.ts';
import { serviceTemplate } from '../template/service-template.ts';
import { parameterValuesOf } from '../template/settings.ts';
import { unexplained } from './accepted.ts';
import { everySetting } from './every-setting.ts';
import { type Finding, findingsIn } from './findings.ts';

/** Audits the template with every default, and with every option in use; fails on an unexplained finding. */
async function main(): Promise<void> {
  const template = serviceTemplate(await loadOperations(), {
    code: (name) => ({ S3Bucket: 'code', S3Key: `${name}.zip` }),
    deployments: newDeployment('ApiGatewayDeployment'),
  });
  const open = [...audit('defaults', template, {}), ...audit('every option', template, everySetting)];
  if (open.length > 0) process.exitCode = 1;
}

/** Prints and returns the findings that are not explained. */
function audit(title: string, template: Template, settings: object): readonly Finding[] {
  const findings = findingsIn(withParameters(template, parameterValuesOf('live', settings)));
  const open = unexplained(findings);
  const count = `${title}: ${findings.length - open.length} findings explained, ${open.length} not`;
  process.stdout.write(`${[...open.map(lineOf), count].join('\n')}\n`);
  return open;
}

function lineOf({ rule, logicalId, detail, info }: Finding): string {
  return `${rule} ${logicalId}${detail === '' ? '' : ` [${detail}]`}\n  ${info}`;
}

await main();
