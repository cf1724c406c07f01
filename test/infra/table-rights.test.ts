import { describe, expect, it } from 'vitest';
import { backgroundRole, functionRole } from '../../infra/policies/function-roles.ts';
import { backgroundFunctions } from '../../shared/contract/background-functions.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { tableIndexes, tableItems } from '../../shared/contract/table.ts';
import { allowedBy, names, table } from './judge.ts';

const operations = await loadOperations();

const roles = [
  ...operations.map((operation) => ({ ...operation, role: functionRole(operation, names) })),
  ...backgroundFunctions.map((background) => ({ ...background, role: backgroundRole(background, names) })),
].map(({ name, table: rights, role }) => ({ name, rights, may: allowedBy(role) }));

const leaseAttributes = ['pk', 'holder', 'heldUntil', 'ttl'];
const userAttributes = ['guard', 'pass', 'recoveryUnderWay', 'creations', 'resyncs', 'recent'] as const;

/** The conditions of a request for items of one kind that names these attributes. */
const on = (kind: keyof typeof tableItems, attributes: readonly string[] = ['pk']) => ({
  'dynamodb:LeadingKeys': `${tableItems[kind]}x`,
  'dynamodb:Attributes': attributes,
});
const only = (select: string) => ({ 'dynamodb:Select': select });

describe('the rights of a function to the table', () => {
  it.each(roles)('let $name change items of users only under the lease, and never replace one', (entry) => {
    const { may, rights } = entry;
    const isGranted = rights.lease !== undefined;
    expect(may('dynamodb:UpdateItem', table, on('user', leaseAttributes))).toBe(isGranted);
    for (const attribute of userAttributes) {
      const context = on('user', [...leaseAttributes, attribute]);
      expect(may('dynamodb:UpdateItem', table, context), attribute).toBe(
        rights.lease?.includes(attribute) === true,
      );
    }
    expect(may('dynamodb:UpdateItem', table, on('user', ['pk', 'anything']))).toBe(false);
    expect(may('dynamodb:PutItem', table, on('user', leaseAttributes))).toBe(false);
  });

  it.each(roles)('let $name read the guard of a user, and nothing else of them', ({ may, rights }) => {
    const isGranted = rights.guard !== undefined;
    const named = { ...on('user', ['pk', 'guard']), ...only('SPECIFIC_ATTRIBUTES') };
    expect(may('dynamodb:GetItem', table, named)).toBe(isGranted);
    expect(may('dynamodb:GetItem', table, { ...named, ...on('user', ['pk', 'pass']) })).toBe(false);
    expect(may('dynamodb:GetItem', table, { ...named, ...only('ALL_ATTRIBUTES') })).toBe(false);
    expect(may('dynamodb:GetItem', table, { ...named, ...on('user', []) })).toBe(false);
  });

  it.each(roles)('let $name count, and neither read nor set, codes and requests', ({ may, rights }) => {
    for (const [kind, counter] of [
      ['codes', 'submissions'],
      ['requests', 'count'],
    ] as const) {
      const context = on(kind, ['pk', counter, 'ttl']);
      expect(may('dynamodb:UpdateItem', table, context)).toBe(rights[kind] !== undefined);
      expect(may('dynamodb:PutItem', table, context)).toBe(false);
      expect(may('dynamodb:GetItem', table, context)).toBe(false);
    }
  });

  it.each(roles)('let $name read, write and find recoveries as it needs', ({ may, rights }) => {
    const { recovery = [] } = rights;
    expect(may('dynamodb:GetItem', table, on('recovery'))).toBe(recovery.includes('get'));
    expect(may('dynamodb:PutItem', table, on('recovery'))).toBe(recovery.includes('put'));
    expect(may('dynamodb:UpdateItem', table, on('recovery'))).toBe(false);
    for (const index of ['byState', 'bySubject', 'byDue'] as const) {
      expect(may('dynamodb:Query', `${table}/index/${index}`)).toBe(recovery.includes(index));
      expect(may('dynamodb:Scan', `${table}/index/${index}`)).toBe(false);
    }
  });

  it.each(roles)('end for $name at its own items and its own table', ({ may }) => {
    const actions = ['GetItem', 'PutItem', 'UpdateItem'].map((action) => `dynamodb:${action}`);
    const kinds = Object.keys(tableItems) as (keyof typeof tableItems)[];
    for (const action of actions) {
      for (const kind of kinds) {
        const context = { ...on(kind), ...only('SPECIFIC_ATTRIBUTES') };
        const besideAnother = { ...context, 'dynamodb:LeadingKeys': [`${tableItems[kind]}x`, 'another#x'] };
        expect(may(action, table, besideAnother)).toBe(false);
        expect(may(action, `${table}-of-another`, context)).toBe(false);
      }
      expect(may(action, table)).toBe(false);
      expect(may(action, table, { 'dynamodb:LeadingKeys': [] })).toBe(false);
      expect(may(action, table, { 'dynamodb:LeadingKeys': 'another#x' })).toBe(false);
    }
  });

  it.each(roles)('have nothing for $name that scans, deletes, or writes many items', ({ may }) => {
    const all = ['Scan', 'Query', 'DeleteItem', 'BatchWriteItem', 'PartiQLUpdate', 'BatchGetItem'];
    for (const action of all) {
      for (const prefix of Object.values(tableItems)) {
        expect(may(`dynamodb:${action}`, table, { 'dynamodb:LeadingKeys': `${prefix}x` })).toBe(false);
      }
    }
  });

  it('keep functions that issue passes from making recoveries, and those that decide from users’ passes', () => {
    const rightsOf = (wanted: string) => roles.find(({ name }) => name === wanted)?.rights;
    expect(rightsOf('issue-enrolment-pass')?.recovery).toEqual(['get']);
    for (const name of ['approve-recovery', 'deny-recovery', 'cancel-recovery', 'object-to-recovery']) {
      expect(rightsOf(name)?.lease ?? []).not.toContain('pass');
      expect(rightsOf(name)?.lease ?? []).not.toContain('guard');
    }
  });

  it('leave lifting the guard to the enrolment of a first device and to executions', () => {
    const lifting = roles.filter(({ rights }) => rights.lease?.includes('guard')).map(({ name }) => name);
    expect(lifting).toEqual(['enable-first-mfa-device', 'execute-recoveries']);
  });

  it('name only indexes that the table has', () => {
    for (const { rights } of roles) {
      const indexes = (rights.recovery ?? []).filter((right) => right !== 'get' && right !== 'put');
      for (const index of indexes) expect(Object.keys(tableIndexes)).toContain(index);
    }
  });
});
