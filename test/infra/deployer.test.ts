import { describe, expect, it } from 'vitest';
import { cloudFormationCalls } from '../../infra/deployer/cloudformation-calls.ts';
import { differences, parseResourceSchema } from '../../infra/deployer/compare-schemas.ts';
import { permissionsNotNeeded } from '../../infra/deployer/not-needed.ts';
import { assumedRoleArn } from '../../infra/policies/assumed-roles.ts';
import { evaluate } from '../../local-aws/policy/evaluate.ts';
import type { PolicyDocument, Statement } from '../../local-aws/principal.ts';
import { accountId, type Call, here } from './deployer/call.ts';
import { commandsOfOsls, oslsCommands, oslsCommandsNotUsed } from './deployer/osls-commands.ts';
import { callsFor, typesOfTemplate } from './deployer/template-calls.ts';
import { policyFiles, ways } from './deployer/ways.ts';

type Policies = typeof policyFiles;

/** All calls by the ways to deploy, each only once. */
const calls = Object.entries(ways).map(([name, way]) => {
  const made = way.stack === '' ? [] : callsFor(way);
  const unique = new Map([...way.own, ...made].map((call) => [`${call.action} ${call.resource}`, call]));
  return { name, files: way.files, calls: [...unique.values()] };
});

function isAllowed({ action, resource }: Call, documents: readonly PolicyDocument[]): boolean {
  const context = { 'iam:PassedToService': 'lambda.amazonaws.com' };
  return evaluate({ action, resource, principal: undefined, context }, documents) === 'allow';
}

/** Whether any of the files allows it. */
const isGranted = (action = '', resource = ''): boolean =>
  isAllowed({ action, resource, why: '' }, Object.values(policyFiles));

/** What the policies keep a deployment from. */
function refused(policies: Policies, concerns: (call: Call) => boolean = () => true): readonly string[] {
  return calls.flatMap(({ name, files, calls: all }) => {
    const documents = files.flatMap((file) => policies[file] ?? []);
    return all
      .filter((call) => concerns(call) && !isAllowed(call, documents))
      .map(({ action, resource, why }) => `${name} may not ${action} ${resource} (${why})`);
  });
}

/** Each permission that a statement names, and each of several resources, with the policies that lack only it. */
const mutants = Object.entries(policyFiles).flatMap(([file, document]) =>
  [document.Statement]
    .flat()
    .flatMap((statement) => [
      ...[statement.Action ?? []].flat().map((taken) => mutant(file, statement, 'Action', taken)),
      ...severalResources(statement).map((taken) => mutant(file, statement, 'Resource', taken)),
    ]),
);

/** A statement without its only resource is one without all of its permissions. */
function severalResources({ Resource = [] }: Statement): readonly string[] {
  return typeof Resource === 'string' || Resource.length === 1 ? [] : Resource;
}

function mutant(file: string, statement: Statement, element: 'Action' | 'Resource', taken: string) {
  const rest = [statement[element] ?? []].flat().filter((value) => value !== taken);
  const left = rest.length === 0 ? [] : [{ ...statement, [element]: rest }];
  const all = [policyFiles[file]?.Statement ?? []].flat();
  return {
    ...{ file, sid: statement.Sid, taken },
    concerns: { Statement: { Effect: 'Allow', Action: '*', Resource: '*', [element]: taken } as const },
    without: {
      ...policyFiles,
      [file]: { Statement: all.flatMap((one) => (one === statement ? left : [one])) },
    },
  };
}

