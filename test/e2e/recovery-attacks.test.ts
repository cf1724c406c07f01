import { beforeEach, describe, expect, it } from 'vitest';
import { useApi } from '../support/e2e.ts';
import { bobsPhone } from '../support/e2e-flows.ts';
import {
  askForRecovery,
  bobsLoss,
  decide,
  executed,
  helpDesk,
  objectTo,
  requested,
  sessionNamed,
  sessionOfBothRoles,
  stateOf,
} from '../support/recovery-flows.ts';
import type { SigningKeys } from '../support/sign.ts';
import { userKeys, userSession } from '../support/stack.ts';

const dailyLimit = 3;
const api = useApi(async () => ({
  parameters: {
    RecoveryDailyLimit: String(dailyLimit),
    Ticketing: JSON.stringify({ jira: { name: 'jsm' } }),
  },
}));
const decisions = ['approval', 'denial', 'cancellation'] as const;
let desk: Awaited<ReturnType<typeof helpDesk>>;

beforeEach(async () => {
  desk = await helpDesk(api);
});

/** Creates a user with the approver policy. */
function approvingUser(userName: string): void {
  const { account } = api.stack;
  const [document] = account.roles.get('mfa-approver')?.policies ?? [];
  const user = account.users.create({ userName, path: '/', tags: [], now: account.now() });
  user.inlinePolicies = [{ name: 'approver', document: JSON.stringify(document) }];
  account.users.addAccessKey(user, account.now(), userKeys(userName));
  account.policiesChanged();
}

const expectUntouched = async (id: string) => {
  expect(await stateOf(api, desk.pat, id)).toBe('requested');
  expect(api.activeDevices('bob')).toEqual([bobsPhone]);
};

describe('the requester of a recovery', () => {
  it.each(decisions)('gets no %s past the gateway as an agent', async (what) => {
    const id = await requested(api, desk.ann);

    const answer = await decide(api, desk.ann, id, what);

    expect(answer.json()).toMatchObject({ status: 403, code: 'access-denied' });
    await expectUntouched(id);
  });

  it.each(['ann', 'ANN', 'Ann'])('cannot approve it as %s even with both roles', async (name) => {
    const id = await requested(api, desk.ann);
    const both = sessionOfBothRoles(api, name);

    for (const what of ['approval', 'denial'] as const) {
      const answer = await decide(api, both, id, what);
      expect(answer.json()).toMatchObject({ status: 403, code: 'separation-of-duties' });
    }

    await expectUntouched(id);
  });

  it('may cancel it with the approver role', async () => {
    const id = await requested(api, desk.ann);

    const answer = await decide(api, sessionOfBothRoles(api, 'ann'), id, 'cancellation');

    expect(answer.json()).toMatchObject({ state: 'cancelled', closedBy: 'ann' });
  });

  it('cannot get the pass, and neither can the subject', async () => {
    const id = await executed(api);

    for (const name of ['ann', 'Ann', 'bob', 'BOB']) {
      const both = sessionOfBothRoles(api, name);
      const answer = await api.fetch(both, 'POST', `/v1/recoveries/${id}/enrolment-pass`);
      expect(answer.json()).toMatchObject({ status: 403, code: 'separation-of-duties' });
    }
  });

  it.each(['bob', 'Bob'])('cannot be the subject, here under the name %s', async (name) => {
    const answer = await askForRecovery(api, sessionNamed(api, 'mfa-agent', name));

    expect(answer.json()).toMatchObject({ status: 403, code: 'separation-of-duties' });
  });
});

describe('the subject of a recovery', () => {
  it.each(['bob', 'BOB', 'bOb'])('cannot decide on it under the session name %s', async (name) => {
    const id = await requested(api, desk.ann);
    const session = sessionNamed(api, 'mfa-approver', name);

    for (const what of decisions) {
      const answer = await decide(api, session, id, what);
      expect(answer.json()).toMatchObject({ status: 403, code: 'separation-of-duties' });
    }

    await expectUntouched(id);
  });

  it('alone may object to it', async () => {
    const id = await requested(api, desk.ann);

    const answer = await objectTo(api, 'alice', id);

    expect(answer.json()).toMatchObject({ status: 404, code: 'recovery-not-found' });
    await expectUntouched(id);
  });
});

describe('a ticketing system that signs its webhooks', () => {
  it('cannot be impersonated by an agent', async () => {
    const ticket = { system: 'jsm', id: 'HELP-1' };

    const answer = await askForRecovery(api, desk.ann, bobsLoss('HELP-1', { ticket }));

    expect(answer.json()).toMatchObject({ status: 403, code: 'access-denied' });
    expect((await api.fetch(desk.ann, 'GET', '/v1/recoveries')).json().items).toEqual([]);
  });
});

