import { expect } from 'vitest';
import type { Api, Who } from './e2e.ts';
import { type Answer, rawFetch } from './http.ts';
import type { SigningKeys } from './sign.ts';
import { staffSession } from './staff.ts';

/** The seeded help desk: two agents and two approvers, each with a session in their role. */
export async function helpDesk(api: Api) {
  const [ann, abe, pat, pia] = await Promise.all(
    ['ann', 'abe', 'pat', 'pia'].map((name) => staffSession(api.stack, name)),
  );
  if (!ann || !abe || !pat || !pia) throw new Error('no help desk');
  return { ann, abe, pat, pia };
}

/** A session in a role under any name, as a trust policy without a pinned name would allow. */
export function sessionNamed(api: Api, roleName: string, sessionName: string): SigningKeys {
  const role = api.stack.account.roles.get(roleName);
  if (role === undefined) throw new Error(`no role ${roleName}`);
  const holder = { type: 'role', roleName, roleId: role.roleId, sessionName } as const;
  return api.stack.account.issue({ holder, durationSeconds: 3600, policies: [] });
}

/** A session in a role with the permissions of both agents and approvers. */
export function sessionOfBothRoles(api: Api, sessionName: string): SigningKeys {
  const { roles } = api.stack.account;
  const [agent, approver] = [roles.get('mfa-agent'), roles.get('mfa-approver')];
  if (!agent || !approver) throw new Error('no roles');
  const policies = [...agent.policies, ...approver.policies];
  api.stack.account.putRole({ ...agent, name: 'mfa-both', policies });
  return sessionNamed(api, 'mfa-both', sessionName);
}

/** An agent's request about bob's devices. */
export const bobsLoss = (ticketId = 'INC0012345', changes: object = {}) => ({
  ticket: { system: 'servicenow', id: ticketId },
  userName: 'bob',
  reason: 'lost',
  ...changes,
});

export const askForRecovery = (api: Api, who: Who, body: object = bobsLoss()): Promise<Answer> =>
  api.fetch(who, 'POST', '/v1/recoveries', body);

/** Requests a recovery and returns its id. */
export async function requested(api: Api, who: Who, body?: object): Promise<string> {
  const answer = await askForRecovery(api, who, body);
  expect(answer.status, answer.text).toBe(201);
  return answer.json().id;
}

export const decide = (
  api: Api,
  who: Who,
  id: string,
  what: 'approval' | 'denial' | 'cancellation',
): Promise<Answer> => api.fetch(who, 'PUT', `/v1/recoveries/${id}/${what}`);

export const objectTo = (api: Api, who: Who, id: string): Promise<Answer> =>
  api.fetch(who, 'PUT', `/v1/me/recoveries/${id}/objection`);

/** The state as an approver sees it. */
export async function stateOf(api: Api, who: Who, id: string): Promise<string> {
  return (await api.fetch(who, 'GET', `/v1/recoveries/${id}`)).json().state;
}

/** Executes a recovery of bob's devices and returns its id. */
export async function executed(api: Api, body?: object): Promise<string> {
  const { ann, pat } = await helpDesk(api);
  const id = await requested(api, ann, body);
  expect((await decide(api, pat, id, 'approval')).status).toBe(200);
  await expect.poll(() => stateOf(api, pat, id)).toBe('executed');
  return id;
}

/** Runs what the schedule runs every minute. */
export async function sweep({ stack }: Api): Promise<void> {
  const body = JSON.stringify({ function: 'execute-recoveries' });
  const answer = await rawFetch(stack.awsUrl, 'POST', '/_local/run', {}, body);
  expect(answer.status, answer.text).toBe(200);
}

/** Attaches as many managed policies to a user as they may have, so that there is none left for the hold. */
export function fillPolicies({ account }: Pick<Api['stack'], 'account'>, userName: string): void {
  const user = account.users.get(userName);
  const document = { Version: '2012-10-17', Statement: [] };
  const more = Array.from({ length: 9 }, (_, index) =>
    account.putManagedPolicy({ name: `policy-${index}`, path: '/', document }),
  );
  user.attachedPolicies = [...user.attachedPolicies, ...more];
}
