import { backgroundFunctions } from '../../shared/contract/background-functions.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import type { ParameterValues } from '../template/settings.ts';
import { concurrency, logRole, whoDeploys } from './account.ts';
import { methodsFinding, responsesFinding } from './api-methods.ts';
import { apiFindings } from './api-policy.ts';
import { stageFindings } from './api-stage.ts';
import { type Aws, ownDestination } from './aws.ts';
import { type Deployed, deployedOf, reservedBy } from './deployed.ts';
import type { Finding } from './finding.ts';
import { functionsFinding } from './functions.ts';
import { settingChanges } from './settings.ts';
import { stackState } from './stack.ts';

export interface Deployment {
  readonly region: string;
  readonly stackName: string;
  /** The parameters to deploy with. */
  readonly values: ParameterValues;
  /** Whether to tell the command that puts back a policy which somebody changed. */
  readonly restorePolicy?: boolean;
}

/** Looks for whatever a deployment would stumble over or publish unknowingly. Only reads. */
export async function* preflight(
  aws: Aws,
  { region, stackName, values, restorePolicy = false }: Deployment,
): AsyncGenerator<Finding> {
  const destination = await ownDestination(aws, region);
  yield whoDeploys(destination);
  yield logRole(aws, destination);
  const { finding, stack } = await stackState(aws, stackName);
  yield finding;
  let deployed: Deployed | undefined;
  if (stack !== undefined) {
    yield settingChanges(values, stack.parameters);
    const read = await deployedOf(aws, { ...destination, stackName }, stack);
    if ('refused' in read) yield read.refused;
    else deployed = read.deployed;
  }
  yield concurrency(aws, {
    each: Number(values.ReservedConcurrency),
    functions: (await loadOperations()).length + backgroundFunctions.length,
    already: deployed === undefined ? 0 : reservedBy(deployed),
  });
  if (deployed === undefined) return;
  yield* await apiFindings(aws, deployed, { destination, restore: restorePolicy });
  yield methodsFinding(aws, deployed);
  yield responsesFinding(aws, deployed);
  yield* await stageFindings(aws, deployed, destination);
  yield functionsFinding(aws, deployed);
}