describe('self-service users', () => {
  it.each([
    ['long-term keys', () => userKeys('alice')],
    ['a session with MFA', () => userSession(api.stack, 'alice', { mfaAt: api.stack.clock.now() })],
  ])('cannot reach recoveries with %s', async (_what, keys) => {
    const id = await requested(api, desk.ann);

    const answers = await Promise.all([
      api.fetch(keys(), 'GET', '/v1/recoveries'),
      api.fetch(keys(), 'GET', `/v1/recoveries/${id}`),
      askForRecovery(api, keys(), bobsLoss('INC2')),
      decide(api, keys(), id, 'approval'),
      api.fetch(keys(), 'POST', `/v1/recoveries/${id}/enrolment-pass`),
    ]);

    for (const answer of answers) {
      expect(answer.json()).toMatchObject({ status: 403, code: 'access-denied' });
    }
    await expectUntouched(id);
  });
});

describe('an approver who is a user', () => {
  beforeEach(() => approvingUser('max'));

  const minutesAgo = (minutes: number) => api.stack.clock.now() - minutes * 60_000;

  it.each<[string, () => SigningKeys]>([
    ['long-term keys', () => userKeys('max')],
    ['a session without MFA', () => userSession(api.stack, 'max')],
    ['a session whose MFA is too old', () => userSession(api.stack, 'max', { mfaAt: minutesAgo(16) })],
  ])('is refused at the gateway with %s', async (_what, keys) => {
    const id = await requested(api, desk.ann);

    const answer = await decide(api, keys(), id, 'approval');

    expect(answer.json()).toMatchObject({ status: 403, code: 'access-denied', maxAgeSeconds: 900 });
    await expectUntouched(id);
  });

  it('approves with recent MFA', async () => {
    const id = await requested(api, desk.ann);

    const answer = await decide(api, userSession(api.stack, 'max', { mfaAt: minutesAgo(1) }), id, 'approval');

    expect(answer.json()).toMatchObject({ state: 'approved', approvals: [{ by: 'max' }] });
    await expect.poll(() => stateOf(api, desk.pat, id)).toBe('executed');
  });
});

describe('simultaneous approvers', () => {
  it('execute a recovery once', async () => {
    const id = await requested(api, desk.ann);

    const answers = await Promise.all([
      decide(api, desk.pat, id, 'approval'),
      decide(api, desk.pia, id, 'approval'),
    ]);

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    await expect.poll(() => stateOf(api, desk.pat, id)).toBe('executed');
    expect(api.called().filter((call) => call === 'DeactivateMFADevice')).toHaveLength(1);
  });

  it('and one denial leave it either executed or denied', async () => {
    const id = await requested(api, desk.ann);

    const [approved, denied] = await Promise.all([
      decide(api, desk.pat, id, 'approval'),
      decide(api, desk.pia, id, 'denial'),
    ]);

    const end = denied.status === 200 ? 'denied' : 'executed';
    await expect.poll(() => stateOf(api, desk.pat, id)).toBe(end);
    expect(approved.status === 200 || denied.status === 200).toBe(true);
    expect(api.activeDevices('bob')).toEqual(end === 'denied' ? [bobsPhone] : []);
  });
});

describe('a flood of requests', () => {
  it('from one agent ends at their cap, and no other agent is held up', async () => {
    const tickets = Array.from({ length: 20 }, (_, number) => `INC${number}`);

    const answers = await Promise.all(tickets.map((id) => askForRecovery(api, desk.ann, bobsLoss(id))));

    const limited = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(dailyLimit);
    expect(limited).toHaveLength(20 - dailyLimit);
    expect(limited[0]?.json()).toMatchObject({ code: 'recovery-limit', retryAfter: expect.any(Number) });
    expect((await askForRecovery(api, desk.abe, bobsLoss('OTHER'))).status).toBe(201);
    const made = answers.findIndex(({ status }) => status === 201);
    expect((await askForRecovery(api, desk.ann, bobsLoss(tickets[made]))).status).toBe(200);
  });

  it('from 50 agents ends at the cap for each', async () => {
    const agents = Array.from({ length: 50 }, (_, number) => `agent-${number}`);
    const made = new Map<string, number>();
    const flood = async (name: string) => {
      const session = sessionNamed(api, 'mfa-agent', name);
      const tickets = Array.from({ length: dailyLimit + 1 }, (_, number) => `${name}/${number}`);
      const answers = await Promise.all(tickets.map((id) => askForRecovery(api, session, bobsLoss(id))));
      made.set(name, answers.filter(({ status }) => status === 201).length);
      expect(answers.filter(({ status }) => status === 429)).toHaveLength(1);
    };

    while (made.size < agents.length) {
      await Promise.all(agents.slice(made.size, made.size + 10).map(flood));
    }

    expect([...made.values()]).toEqual(agents.map(() => dailyLimit));
  });

  it('can continue the next day', async () => {
    for (let number = 0; number < dailyLimit; number += 1) {
      await requested(api, desk.ann, bobsLoss(`INC${number}`));
    }
    expect((await askForRecovery(api, desk.ann, bobsLoss('LATER'))).status).toBe(429);

    api.stack.clock.advance(86_400);
    const { ann } = await helpDesk(api);

    expect((await askForRecovery(api, ann, bobsLoss('LATER'))).status).toBe(201);
  });
});