describe('the deployer’s permissions', () => {
  it('are known for every type of the template, and for no other', () => {
    expect(Object.keys(cloudFormationCalls).sort()).toEqual([...typesOfTemplate].sort());
  });

  it('suffice for every call that deploying makes', () => {
    expect(refused(policyFiles)).toEqual([]);
  });

  it.each(mutants)('need $taken, says $sid of $file', ({ concerns, without }) => {
    expect(refused(without, (call) => isAllowed(call, [concerns]))).not.toEqual([]);
  });

  it('do not include what our resources never need', () => {
    const everyCall = calls.flatMap((way) => way.calls);
    const needed = new Set(everyCall.map(({ action }) => action));
    for (const { types: ofTypes, actions } of permissionsNotNeeded) {
      const concerned = everyCall.filter(({ why }) => ofTypes.some((type) => why.startsWith(`${type} `)));
      const granted = actions
        .filter((action) => !needed.has(action))
        .flatMap((action) => [...new Set(concerned.map(({ resource }) => `${action} ${resource}`))])
        .filter((call) => isGranted(...call.split(' ')));
      expect(granted).toEqual([]);
    }
  });

  it.each(Object.entries(policyFiles))(
    'fit the limit of a managed policy, in every partition: %s',
    (_, policy) => {
      expect(JSON.stringify(policy).replaceAll('arn:aws:', 'arn:aws-us-gov:').length).toBeLessThanOrEqual(
        6144,
      );
    },
  );

  const names = {
    partition: 'aws',
    region: 'eu-west-1',
    accountId,
    stage: 'prod',
    tableName: 'table',
    noticeSender: '',
  };
  const secret = here('secretsmanager', 'secret:mfa-self-service/prod/ticketing/jira-AbCdEf');

  it.each([
    ['iam:PutRolePolicy', `arn:aws:iam::${accountId}:role/admin`],
    ['iam:PassRole', `arn:aws:iam::${accountId}:role/admin`],
    ['iam:PassRole', assumedRoleArn(names, 'recovery')],
    ['iam:CreateUser', `arn:aws:iam::${accountId}:user/intruder`],
    ['iam:EnableMFADevice', `arn:aws:iam::${accountId}:user/alice`],
    ['iam:DetachUserPolicy', `arn:aws:iam::${accountId}:user/alice`],
    ['iam:AttachRolePolicy', `arn:aws:iam::${accountId}:role/mfa-self-service/prod/prod-get-me`],
    ['sts:AssumeRole', assumedRoleArn(names, 'recovery')],
    ['secretsmanager:GetSecretValue', secret],
    ['secretsmanager:PutSecretValue', secret],
    ['secretsmanager:GetSecretValue', here('secretsmanager', 'secret:another')],
    ['sqs:SendMessage', here('sqs', 'mfa-self-service-prod-notify-subject-dead-letters')],
    ['lambda:InvokeFunction', here('lambda', 'function:mfa-self-service-prod-get-me')],
    ['dynamodb:PutItem', here('dynamodb', 'table/mfa-self-service-prod-Table-1ABC')],
    ['s3:PutObject', 'arn:aws:s3:::another/x.zip'],
    ['cloudformation:DeleteStack', here('cloudformation', 'stack/another/1b2c')],
  ])('do not include %s on %s', (action, resource) => {
    expect(isGranted(action, resource)).toBe(false);
  });

  it('pass the functions’ roles to Lambda only', () => {
    const resource = `arn:aws:iam::${accountId}:role/mfa-self-service/prod/prod-get-me`;
    const request = { action: 'iam:PassRole', resource, principal: undefined };
    const all = Object.values(policyFiles);
    expect(evaluate({ ...request, context: { 'iam:PassedToService': 'ec2.amazonaws.com' } }, all)).toBe(
      'implicit-deny',
    );
  });

  it('change nothing during preflight', () => {
    const actions = [policyFiles['preflight']?.Statement ?? []].flat().flatMap(({ Action = [] }) => Action);
    for (const action of actions) expect(action).toMatch(/:(GET|Get|List|Describe)/);
  });
});

describe('the calls of osls', () => {
  it('are all known, and those listed are made', () => {
    const notUsed = Object.values(oslsCommandsNotUsed).flatMap((commands) => commands.split(' '));
    expect([...Object.keys(oslsCommands), ...notUsed].sort()).toEqual([...commandsOfOsls()].sort());
  });
});

describe('npm run deployer:schemas', () => {
  const schema = (permissions: readonly string[], tagging: readonly string[] = []) =>
    parseResourceSchema(
      JSON.stringify({
        typeName: 'AWS::Some::Thing',
        handlers: { create: { permissions }, list: { permissions: ['some:ListThings'] } },
        tagging: { permissions: tagging },
      }),
    );
  const lists = {
    calls: { 'AWS::Some::Thing': [{ actions: ['some:CreateThing', 'some:Get*'], on: 'itself' as const }] },
    notNeeded: [{ types: ['AWS::Some::Thing'], actions: ['kms:*'], why: 'it has no key' }],
  };

  it('finds nothing if every permission is called for or spared', () => {
    const schemas = [schema(['some:CreateThing', 'Some:GetThing', 'kms:Decrypt'])];
    expect(differences(schemas, lists)).toEqual([]);
  });

  it.each([
    [
      'a permission that neither list has',
      ['some:CreateThing', 'kms:Decrypt', 'some:PutThing'],
      [],
      'some:PutThing',
    ],
    ['one for tagging', ['kms:Decrypt'], ['some:TagThing'], 'some:TagThing'],
    ['what is spared needlessly', ['some:CreateThing'], [], 'nothing needs to be spared as kms:*'],
  ])('names %s', (_, permissions, tagging, named) => {
    expect(differences([schema(permissions, tagging)], lists)).toEqual([expect.stringContaining(named)]);
  });

  it('names a type without schema', () => {
    expect(differences([], { ...lists, notNeeded: [] })).toEqual(['AWS::Some::Thing: there is no schema']);
  });
});
