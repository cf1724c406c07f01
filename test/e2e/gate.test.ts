import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { useApi, type Who } from '../support/e2e.ts';
import {
  bobsSeed,
  codesNow,
  createFurther,
  enrolFirst,
  formsOfBobsPhone,
  stepUp,
} from '../support/e2e-flows.ts';
import { type GatedRequest, gatedRequests, lettingIn, provesNoGate, sendTo } from '../support/e2e-gate.ts';
import type { Answer } from '../support/http.ts';
import type { SigningKeys } from '../support/sign.ts';
import { userKeys, userSession } from '../support/stack.ts';

const api = useApi();
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const operations = await loadOperations();
const gated = operations.filter(({ gate }) => gate === 'second-factor').map(({ name }) => name);
/** Who may call an operation by their own policies: bob, or the administrator for operations of staff. */
const insiderOf = (name: string): string =>
  operations.some((operation) => operation.name === name && operation.audience.includes('self-service'))
    ? 'bob'
    : 'admin';
const signed = operations.filter(({ gate }) => gate !== 'anonymous').map(({ name }) => name);
const selfService = signed.filter((name) => insiderOf(name) === 'bob');

// Bob has an active device, and a pending one to enable with credentials that must not suffice.
let requests: readonly GatedRequest[];
let before: string;
beforeEach(async () => {
  const pending = await createFurther(api, stepUp(api, 'bob'), 'spare');
  requests = await gatedRequests(api, pending);
  before = api.devices();
});

const requestOf = (operation: string): GatedRequest => {
  const request = requests.find((candidate) => candidate.operation === operation);
  if (request === undefined) throw new Error(`${operation} is not gated`);
  return request;
};

describe.each(gated)('%s', (operation) => {
  it('lets in a session with fresh MFA, so the refusals below prove the gate', async () => {
    const answer = await sendTo(api, stepUp(api, insiderOf(operation)), requestOf(operation));
    expect(provesNoGate(answer), answer.text).toBe(true);
  });

  // The administrator's own policies allow everything, so only the gate can refuse.
  it.each<[string, () => Who]>([
    ['long-term keys', () => 'admin'],
    ['a session without MFA', () => userSession(api.stack, 'admin')],
  ])('refuses %s, however the path is spelled', async (_keys, who) => {
    expect(await lettingIn(api, who(), requestOf(operation))).toEqual([]);
    expect(api.devices()).toBe(before);
  });

  it.each<[string, () => Who]>([
    ["its user's long-term keys", () => 'bob'],
    ["another user's long-term keys", () => 'alice'],
    ['a session without MFA', () => userSession(api.stack, 'bob')],
    ['a session with MFA 901 s old', () => sessionOfAge('bob', 901)],
    ["an administrator's session with old MFA", () => sessionOfAge('admin', 901)],
  ])('refuses %s, and says how to step up', async (_keys, who) => {
    const answer = await sendTo(api, who(), requestOf(operation));
    expect(answer.json()).toMatchObject({ status: 403, code: 'access-denied', maxAgeSeconds: 900 });
    expect(answer.json().detail).toContain('POST /v1/me/sessions');
    expect(api.devices()).toBe(before);
  });

  it('lets in a session with MFA 885 s old', async () => {
    const answer = await sendTo(api, sessionOfAge(insiderOf(operation), 885), requestOf(operation));
    expect(provesNoGate(answer), answer.text).toBe(true);
  });

  it('refuses a test-invoke from the console, which checks neither signature nor policy', async () => {
    const { method, path, query, body } = requestOf(operation);
    for (const keys of [userKeys('bob'), userSession(api.stack, 'bob')]) {
      const known = api.stack.account.resolve(keys.accessKeyId, keys.sessionToken);
      if (!('principal' in known)) throw new Error('These keys are known.');
      const answer = await api.stack.gateway.testInvoke({
        ...{
          method,
          target: `${path}${query}`,
          body: JSON.stringify(body ?? ''),
          principal: known.principal,
        },
        headers: { 'Content-Type': 'application/json' },
      });
      expect(answer.status).toBe(403);
      expect(JSON.parse(answer.body.toString())).toMatchObject({ code: 'access-denied' });
    }
    expect(api.devices()).toBe(before);
  });

  it('trusts no header about the caller', async () => {
    const { userId, arn } = api.stack.account.users.get('bob');
    const identity = { userArn: arn, user: userId, accessKey: 'ASIALOCALBOB00000001' };
    const forged = {
      'X-Amzn-Iam-User-Arn': arn,
      'X-Amzn-RequestContext': JSON.stringify({ identity }),
      'X-Forwarded-User': 'bob',
      'Cognito-Identity-Id': userId,
    };
    const byKeys = await sendTo(api, 'dora', requestOf(operation), undefined, forged);
    expect(byKeys.json()).toMatchObject({ status: 403, code: 'access-denied' });
    // Her own session gets her in, but only as herself.
    await sendTo(api, stepUp(api, 'dora'), requestOf(operation), undefined, forged);
    expect(devicesOfBob(api.devices())).toBe(devicesOfBob(before));
  });
});

