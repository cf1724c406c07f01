import { describe, expect, it } from 'vitest';
import { assumedRoleArn, assumedRoleOf } from '../../../infra/policies/assumed-roles.ts';
import { functionId } from '../../../infra/template/logical-ids.ts';
import { enrolmentHoldArn, functionName } from '../../../infra/template/resource-names.ts';
import { deploymentSettings } from '../../../shared/config/deployment.ts';
import { noticeSettings } from '../../../shared/config/notices.ts';
import { recoverySettings } from '../../../shared/config/recoveries.ts';
import { ticketingSettings } from '../../../shared/config/ticketing.ts';
import { backgroundFunctions } from '../../../shared/contract/background-functions.ts';
import { loadOperations } from '../../../shared/contract/load-operations.ts';
import { place, resolvedOf } from '../../support/packaged-template.ts';

const operations = await loadOperations();
const stage = 'live';
const all = [...operations, ...backgroundFunctions];
const names = all.map(({ name }) => name);

/** The environment of every function, by name. */
const environmentsOf = ({ resources }: ReturnType<typeof resolvedOf>) =>
  new Map<string, Readonly<Record<string, string>>>(
    names.map((name) => [name, Object(resources[functionId(name)]?.properties['Environment']).Variables]),
  );

const resolved = resolvedOf(stage, { stepUpMaxAge: 600 });
const environments = environmentsOf(resolved);
const variablesOf = (name: string) => environments.get(name) ?? {};

/** The names of the functions that have a variable. */
const having = (variable: string) => names.filter((name) => Object.hasOwn(variablesOf(name), variable));

describe('the settings of the functions', () => {
  it.each(all)('of $name include the common ones', ({ name }) => {
    const variables = variablesOf(name);
    const { FIRST_DEVICE, RESYNC_COOL_DOWN, ...read } = deploymentSettings(variables);
    expect(Object.keys(variables)).toEqual(expect.arrayContaining(Object.keys(read)));
    expect(variables).toMatchObject({
      STAGE: stage,
      API_ID: place.apiId,
      STEP_UP_MAX_AGE: '600',
      ALLOWED_ORIGINS: '',
    });
  });

  const assumers = [
    ...operations.map((operation) => ({ name: operation.name, assumes: assumedRoleOf(operation) })),
    ...backgroundFunctions,
  ];

  it.each(assumers)('of $name name the role it assumes and no other', ({ name, assumes }) => {
    const named = Object.entries(variablesOf(name)).filter(([variable]) => variable.endsWith('_ROLE_ARN'));
    const variable = assumes === 'device-read' ? 'DEVICE_ROLE_ARN' : `${assumes?.toUpperCase()}_ROLE_ARN`;
    expect(named).toEqual(
      assumes === undefined ? [] : [[variable, assumedRoleArn({ ...place, stage }, assumes)]],
    );
  });

  it('name the table for functions that have rights to it', () => {
    const users = all.filter(({ table }) => Object.keys(table).length > 0).map(({ name }) => name);
    expect(having('TABLE_NAME').sort()).toEqual(users.sort());
    for (const name of users) expect(variablesOf(name)['TABLE_NAME']).toBe(resolved.resources['Table']?.ref);
  });

  it('have the key of the cursors where lists are given out', () => {
    const lists = ['list-mfa-devices', 'list-my-recoveries', 'list-recoveries'];
    expect(having('CURSOR_KEY').sort()).toEqual(lists);
    const secret = resolved.resources['CursorSecret']?.ref;
    for (const name of lists) {
      expect(variablesOf(name)['CURSOR_KEY']).toBe(`{{resolve:secretsmanager:${secret}:SecretString:key1}}`);
    }
  });

  it('name the endpoints of STS where users get sessions', () => {
    expect(having('STS_ENDPOINT')).toEqual(['create-session', 'get-me']);
    expect(variablesOf('get-me')).toMatchObject({
      STS_ENDPOINT: 'https://sts.eu-west-1.amazonaws.com',
      STS_OTHER_ENDPOINTS: 'https://sts.amazonaws.com',
    });
  });

  it('name only the Region’s endpoint of STS where there is no global one', () => {
    const china = { partition: 'aws-cn', region: 'cn-northwest-1', urlSuffix: 'amazonaws.com.cn' };
    expect(environmentsOf(resolvedOf(stage, {}, china)).get('get-me')).toMatchObject({
      STS_ENDPOINT: 'https://sts.cn-northwest-1.amazonaws.com.cn',
      STS_OTHER_ENDPOINTS: '',
    });
  });

  it.each(['get-health', 'get-docs', 'get-openapi', 'get-portal'])(
    'of %s, which anyone may call, hold no key and name no role and no table',
    (name) => {
      const suspicious = Object.keys(variablesOf(name)).filter((variable) =>
        /KEY|SECRET|ROLE|ARN|TABLE|TICKETING|EXECUTOR|STS/.test(variable),
      );
      expect(suspicious).toEqual([]);
    },
  );

  it('name the hold for functions that attach or detach it', () => {
    expect(having('ENROLMENT_HOLD_ARN')).toEqual(
      expect.arrayContaining(['enable-first-mfa-device', 'execute-recoveries']),
    );
    for (const name of having('ENROLMENT_HOLD_ARN')) {
      expect(variablesOf(name)['ENROLMENT_HOLD_ARN']).toBe(enrolmentHoldArn({ ...place, stage }));
    }
  });

  it('say when a first device needs a pass, for functions that check or request one', () => {
    expect(having('FIRST_DEVICE')).toEqual(
      expect.arrayContaining([
        'create-first-mfa-device',
        'enable-first-mfa-device',
        'receive-ticket',
        'request-recovery',
      ]),
    );
  });

  it.each([
    ['RECOVERY_ROLE_ARN', ['execute-recoveries']],
    ['MAINTENANCE_ROLE_ARN', ['delete-expired-devices']],
    ['EXECUTOR_NAME', ['approve-recovery']],
    ['TICKETING', ['receive-ticket', 'request-recovery', 'report-outcome']],
    ['OUTCOME_PRIVATE_ADDRESSES', ['report-outcome']],
    ['NOTICE_SENDER', ['notify-subject']],
    ['NOTICE_CONTACT', ['notify-subject']],
    ['NOTIFIER_NAME', ['publish-events']],
    ['REPORTER_NAME', ['publish-events']],
  ])('give %s only to functions that need it', (variable, owners) => {
    expect(having(variable).sort()).toEqual([...owners].sort());
  });

  it('give the recovery rules to all recovery functions', () => {
    const concerned = all.filter(({ table }) => table.recovery !== undefined).map(({ name }) => name);
    for (const name of ['RECOVERY_APPROVALS', 'RECOVERY_EXPIRES_AFTER', 'RECOVERY_DAILY_LIMIT']) {
      expect(concerned).toEqual(expect.arrayContaining(having(name)));
      expect(having(name)).toEqual(expect.arrayContaining(['request-recovery', 'approve-recovery']));
    }
  });

  it('name the function that executes recoveries', () => {
    expect(variablesOf('approve-recovery')['EXECUTOR_NAME']).toBe(functionName(stage, 'execute-recoveries'));
  });
});

