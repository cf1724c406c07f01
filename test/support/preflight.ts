import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import { type Aws, awsClients, closeClients } from '../../infra/preflight/aws.ts';
import type { Finding } from '../../infra/preflight/finding.ts';
import { type Deployment, preflight } from '../../infra/preflight/preflight.ts';
import { lineOf } from '../../infra/preflight/report.ts';
import { parameterValuesOf, settingName } from '../../infra/template/settings.ts';
import { deployment } from '../../local-aws/deployment.ts';
import { localParameters } from '../../local-aws/parameters.ts';
import { startControlPlane, type TestControlPlane } from './control-plane.ts';

const { region, stackName, stage } = deployment;
const origin = 'https://portal.example.com';

/** The settings of the deployment, as a settings file would have them. */
const settings = {
  ...Object.fromEntries(
    Object.entries(localParameters)
      .filter(([name]) => name !== 'Stage')
      .map(([name, value]) => [settingName(name), value]),
  ),
  allowedOrigins: origin,
};

/** A deployment for all tests of a file, each of which finds it untouched, and the preflight that looks at it. */
export function preflightOfLocalAws() {
  let aws: Aws;
  let local: TestControlPlane;
  beforeAll(async () => {
    local = await startControlPlane({ parameters: { AllowedOrigins: origin } });
    vi.stubEnv('AWS_ENDPOINT_URL', local.url);
    vi.stubEnv('AWS_ACCESS_KEY_ID', local.keys.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', local.keys.secretAccessKey);
    aws = awsClients({ region });
  });
  beforeEach(() => local.reset());
  afterAll(() => {
    closeClients(aws);
    local.close();
    vi.unstubAllEnvs();
  });

  async function findings(
    changed: object = {},
    options: Partial<Deployment> = {},
  ): Promise<readonly Finding[]> {
    const values = parameterValuesOf(stage, { ...settings, ...changed });
    return Array.fromAsync(preflight(aws, { region, stackName, values, ...options }));
  }

  return {
    get local() {
      return local;
    },
    /** With other settings than it was deployed with. */
    findings,
    /** What is not as it should be, as it is printed. */
    async faults(...args: Parameters<typeof findings>): Promise<readonly string[]> {
      return (await findings(...args)).filter(({ verdict }) => verdict !== 'ok').map(lineOf);
    },
  };
}