/** The devices in bob's path. */
function devicesOfBob(devices: string): string {
  const all: readonly { readonly serialNumber: string }[] = JSON.parse(devices);
  return JSON.stringify(all.filter(({ serialNumber }) => serialNumber.includes('/bob/')));
}

describe('a method override', () => {
  it.each(['X-HTTP-Method-Override', 'X-Method-Override'])('by %s lets no one in', async (header) => {
    const attempts = [...new Set(requests.map(({ path }) => path))].flatMap((path) =>
      methods.flatMap((sent) => methods.map((override) => ({ path, sent, override }))),
    );
    const session = userSession(api.stack, 'admin');
    for (const who of ['admin', session]) {
      const answers = await Promise.all(
        attempts.map(async ({ path, sent, override }) => {
          const meant = requests.find((request) => request.path === path && request.method === override);
          const target = `${path}${meant?.query ?? ''}`;
          const answer = await api.fetch(who, sent, target, meant?.body, { [header]: override });
          return { path, sent, override, answer };
        }),
      );
      expect(answers.filter(({ answer }) => provesNoGate(answer))).toEqual([]);
    }
    expect(api.devices()).toBe(before);
  });
});

describe("another user's device", () => {
  it('is out of reach for every id form and operation, even with MFA', async () => {
    await enrolFirst(api, 'alice', 'mine');
    const session = stepUp(api, 'alice');
    const pending = await createFurther(api, session, 'new');
    for (const [, id] of formsOfBobsPhone) {
      const addressed = await gatedRequests(api, { name: id, seed: bobsSeed });
      const replacing = {
        ...{
          operation: 'enable-mfa-device',
          method: 'PUT',
          path: '/v1/mfa-devices/new/activation',
          query: '',
        },
        body: { ...codesNow(api, pending.seed), replaces: id },
      };
      for (const request of [...addressed.filter(({ path }) => path.includes(id)), replacing]) {
        const answer = await sendTo(api, session, request);
        expect(answer.status, `${request.operation} ${id}: ${answer.text}`).toBeGreaterThanOrEqual(400);
      }
    }
    expect(devicesOfBob(api.devices())).toBe(devicesOfBob(before));
    expect(api.activeDevices('alice')).toHaveLength(1);
  });
});

describe('every operation', () => {
  const targetOf = (name: string) => {
    const { method = '', path = '' } = operations.find((operation) => operation.name === name) ?? {};
    return { method, target: path.replaceAll(/\{\w+\}/g, 'spare') };
  };

  it.each(signed)('%s refuses an unsigned request', async (name) => {
    const { method, target } = targetOf(name);
    const answer = await api.send(method, target, { 'Content-Type': 'application/json' }, '{}');
    expect(answer.json()).toMatchObject({ status: 403, code: 'unauthenticated' });
  });

  describe.each([
    ['without a policy', undefined],
    ['that may invoke anything', 'execute-api:Invoke'],
  ])('refuses a role %s', (_policy, action) => {
    let keys: SigningKeys;
    beforeAll(async () => {
      keys = await assumeApprover(action);
    });

    it.each(selfService)('%s', async (name) => {
      const { method, target } = targetOf(name);
      const body =
        requests.find(({ operation }) => operation === name)?.body ?? (method === 'GET' ? undefined : {});
      const answer = await api.fetch(keys, method, target, body);
      expect(answer.json()).toMatchObject({ status: 403, code: 'access-denied' });
      expect(api.devices()).toBe(before);
    });
  });

  it.each(['/v1/nothing', '/v2/me', '/index.html', '/v1', '/local/v1/me'])(
    'does not exist at %s',
    async (target) => {
      const answer: Answer = await api.fetch('bob', 'GET', target);
      expect([403, 404]).toContain(answer.status);
    },
  );
});

/** A user's session whose MFA is the given number of seconds old. */
function sessionOfAge(userName: string, seconds: number): SigningKeys {
  const session = userSession(api.stack, userName, { mfaAt: api.stack.clock.now(), durationSeconds: 7200 });
  api.stack.clock.advance(seconds);
  return session;
}

const approver = () => {
  const role = api.stack.account.roles.get('mfa-approver');
  if (role === undefined) throw new Error('The role is seeded.');
  return role;
};

/** Pat's session in a role that is allowed the action. */
async function assumeApprover(action: string | undefined): Promise<SigningKeys> {
  const { policies: _old, ...role } = approver();
  const statement = { Effect: 'Allow', Action: action ?? 'iam:GetUser', Resource: '*' } as const;
  api.stack.account.putRole({ ...role, policies: [{ Version: '2012-10-17', Statement: statement }] });
  const { accessKeyId, secretAccessKey } = userKeys('pat');
  const sts = new STSClient({
    endpoint: api.stack.awsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
  });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: role.arn, RoleSessionName: 'pat' }),
  );
  sts.destroy();
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
}
