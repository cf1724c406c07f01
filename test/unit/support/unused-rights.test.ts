import { describe, expect, it } from 'vitest';
import type { Use } from '../../../local-aws/aws/uses.ts';
import { rolesOf } from '../../../local-aws/cloudformation/iam.ts';
import { loadOperations } from '../../../shared/contract/load-operations.ts';
import { deployed, tableName } from '../../support/deployed.ts';
import { unusedRights } from '../../support/unused-rights.ts';

const operations = await loadOperations();
const roles = rolesOf(deployed.resolved);
const none = unusedRights(roles, operations, []);
const table = `arn:aws:dynamodb:us-east-1:123456789012:table/${tableName}`;

const use = (changes: Partial<Use>): Use => ({
  role: 'local-request-recovery',
  from: undefined,
  action: 'dynamodb:GetItem',
  resource: table,
  context: {},
  ...changes,
});

/** What is no longer unused after this use. */
const usedBy = (changes: Partial<Use>) => {
  const left = new Set(unusedRights(roles, operations, [use(changes)]));
  return none.filter((right) => !left.has(right));
};

describe('rights that no test used', () => {
  it('are those of functions’ roles, of the roles that they assume, and of contracts', () => {
    expect(none).toEqual(
      expect.arrayContaining([
        `local-request-recovery: dynamodb:GetItem on ${table} with guard`,
        'mfa-self-service-local-recovery: iam:PutUserPolicy on arn:aws:iam::123456789012:user/*',
        'the contract of get-me: iam:ListMFADevices with the role device-read',
      ]),
    );
  });

  it('leave out what the local AWS does not do with a role’s credentials', () => {
    expect(none.filter((right) => /(logs|xray):/.test(right))).toEqual([]);
  });

  it('are used by attribute', () => {
    const context = {
      'dynamodb:LeadingKeys': ['user#'],
      'dynamodb:Attributes': ['pk', 'guard'],
      'dynamodb:Select': ['SPECIFIC_ATTRIBUTES'],
    };
    expect(usedBy({ context })).toEqual([
      `local-request-recovery: dynamodb:GetItem on ${table} with pk`,
      `local-request-recovery: dynamodb:GetItem on ${table} with guard`,
    ]);
  });

  it.each([
    ['another role', { role: 'local-get-me' }],
    ['another action', { action: 'dynamodb:PutItem' }],
    ['another table', { resource: `${table}-2` }],
    ['items of another kind', { context: { 'dynamodb:LeadingKeys': ['codes#'] } }],
  ])('are not used by %s', (_, changes) => {
    const context = { 'dynamodb:LeadingKeys': ['recovery#'], 'dynamodb:Attributes': ['pk'] };
    const used = `local-request-recovery: dynamodb:GetItem on ${table}`;
    expect(usedBy({ context })).toEqual([used]);
    expect(usedBy({ context, ...changes })).not.toContain(used);
  });

  it('of a contract are used by the role that its function assumes', () => {
    const role = 'mfa-self-service-local-device-read';
    const listing = { role, action: 'iam:ListMFADevices', resource: 'arn:aws:iam::123456789012:user/bob' };
    expect(usedBy({ ...listing, from: 'local-get-me' })).toEqual([
      `${role}: iam:ListMFADevices on arn:aws:iam::123456789012:user/*`,
      'the contract of get-me: iam:ListMFADevices with the role device-read',
    ]);
  });
});
