import { parseArgs } from 'node:util';
import { explain } from '../../shared/lib/explain.ts';
import { runPreflight } from './run.ts';

const usage = `Usage: npm run preflight -- [--stage <name>] [--region <region>] [--profile <name>] [--restore-policy]

Says what a deployment would stumble over, which settings it would change, and what somebody changed by hand since the
last one. Only reads, with the permissions in infra/deployer/preflight.json.

  --stage           the stage; dev by default
  --region          the Region; us-east-1 by default
  --profile         a profile of the AWS CLI, also as --aws-profile
  --restore-policy  prints the command that puts a changed resource policy back

Exit status: 0 if nothing must be put right; otherwise 1.`;

const text = { type: 'string' } as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      stage: { ...text, short: 's', default: 'dev' },
      region: { ...text, short: 'r', default: 'us-east-1' },
      ...{ profile: text, 'aws-profile': text },
      ...{ 'restore-policy': { type: 'boolean' }, help: { type: 'boolean' } },
    },
  });
  if (values.help) return print(usage);
  const { stage, region } = values;
  const profile = values.profile ?? values['aws-profile'];
  const { toFix } = await runPreflight(
    {
      ...{ stage, region, restorePolicy: values['restore-policy'] === true },
      ...(profile !== undefined && { profile }),
    },
    print,
  );
  process.exitCode = toFix > 0 ? 1 : 0;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n\n${usage}\n`);
  process.exitCode = 1;
});
