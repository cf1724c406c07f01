import { describe, expect, it } from 'vitest';
import { assumedRoleArn, assumedRoleOf } from '../../infra/policies/assumed-roles.ts';
import { backgroundRole, functionRole } from '../../infra/policies/function-roles.ts';
import { type AssumedRole, backgroundFunctions } from '../../shared/contract/background-functions.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import { account, allowedBy, names } from './judge.ts';

const operations = await loadOperations();
const works: readonly AssumedRole[] = ['device', 'device-read', 'audit', 'maintenance', 'recovery'];

/** Every function's role, and the one that it assumes. */
const roles = [
  ...operations.map((operation) => ({
    name: operation.name,
    role: functionRole(operation, names),
    assumes: assumedRoleOf(operation),
  })),
  ...backgroundFunctions.map((background) => ({
    name: background.name,
    role: backgroundRole(background, names),
    assumes: background.assumes,
  })),
];
const only = (...functionNames: readonly string[]) =>
  roles.map(({ name, role }) => ({ name, role, expected: functionNames.includes(name) }));

describe("a function's role", () => {
  it.each(roles)('of $name may assume the role for its work and no other', ({ role, assumes }) => {
    const may = allowedBy(role);
    for (const work of works) {
      expect(may('sts:AssumeRole', assumedRoleArn(names, work))).toBe(work === assumes);
      expect(may('sts:SetSourceIdentity', assumedRoleArn(names, work))).toBe(work === assumes);
    }
    expect(may('sts:AssumeRole', `${account}:role/admin`)).toBe(false);
    expect(may('sts:AssumeRole', assumedRoleArn({ ...names, stage: 'test' }, assumes ?? 'device'))).toBe(
      false,
    );
  });

  it('is that of a reader for each operation that only reads devices, so that its function cannot change any', () => {
    const readers = roles.filter(({ assumes }) => assumes === 'device-read').map(({ name }) => name);
    expect(readers).toEqual([
      'create-session',
      'get-me',
      'get-mfa-device',
      'list-mfa-device-tags',
      'list-mfa-devices',
    ]);
  });

  it.each(roles)('of $name may not call IAM directly', ({ role }) => {
    const may = allowedBy(role);
    const all = [
      'iam:AttachUserPolicy',
      'iam:PutUserPolicy',
      'iam:DeactivateMFADevice',
      'iam:ListMFADevices',
    ];
    for (const action of all) {
      for (const resource of ['*', `${account}:user/alice`]) expect(may(action, resource)).toBe(false);
    }
  });

  it.each(roles)('of $name may write its own log and no other', ({ name, role }) => {
    const may = allowedBy(role);
    const group = 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/mfa-self-service-live-';
    expect(may('logs:PutLogEvents', `${group}${name}:log-stream:x`)).toBe(true);
    expect(may('logs:PutLogEvents', `${group}another:log-stream:x`)).toBe(false);
    expect(may('logs:CreateLogGroup', `${group}${name}`)).toBe(false);
  });

  it.each(operations)('of $name has a name that IAM accepts', (operation) => {
    const { name, path } = functionRole(operation, { ...names, stage: 'production-eu1' });
    expect(name.length).toBeLessThanOrEqual(64);
    expect(path).toMatch(/^\/.*\/$/);
  });

  it('of an operation without calls to IAM may assume no role', () => {
    const [operation] = operations.map((any): Operation => ({ ...any, actions: [] }));
    const may = operation && allowedBy(functionRole(operation, names));
    for (const work of works) expect(may?.('sts:AssumeRole', assumedRoleArn(names, work))).toBe(false);
  });
});

