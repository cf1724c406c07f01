import type { TestStack } from '../support/stack.ts';
import { staffSession } from '../support/staff.ts';
import { jiraSigner } from '../support/webhooks.ts';
import type { Send } from './send.ts';

/** A recovery by the help desk, one requested by a ticketing system, and an auditor's reads. */
export async function staffRequests(stack: TestStack, send: Send): Promise<void> {
  const [ann, pat, kim] = await Promise.all(['ann', 'pat', 'kim'].map((name) => staffSession(stack, name)));
  if (!ann || !pat || !kim) throw new Error('The local AWS has no staff.');
  // IAM takes a while to generate the first report.
  await stack.fetch(kim, 'GET', '/v1/users');
  for (const _time of [1, 2]) {
    await send('list-users', kim, ['GET', '/v1/users']);
    await send('list-user-mfa-devices', kim, ['GET', '/v1/users/bob/mfa-devices']);
  }
  const request = { ticket: { system: 'servicenow', id: 'INC1' }, userName: 'bob', reason: 'lost' };
  const { id } = (await send('request-recovery', ann, ['POST', '/v1/recoveries', request])).json();
  await send('approve-recovery', pat, ['PUT', `/v1/recoveries/${id}/approval`]);
  await send('issue-enrolment-pass', pat, ['POST', `/v1/recoveries/${id}/enrolment-pass`]);
  await receiveTicket(send);
}

function receiveTicket(send: Send) {
  const ticket = { ticket: { id: 'HELP-1' }, userName: 'alice', reason: 'lost', requestedBy: 'ann' };
  const body = jiraSigner.body(ticket, Date.now());
  const headers = {
    'Content-Type': 'application/json',
    ...jiraSigner.sign(body, 'local-ticketing-secret', Date.now()),
  };
  return send('receive-ticket', 'ann', ['POST', '/v1/ticketing/jira', body, headers]);
}
