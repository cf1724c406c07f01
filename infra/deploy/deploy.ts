import { parseArgs } from 'node:util';
import type { Summary } from '../preflight/report.ts';
import type { RunOptions } from '../preflight/run.ts';

export interface DeploySteps {
  readonly preflight: (options: RunOptions) => Promise<Pick<Summary, 'toFix' | 'notChecked'>>;
  /** @returns its exit status */
  readonly osls: (args: readonly string[]) => Promise<number>;
  readonly print: (line: string) => void;
}

const skip = '--skip-preflight';

/**
 * Deploys with osls, which gets all options, unless the preflight says that something must be put right first. What the
 * preflight could not look at may be a changed policy, so that stops it too.
 * @returns the exit status
 */
export async function deploy(args: readonly string[], steps: DeploySteps): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    // The others are for osls to judge.
    strict: false,
    options: {
      stage: { ...text, short: 's', default: 'dev' },
      region: { ...text, short: 'r', default: 'us-east-1' },
      'aws-profile': text,
      param: { ...text, multiple: true },
    },
  });
  const { stage, region, 'aws-profile': profile, param } = values;
  if (param !== undefined) {
    steps.print(`Put settings into config/${stage}.yml: --param is not used.`);
    return 1;
  }
  if (args.includes(skip)) {
    steps.print(
      'Without preflight: if somebody changed the resource policy by hand, this deployment publishes it.',
    );
  } else {
    const options = { stage: String(stage), region: String(region) };
    const refusal = refusalOf(
      await steps.preflight({ ...options, ...(typeof profile === 'string' && { profile }) }),
    );
    if (refusal !== undefined) {
      steps.print(refusal);
      return 1;
    }
  }
  return steps.osls(['deploy', ...args.filter((arg) => arg !== skip)]);
}

function refusalOf({ toFix, notChecked }: Pick<Summary, 'toFix' | 'notChecked'>): string | undefined {
  if (toFix > 0) return `Not deployed: put this right first. ${skip} deploys nevertheless (docs/operate.md).`;
  if (notChecked === 0) return undefined;
  return `Not deployed, since not everything could be checked. ${skip} deploys nevertheless (docs/operate.md).`;
}