describe('beyond IAM and the table', () => {
  const lambda = `arn:aws:lambda:us-east-1:${names.accountId}:function:mfa-self-service-live-`;

  const invokes: Readonly<Record<string, readonly string[]>> = {
    'approve-recovery': ['execute-recoveries'],
    'publish-events': ['notify-subject', 'report-outcome'],
  };

  it.each(roles)('$name may invoke just the functions that it starts', ({ name, role }) => {
    const may = allowedBy(role);
    for (const { name: other } of roles) {
      const starts = invokes[name]?.includes(other) === true;
      expect(may('lambda:InvokeFunction', `${lambda}${other}`)).toBe(starts);
      expect(may('lambda:InvokeFunction', `${lambda}${other}:old`)).toBe(false);
      expect(may('lambda:UpdateFunctionCode', `${lambda}${other}`)).toBe(false);
    }
    expect(may('lambda:InvokeFunction', `${lambda.replace('-live-', '-test-')}notify-subject`)).toBe(false);
  });

  const bus = `arn:aws:events:us-east-1:${names.accountId}:event-bus/default`;

  it.each(only('publish-events'))('$name may put events of our source: $expected; no others', (entry) => {
    const may = allowedBy(entry.role);
    expect(may('events:PutEvents', bus, { 'events:source': 'mfa-self-service' })).toBe(entry.expected);
    expect(may('events:PutEvents', bus, { 'events:source': 'aws.iam' })).toBe(false);
    expect(may('events:PutEvents', bus)).toBe(false);
    expect(may('events:PutEvents', `${bus}2`, { 'events:source': 'mfa-self-service' })).toBe(false);
    expect(may('events:PutRule', `arn:aws:events:us-east-1:${names.accountId}:rule/any`)).toBe(false);
  });

  const secret = `arn:aws:secretsmanager:us-east-1:${names.accountId}:secret:`;

  it.each(roles)(
    '$name may read just the secrets of ticketing that it signs or checks with',
    ({ name, role }) => {
      const may = allowedBy(role);
      const ticketing = `${secret}mfa-self-service/live/ticketing/`;
      for (const system of ['standard', 'jira', 'zendesk']) {
        const read = (ending: string) =>
          may('secretsmanager:GetSecretValue', `${ticketing}${system}${ending}`);
        expect(read('-AbCdEf')).toBe(name === 'receive-ticket');
        expect(read('-outcome-AbCdEf')).toBe(name === 'report-outcome');
        expect(may('secretsmanager:PutSecretValue', `${ticketing}${system}-AbCdEf`)).toBe(false);
      }
      for (const other of [
        'mfa-self-service/test/ticketing/jira-AbCdEf',
        'CursorSecret1-AbCdEf',
        'another',
      ]) {
        expect(may('secretsmanager:GetSecretValue', `${secret}${other}`)).toBe(false);
      }
    },
  );

  it.each(only('publish-events', 'notify-subject', 'report-outcome'))(
    '$name may put what failed into its own queue: $expected; into no other',
    ({ name, role, expected }) => {
      const may = allowedBy(role);
      const queue = `arn:aws:sqs:us-east-1:${names.accountId}:mfa-self-service-live-`;
      expect(may('sqs:SendMessage', `${queue}${name}-dead-letters`)).toBe(expected);
      expect(may('sqs:SendMessage', `${queue}operators-dead-letters`)).toBe(false);
      expect(may('sqs:ReceiveMessage', `${queue}${name}-dead-letters`)).toBe(false);
    },
  );

  const identities = `arn:aws:ses:us-east-1:${names.accountId}:identity/`;
  /** An identity can have a default one, which SES authorises as well. */
  const ownSet = `arn:aws:ses:us-east-1:${names.accountId}:configuration-set/default`;
  const from = (address: string) => ({ 'ses:FromAddress': address });

  it.each(only('notify-subject'))('$name may send mail from the sender of notices: $expected', (entry) => {
    const may = allowedBy(entry.role);
    expect(may('ses:SendEmail', `${identities}example.com`, from('mfa@example.com'))).toBe(entry.expected);
    expect(may('ses:SendEmail', ownSet, from('mfa@example.com'))).toBe(entry.expected);
    expect(may('ses:SendEmail', ownSet, from('ceo@example.com'))).toBe(false);
    expect(may('ses:SendEmail', `${identities}example.com`, from('ceo@example.com'))).toBe(false);
    expect(may('ses:SendEmail', `${identities}example.com`)).toBe(false);
    expect(may('ses:CreateEmailIdentity', `${identities}x`, from('mfa@example.com'))).toBe(false);
  });
});
