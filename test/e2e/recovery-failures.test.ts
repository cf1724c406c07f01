import { beforeEach, describe, expect, it } from 'vitest';
import { recoveryIdOf } from '../../shared/recoveries/new-recovery.ts';
import { useApi } from '../support/e2e.ts';
import type { Answer } from '../support/http.ts';
import {
  askForRecovery,
  bobsLoss,
  decide,
  executed,
  helpDesk,
  objectTo,
  requested,
  stateOf,
} from '../support/recovery-flows.ts';

const api = useApi();
let desk: Awaited<ReturnType<typeof helpDesk>>;

beforeEach(async () => {
  desk = await helpDesk(api);
});

const tableErrors = ['InternalServerError', 'connection-reset'];
const onBoth = <Row extends readonly unknown[]>(rows: readonly Row[]) =>
  tableErrors.flatMap((error) => rows.map((row) => [error, ...row] as const));

/** Makes the call while every use of the operation fails. */
async function during(operation: string, error: string, call: () => Promise<Answer>): Promise<Answer> {
  api.stack.faults.put({ operation, error, times: 50 });
  try {
    return await call();
  } finally {
    api.stack.faults.clear();
  }
}

const upstreamFailed = { status: 502, code: 'upstream-failed' };

describe('while the table is unreachable', () => {
  it.each(
    onBoth([
      ['looked up', 'GetItem'],
      ['counted', 'UpdateItem'],
      ['written', 'PutItem'],
    ] as const),
  )(
    '(%s) a recovery that cannot be %s is not made, and can be requested again',
    async (error, _when, operation) => {
      const answer = await during(operation, error, () => askForRecovery(api, desk.ann));

      expect(answer.json()).toMatchObject(upstreamFailed);
      const seen = await api.fetch(desk.pat, 'GET', `/v1/recoveries/${recoveryIdOf(bobsLoss().ticket)}`);
      expect(seen.json()).toMatchObject({ status: 404, code: 'recovery-not-found' });
      expect((await askForRecovery(api, desk.ann)).status).toBe(201);
    },
  );

  const changes = {
    approval: (id: string) => decide(api, desk.pat, id, 'approval'),
    denial: (id: string) => decide(api, desk.pat, id, 'denial'),
    cancellation: (id: string) => decide(api, desk.pat, id, 'cancellation'),
    objection: (id: string) => objectTo(api, 'bob', id),
  };

  it.each(
    onBoth(
      (['approval', 'denial', 'cancellation', 'objection'] as const).flatMap((what) => [
        [what, 'read', 'GetItem'] as const,
        [what, 'written', 'PutItem'] as const,
      ]),
    ),
  )('(%s) the %s changes nothing when the recovery cannot be %s', async (error, what, _when, operation) => {
    const id = await requested(api, desk.ann);
    const before = (await api.fetch(desk.pat, 'GET', `/v1/recoveries/${id}`)).json();
    const devices = api.devices();

    const answer = await during(operation, error, () => changes[what](id));

    expect(answer.json()).toMatchObject(upstreamFailed);
    expect((await api.fetch(desk.pat, 'GET', `/v1/recoveries/${id}`)).json()).toEqual(before);
    expect(api.devices()).toBe(devices);
  });

  it.each(
    onBoth([
      ['the list', 'Query', () => api.fetch(desk.pat, 'GET', '/v1/recoveries')],
      ['the subject’s own list', 'Query', () => api.fetch('bob', 'GET', '/v1/me/recoveries')],
      ['a single recovery', 'GetItem', () => api.fetch(desk.pat, 'GET', `/v1/recoveries/${'a'.repeat(26)}`)],
    ] as const),
  )('(%s) %s reports the failure', async (error, _what, operation, read) => {
    expect((await during(operation, error, read)).json()).toMatchObject(upstreamFailed);
  });

  it.each(onBoth([['GetItem'], ['UpdateItem']] as const))(
    '(%s) no pass is issued when %s fails',
    async (error, operation) => {
      const id = await executed(api);
      const issue = () => api.fetch(desk.pat, 'POST', `/v1/recoveries/${id}/enrolment-pass`);
      // The execution releases the lease shortly after it reports that it is done.
      await expect.poll(async () => (await issue()).status).toBe(201);

      const answer = await during(operation, error, issue);

      expect(answer.json()).toMatchObject(upstreamFailed);
      expect((await issue()).status).toBe(201);
    },
  );
});

describe('while IAM is unreachable', () => {
  it.each(['GetUser', 'ListMFADevices'])('no recovery is made without %s', async (operation) => {
    const answer = await during(operation, 'ServiceFailure', () => askForRecovery(api, desk.ann));

    expect(answer.json()).toMatchObject(upstreamFailed);
    expect((await api.fetch(desk.ann, 'GET', '/v1/recoveries')).json().items).toEqual([]);
  });
});

describe('while Lambda does not accept the execution', () => {
  it('the approval stands, and the sweep executes it', async () => {
    const id = await requested(api, desk.ann);

    const answer = await during('Invoke', 'ServiceException', () => decide(api, desk.pat, id, 'approval'));

    expect(answer.json()).toMatchObject({ state: 'approved' });
    expect(await stateOf(api, desk.pat, id)).toBe('approved');
    const ran = await fetch(`${api.stack.awsUrl}/_local/run`, {
      method: 'POST',
      body: JSON.stringify({ function: 'execute-recoveries' }),
    });
    expect(ran.status, await ran.text()).toBe(200);
    expect(await stateOf(api, desk.pat, id)).toBe('executed');
  });
});
