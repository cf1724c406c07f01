import { beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../../infra/preflight/finding.ts';
import { lineOf, summaryOf } from '../../../infra/preflight/report.ts';
import { deployment } from '../../../local-aws/deployment.ts';
import { startControlPlane } from '../../support/control-plane.ts';
import { preflightOfLocalAws } from '../../support/preflight.ts';

const { region, stackName } = deployment;
const deployed = preflightOfLocalAws();
const { findings, faults } = deployed;

describe('an untouched deployment', () => {
  it('is all ok', async () => {
    const found = await findings();
    expect(found.map(({ verdict, check }) => `${verdict}: ${check}`)).toEqual([
      `ok: account 123456789012, Region ${region}, partition aws`,
      'ok: role for the logs of API Gateway',
      `ok: stack ${stackName}`,
      'ok: settings',
      'ok: reserved concurrency',
      'ok: resource policy',
      'ok: API',
      'ok: methods',
      'ok: gateway responses',
      'ok: served deployment',
      'ok: stage settings',
      'ok: functions',
    ]);
    expect(summaryOf(found)).toMatchObject({ text: '12 ok, 0 to fix, 0 not checked', toFix: 0 });
  });

  it('is only read', async () => {
    await findings();
    const operations = [...new Set(deployed.local.trail.events().map(({ operation }) => operation))].sort();
    expect(operations).toEqual([
      'DescribeStacks',
      'GetAccount',
      'GetCallerIdentity',
      'GetFunctionConfiguration',
      'GetGatewayResponses',
      'GetResources',
      'GetRestApi',
      'GetStage',
      'GetTemplate',
      'ListStackResources',
    ]);
    expect(deployed.local.trail.events().filter(({ errorCode }) => errorCode !== undefined)).toEqual([]);
  });

  it('is recognised by ids that name the API too', async () => {
    const { id } = deployed.local.api;
    deployed.local.stack.resources = deployed.local.stack.resources.map((resource) => ({
      ...resource,
      ...(/::(Deployment|Stage)$/.test(resource.type) && { physicalId: `${id}|${resource.physicalId}` }),
      ...(/::Resource$/.test(resource.type) && { physicalId: `${resource.physicalId}|${id}` }),
    }));
    expect(await faults()).toEqual([]);
  });

  it('is told without the key for cursors', async () => {
    const keys = deployed.local.plane.functions.flatMap(
      ({ Environment }) => Environment.Variables['CURSOR_KEY'] ?? [],
    );
    expect(keys.length).toBeGreaterThan(0);
    for (const lambda of deployed.local.plane.functions) lambda.Environment.Variables = { ADDED: 'a secret' };
    const text = (await findings()).map(lineOf).join('\n');
    for (const secret of [...keys, 'a secret']) expect(text).not.toContain(secret);
  });
});

describe('before the first deployment', () => {
  beforeEach(() => {
    deployed.local.plane.stacks = [];
    deployed.local.plane.apis = [];
    deployed.local.plane.functions = [];
  });

  it('only the account is looked at', async () => {
    const found = await findings();
    expect(found.map(({ verdict }) => verdict)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(lineOf(found[2] as Finding)).toContain('first deployment');
  });

  it('a missing role for the logs is named, with the commands that make it', async () => {
    deployed.local.plane.cloudwatchRoleArn = undefined;
    const [fault] = await faults();
    expect(fault).toMatch(/^missing +role for the logs/);
    expect(fault).toContain(`aws apigateway update-account --region ${region}`);
  });

  it.each([
    [23, 1000, undefined],
    [24, 1000, /24 for each of 38 functions would leave 88 unreserved.*\n.*at most 23/],
    [1, 10, /would leave -28 unreserved.*\n.*Leave reservedConcurrency out/],
  ])('%i executions for each function of %i are judged', async (each, limit, expected) => {
    deployed.local.plane.concurrency = { limit, unreserved: limit };
    const found = await faults({ reservedConcurrency: each });
    if (expected === undefined) expect(found).toEqual([]);
    else expect(found).toEqual([expect.stringMatching(expected)]);
  });
});

describe('the stack', () => {
  it.each([
    ['REVIEW_IN_PROGRESS', 'aws cloudformation delete-stack'],
    ['ROLLBACK_COMPLETE', 'aws cloudformation delete-stack'],
    ['CREATE_FAILED', 'aws cloudformation delete-stack'],
    ['DELETE_FAILED', 'aws cloudformation delete-stack'],
    ['UPDATE_IN_PROGRESS', 'Wait'],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'Wait'],
    ['DELETE_IN_PROGRESS', 'Wait'],
    ['UPDATE_ROLLBACK_FAILED', 'continue-update-rollback'],
  ])('cannot be deployed over while it is %s', async (status, advice) => {
    deployed.local.stack.status = status;
    const [fault, ...others] = await faults();
    expect(fault).toMatch(new RegExp(`^differs +stack ${stackName}\n +${status}\n`));
    expect(fault).toContain(advice);
    expect(others).toEqual([]);
  });

  it('is not compared while nobody knows what there is', async () => {
    deployed.local.stack.status = 'ROLLBACK_COMPLETE';
    expect((await findings()).map(({ check }) => check)).not.toContain('resource policy');
  });

  it.each(['UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'])('can be while it is %s', async (status) => {
    deployed.local.stack.status = status;
    expect(await faults()).toEqual([]);
  });

  it('tells every setting that would change', async () => {
    const { OtpauthIssuer: _, ...parameters } = deployed.local.stack.parameters;
    deployed.local.stack.parameters = {
      ...parameters,
      StepUpMaxAge: '600',
      Removed: 'x',
      NoticeSender: 'a@example.com',
    };
    const found = await findings({ noticeSender: '' });
    const { verdict, lines } = found.find(({ check }) => check === 'settings') ?? {};
    expect(verdict).toBe('changes');
    expect(lines).toEqual([
      'stepUpMaxAge: 600 → 900 (default)',
      'otpauthIssuer: new setting → AWS (default)',
      'noticeSender: a@example.com → none (default)',
      'removed: x → no setting any more',
    ]);
  });

  it('of a version without parameters is compared nevertheless', async () => {
    const { template, parameters } = deployed.local.stack;
    const Parameters = Object.fromEntries(
      Object.entries(template.Parameters).map(([name, parameter]) => [
        name,
        { ...parameter, Default: parameters[name] ?? '' },
      ]),
    );
    Object.assign(deployed.local.stack, { template: { ...template, Parameters }, parameters: {} });
    expect(await faults()).toEqual([expect.stringMatching(/^changes +settings\n.*without parameters/)]);
    deployed.local.api.policy = deployed.local.api.policy?.replace('"Deny"', '"Allow"');
    expect(await faults()).toHaveLength(2);
  });

  it('has reserved what need not be free', async () => {
    const reserving = await startControlPlane({ parameters: { ReservedConcurrency: '20' } });
    deployed.local.stack.template = reserving.stack.template;
    deployed.local.stack.parameters = { ...deployed.local.stack.parameters, ReservedConcurrency: '20' };
    reserving.close();
    deployed.local.plane.concurrency = { limit: 1000, unreserved: 240 };
    const check = (found: readonly Finding[]) => found.find((one) => one.check === 'reserved concurrency');
    expect(check(await findings({ reservedConcurrency: 23 }))?.verdict).toBe('ok');
    expect(check(await findings({ reservedConcurrency: 24 }))?.verdict).toBe('differs');
  });

  it('is not compared with a template that cannot be read', async () => {
    deployed.local.stack.template = { ...deployed.local.stack.template, Conditions: {} };
    const found = await faults();
    expect(found).toEqual([expect.stringMatching(/^not checked +deployed template\n.*cannot be compared/)]);
  });
});

describe('whoever lacks a permission', () => {
  it.each([
    ['::/account', ['role for the logs of API Gateway'], {}],
    ['cloudformation:DescribeStacks', [`stack ${stackName}`], {}],
    ['cloudformation:GetTemplate', ['deployed template'], {}],
    ['cloudformation:ListStackResources', ['deployed template'], {}],
    ['::/restapis/', ['resource policy', 'methods', 'gateway responses', 'served deployment'], {}],
    ['lambda:GetFunctionConfiguration', ['functions'], {}],
    ['lambda:GetAccountSettings', ['reserved concurrency'], { reservedConcurrency: 1 }],
  ])('such as on %s is told so', async (permission, checks, changed) => {
    deployed.local.allow((policy) =>
      policy.replaceAll(permission, permission.replace(/[a-zA-Z/]+$/, 'Nothing/')),
    );
    const found = await findings(changed);
    const open = found.filter(({ verdict }) => verdict === 'not checked');
    expect(open.map(({ check }) => check)).toEqual(checks);
    for (const { lines } of open) expect(lines[0]).toMatch(/^it needs [a-z]+:.*preflight\.json/);
  });

  it('is not told so for another failure', async () => {
    deployed.local.plane.apis = [];
    await expect(findings()).rejects.toThrow('Invalid API identifier');
  });
});
