import { describe, expect, it } from 'vitest';
import { parameterValues } from '../../../infra/cloudformation/parameters.ts';
import { type ParameterName, parameters } from '../../../infra/template/parameters.ts';
import { deploymentSettings } from '../../../shared/config/deployment.ts';
import { noticeSettings } from '../../../shared/config/notices.ts';
import { recoverySettings } from '../../../shared/config/recoveries.ts';
import { ticketingSettings } from '../../../shared/config/ticketing.ts';

/** Whether CloudFormation takes a value. */
function taken(name: ParameterName, value: string): boolean {
  try {
    parameterValues(parameters, { Stage: 'live', [name]: value });
    return true;
  } catch {
    return false;
  }
}

/** Whether a function starts with a value. */
function read(reader: (from: Record<string, string>) => unknown, variable: string, value: string): boolean {
  try {
    reader({ STAGE: 'live', API_ID: 'api', [variable]: value });
    return true;
  } catch {
    return false;
  }
}

const readers = {
  StepUpMaxAge: deploymentSettings,
  EnrolmentExpiresAfter: deploymentSettings,
  ResyncCoolDown: deploymentSettings,
  AllowRemovingLastDevice: deploymentSettings,
  FirstDevice: deploymentSettings,
  OtpauthIssuer: deploymentSettings,
  OtpauthLabel: deploymentSettings,
  BasePath: deploymentSettings,
  RecoveryApprovals: recoverySettings,
  RecoveryExpiresAfter: recoverySettings,
  RecoveryDailyLimit: recoverySettings,
  NoticeSender: noticeSettings,
  NoticeContact: noticeSettings,
  OutcomePrivateAddresses: ticketingSettings,
  Ticketing: ticketingSettings,
} as const satisfies Partial<Record<ParameterName, (from: Record<string, string>) => unknown>>;

const variableOf = (name: string) => name.replaceAll(/(?<!^)([A-Z])/g, '_$1').toUpperCase();
const mail = '@example.com';

/** The edges of what a parameter may be, and one beyond. */
const edges: Readonly<
  Record<keyof typeof readers, readonly [good: readonly string[], bad: readonly string[]]>
> = {
  StepUpMaxAge: [
    ['60', '129600'],
    ['59', '129601', '-1', '', 'x'],
  ],
  EnrolmentExpiresAfter: [
    ['300', '604800'],
    ['299', '604801'],
  ],
  ResyncCoolDown: [
    ['0', '604800'],
    ['-1', '604801', ''],
  ],
  AllowRemovingLastDevice: [
    ['true', 'false'],
    ['', 'yes', 'TRUE'],
  ],
  FirstDevice: [
    ['open', 'pass'],
    ['', 'closed'],
  ],
  OtpauthIssuer: [
    ['A', 'x'.repeat(64), '🔑'.repeat(64)],
    ['', 'x'.repeat(65), 'a:b'],
  ],
  OtpauthLabel: [
    ['x', 'x'.repeat(100), '🔑'.repeat(100), '{userName}{accountId}{deviceName}'],
    ['', 'x'.repeat(101), 'a:b', '{user}', '{userName', '}'],
  ],
  BasePath: [
    ['', '/mfa', '/a/b-c_d.e'],
    ['/', 'mfa', '/a b', '/a/'],
  ],
  RecoveryApprovals: [
    ['1', '2'],
    ['0', '3', '1.5'],
  ],
  RecoveryExpiresAfter: [
    ['3600', '2592000'],
    ['3599', '2592001'],
  ],
  RecoveryDailyLimit: [
    ['1', '1000'],
    ['0', '1001'],
  ],
  NoticeSender: [
    ['', `a${mail}`, `Help desk <a${mail}>`, `Büro <a${mail}>`, `${'x'.repeat(308)}${mail}`],
    [`${'x'.repeat(309)}${mail}`, `IT\nBcc: b <a${mail}>`, `IT\t<a${mail}>`, `IT\u0085x <a${mail}>`],
  ],
  NoticeContact: [
    ['x', 'x'.repeat(320), 'the desk, ☎ 1234'],
    ['', 'x'.repeat(321), 'a\nb', 'a\tb', 'a\u0000'],
  ],
  OutcomePrivateAddresses: [
    ['refuse', 'allow'],
    ['', 'true'],
  ],
  Ticketing: [
    ['', '{}', '{"jira":{}}', `{${' '.repeat(3070)}}`],
    ['[]', `{${' '.repeat(3071)}}`, 'jira'],
  ],
};

const rows = Object.entries(edges) as [keyof typeof readers, (typeof edges)[keyof typeof readers]][];

describe.each(rows)('the parameter %s', (name, [good, bad]) => {
  it.each(good)('takes "%s", as its functions do', (value) => {
    expect([taken(name, value), read(readers[name], variableOf(name), value)]).toEqual([true, true]);
  });

  it.each(bad)('refuses "%s", as its functions do', (value) => {
    expect([taken(name, value), read(readers[name], variableOf(name), value)]).toEqual([false, false]);
  });
});

it('every parameter is a text or number that says what it means, and all but the stage have a default', () => {
  for (const [name, { Description, ...parameter }] of Object.entries(parameters)) {
    expect(Description, name).toMatch(/^[A-Z].+\.$/s);
    expect('Default' in parameter, name).toBe(name !== 'Stage');
    // Nobody should have to read a pattern to know what is wrong.
    expect('AllowedPattern' in parameter, name).toBe('ConstraintDescription' in parameter);
  }
});

it('every default is one that CloudFormation takes', () => {
  expect(() => parameterValues(parameters, { Stage: 'live' })).not.toThrow();
});

it('nothing is secret, so that nothing is hidden from whoever reviews a change', () => {
  expect(JSON.stringify(parameters)).not.toContain('NoEcho');
});
