import { describe, expect, it } from 'vitest';
import { deploy } from '../../../infra/deploy/deploy.ts';
import type { RunOptions } from '../../../infra/preflight/run.ts';

async function run(args: readonly string[], result = { toFix: 0, notChecked: 0 }) {
  const done: { looked: RunOptions[]; deployed: (readonly string[])[]; printed: string[] } = {
    looked: [],
    deployed: [],
    printed: [],
  };
  const status = await deploy(args, {
    preflight: async (options) => {
      done.looked.push(options);
      return result;
    },
    osls: async (oslsArgs) => {
      done.deployed.push(oslsArgs);
      return 7;
    },
    print: (line) => done.printed.push(line),
  });
  return { ...done, status };
}

describe('npm run deploy', () => {
  it('looks where osls will deploy, and tells osls everything', async () => {
    const args = [
      '--stage',
      'prod',
      '--region=eu-west-1',
      '--aws-profile',
      'pipeline',
      '--verbose',
      '--force',
    ];
    const { looked, deployed, status } = await run(args);
    expect(looked).toEqual([{ stage: 'prod', region: 'eu-west-1', profile: 'pipeline' }]);
    expect(deployed).toEqual([['deploy', ...args]]);
    expect(status).toBe(7);
  });

  it('has the defaults of serverless.yml, and osls’ short options', async () => {
    expect((await run([])).looked).toEqual([{ stage: 'dev', region: 'us-east-1' }]);
    expect((await run(['-s', 'prod', '-r', 'eu-west-1'])).looked).toEqual([
      { stage: 'prod', region: 'eu-west-1' },
    ]);
  });

  it.each([
    ['something must be put right', { toFix: 1, notChecked: 0 }],
    ['something could not be looked at', { toFix: 0, notChecked: 1 }],
  ])('does not deploy if %s', async (_, result) => {
    const { deployed, status, printed } = await run(['--stage', 'prod'], result);
    expect(deployed).toEqual([]);
    expect(status).toBe(1);
    expect(printed).toEqual([expect.stringMatching(/^Not deployed.*--skip-preflight/)]);
  });

  it('deploys without looking if told to, and says what may happen', async () => {
    const { looked, deployed, printed } = await run(['--skip-preflight', '--stage', 'prod'], {
      toFix: 1,
      notChecked: 0,
    });
    expect(looked).toEqual([]);
    expect(deployed).toEqual([['deploy', '--stage', 'prod']]);
    expect(printed).toEqual([expect.stringContaining('this deployment publishes it')]);
  });

  it('takes no parameters past the settings file', async () => {
    const { looked, deployed, status, printed } = await run(['--stage', 'prod', '--param=stepUpMaxAge=9']);
    expect([looked, deployed, status]).toEqual([[], [], 1]);
    expect(printed).toEqual(['Put settings into config/prod.yml: --param is not used.']);
  });
});