describe('the defaults of the parameters', () => {
  const byDefault = environmentsOf(resolvedOf(stage));

  it.each([
    ['create-first-mfa-device', deploymentSettings],
    ['approve-recovery', recoverySettings],
    ['notify-subject', noticeSettings],
    ['report-outcome', ticketingSettings],
  ] as const)('are those of the functions, as %s reads them', (name, read) => {
    const { STAGE = '', API_ID = '', EXECUTOR_NAME = '' } = byDefault.get(name) ?? {};
    expect(read(byDefault.get(name) ?? {})).toEqual(read({ STAGE, API_ID, EXECUTOR_NAME }));
  });
});

describe('an environment', () => {
  const bytesOf = (variables: Readonly<Record<string, string>>) =>
    Buffer.byteLength(Object.entries(variables).flat().join(''));
  const padded = (settings: object, bytes: number) => {
    const text = JSON.stringify(settings);
    return text.replace('{', `{${' '.repeat(bytes - Buffer.byteLength(text))}`);
  };
  const longest = {
    ticketing: padded({ jira: { outcomeUrl: 'https://tickets.example.com/' } }, 3072),
    allowedOrigins: Array.from({ length: 20 }, (_, index) => `https://p${index + 10}.example.com`),
    noticeContact: 'x'.repeat(320),
    noticeSender: `${'x'.repeat(200)} <${'x'.repeat(105)}@example.com>`,
    recoveryExpiresAfter: 2_592_000,
    enrolmentExpiresAfter: 604_800,
    stepUpMaxAge: 129_600,
    resyncCoolDown: 604_800,
  };
  const stageName = 'a-stage-of-20-letter';
  const where = {
    partition: 'aws-us-gov',
    region: 'ap-southeast-2',
    stackName: `mfa-self-service-${stageName}`,
  };

  it('fits in Lambda’s 4 KB with the longest settings', () => {
    const sizes = [...environmentsOf(resolvedOf(stageName, longest, where)).values()].map(bytesOf);
    expect(Math.max(...sizes)).toBeGreaterThan(3900);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4096);
  });

  it('fits if texts have all the bytes that they may have together, and not one more', () => {
    const others = longest.allowedOrigins.join().length + 'AWS'.length;
    const otpauthLabel = 'x'.repeat(3640 - 3072 - others);
    const sizes = [
      ...environmentsOf(resolvedOf(stageName, { ...longest, otpauthLabel }, where)).values(),
    ].map(bytesOf);
    expect(Math.max(...sizes)).toBeGreaterThan(4000);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4096);
    expect(() => resolvedOf(stageName, { ...longest, otpauthLabel: `${otpauthLabel}x` })).toThrow(
      'ticketing, allowedOrigins, basePath, otpauthIssuer, otpauthLabel have 3641 bytes together',
    );
  });
});
