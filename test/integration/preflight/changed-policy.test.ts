import { describe, expect, it } from 'vitest';
import { deployment } from '../../../local-aws/deployment.ts';
import { preflightOfLocalAws } from '../../support/preflight.ts';

const deployed = preflightOfLocalAws();
const { faults } = deployed;

type Policy = { Version: string; Statement: Record<string, unknown>[] };

/** Changes the live policy as somebody with the console would. */
function changePolicy(edit: (policy: Policy) => void): void {
  const policy = JSON.parse(deployed.local.api.policy ?? '') as Policy;
  edit(policy);
  deployed.local.api.policy = JSON.stringify(policy);
}

const firstStatement = 'DenyUsersWithoutMfa';
const change = (sid: string, elements: object) =>
  changePolicy(({ Statement }) => Object.assign(Statement.find(({ Sid }) => Sid === sid) ?? {}, elements));

const sids = [
  'DenyUsersWithoutMfa',
  'DenyUsersWithOldMfa',
  'DenyAllButUsersAndRoles',
  'AllowAnonymousRoutes',
  'AllowUnsignedPreflights',
];

describe('the resource policy', () => {
  it('has the statements that these tests change', () => {
    changePolicy(({ Statement }) => expect(Statement.map(({ Sid }) => Sid)).toEqual(sids));
  });

  it.each(sids)('is told to lack %s', async (sid) => {
    changePolicy((policy) => {
      policy.Statement = policy.Statement.filter(({ Sid }) => Sid !== sid);
    });
    expect(await faults()).toEqual([
      expect.stringMatching(`^differs +resource policy\n +statement ${sid} was removed\n.*by hand`),
    ]);
  });

  it.each<[string, (policy: Policy) => void, string]>([
    [
      'a statement that allows everything',
      ({ Statement }) => Statement.push({ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }),
      'a statement without Sid (Allow *) was added',
    ],
    [
      'a Deny that became an Allow',
      ({ Statement }) => Object.assign(Statement[0] ?? {}, { Effect: 'Allow' }),
      `statement ${firstStatement} was changed: Effect`,
    ],
    [
      'an older session that counts as recent',
      ({ Statement }) =>
        Object.assign(Statement[1] ?? {}, {
          Condition: {
            StringEquals: { 'aws:PrincipalType': 'User' },
            NumericGreaterThanIfExists: { 'aws:MultiFactorAuthAge': '90000' },
          },
        }),
      'statement DenyUsersWithOldMfa was changed: Condition',
    ],
    [
      'one resource less',
      ({ Statement }) =>
        Object.assign(Statement[0] ?? {}, { Resource: [Statement[0]?.['Resource']].flat().slice(1) }),
      `statement ${firstStatement} was changed: Resource`,
    ],
    [
      'a denial of one principal only',
      ({ Statement }) => Object.assign(Statement[0] ?? {}, { Principal: { AWS: '123456789012' } }),
      `statement ${firstStatement} was changed: Principal`,
    ],
    [
      'the version in which variables mean nothing',
      (policy) => {
        policy.Version = '2008-10-17';
      },
      'Version is 2008-10-17, not 2012-10-17',
    ],
  ])('is told to have %s', async (_, edit, expected) => {
    changePolicy(edit);
    expect((await faults())[0]).toContain(expected);
    expect(await faults()).toHaveLength(1);
  });

  it('is told to be gone', async () => {
    deployed.local.api.policy = undefined;
    expect(await faults()).toEqual([expect.stringContaining('The policy was removed')]);
  });

  it('is put back by a command that is printed and not run', async () => {
    change(firstStatement, { Effect: 'Allow' });
    const tampered = deployed.local.api.policy;
    const [fault] = await faults({}, { restorePolicy: true });
    const [, operations = ''] = /--patch-operations '(.*)'$/.exec(fault ?? '') ?? [];
    const [{ op, path, value }] = JSON.parse(operations);
    expect([op, path, deployed.local.api.policy]).toEqual(['replace', '/policy', tampered]);
    // The short form, which API Gateway expands itself.
    const apiArn = `arn:aws:execute-api:${deployment.region}:123456789012:${deployed.local.api.id}`;
    deployed.local.api.policy = value.replaceAll('execute-api:/', `${apiArn}/`);
    expect(await faults()).toEqual([]);
  });
});
