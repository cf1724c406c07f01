import { describe, expect, it } from 'vitest';
import { assumedRoleArn, isSelfService } from '../../infra/policies/assumed-roles.ts';
import { backgroundRole, functionRole } from '../../infra/policies/function-roles.ts';
import { type AssumedRole, backgroundFunctions } from '../../shared/contract/background-functions.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import { type TableItem, tableItems } from '../../shared/contract/table.ts';
import { account, allowedBy, names, table } from './judge.ts';

const operations = await loadOperations();
const works: readonly AssumedRole[] = ['device', 'audit', 'maintenance', 'recovery'];

/** Every function's role, and what it should reach. */
const roles = [
  ...operations.map((operation) => ({
    name: operation.name,
    role: functionRole(operation, names),
    items: [...operation.table, ...(operation.readsTable ?? [])],
    writes: operation.audit === undefined ? [] : operation.table,
    assumes:
      operation.actions.length === 0
        ? undefined
        : isSelfService(operation)
          ? ('device' as const)
          : ('audit' as const),
  })),
  ...backgroundFunctions.map((background) => ({
    name: background.name,
    role: backgroundRole(background, names),
    items: background.table,
    writes: background.onlyReads === true ? [] : background.table,
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

  const kinds = Object.entries(tableItems).map(([item, prefix]) => ({ item, prefix }));

  it.each(roles)('of $name reaches only its own kinds of items', ({ role, items, writes }) => {
    const may = allowedBy(role);
    for (const { item, prefix } of kinds) {
      const reached = items.some((own: TableItem) => own === item);
      const written = writes.some((own: TableItem) => own === item);
      const one = { 'dynamodb:LeadingKeys': `${prefix}x` };
      expect(may('dynamodb:GetItem', table, one)).toBe(reached);
      expect(may('dynamodb:PutItem', table, one)).toBe(written);
      expect(may('dynamodb:UpdateItem', table, one)).toBe(written);
      const besideAnother = { 'dynamodb:LeadingKeys': [`${prefix}x`, 'another#x'] };
      expect(may('dynamodb:GetItem', table, besideAnother)).toBe(false);
      expect(may('dynamodb:GetItem', `${table}-of-another`, one)).toBe(false);
    }
  });

  it.each(roles)('of $name may not scan the table, delete from it or write outside its keys', ({ role }) => {
    const may = allowedBy(role);
    for (const { prefix } of kinds) {
      const one = { 'dynamodb:LeadingKeys': `${prefix}x` };
      for (const action of ['Scan', 'Query', 'DeleteItem', 'BatchWriteItem', 'PartiQLUpdate']) {
        expect(may(`dynamodb:${action}`, table, one)).toBe(false);
      }
    }
    expect(may('dynamodb:GetItem', table)).toBe(false);
    expect(may('dynamodb:UpdateItem', table, { 'dynamodb:LeadingKeys': [] })).toBe(false);
  });

  it.each(roles)('of $name queries the indexes only if it handles recoveries', (entry) => {
    const may = allowedBy(entry.role);
    for (const index of ['byState', 'bySubject', 'byDue']) {
      expect(may('dynamodb:Query', `${table}/index/${index}`)).toBe(entry.items.includes('recovery'));
    }
    expect(may('dynamodb:Scan', `${table}/index/byState`)).toBe(false);
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

  it.each(only('notify-subject'))('$name may send mail: $expected', ({ role, expected }) => {
    const may = allowedBy(role);
    expect(may('ses:SendEmail', `arn:aws:ses:us-east-1:${names.accountId}:identity/example.com`)).toBe(
      expected,
    );
    expect(may('ses:CreateEmailIdentity', `arn:aws:ses:us-east-1:${names.accountId}:identity/x`)).toBe(false);
  });
});
