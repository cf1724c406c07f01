import { setTimeout as sleep } from 'node:timers/promises';
import type { SigningKeys } from '../support/sign.ts';
import { jiraSigner } from '../support/webhooks.ts';
import type { Staff } from './staff.ts';
import type { Outcome, Target } from './target.ts';
import { createUser, removeUser, type User } from './user.ts';
import { enrol } from './user-round.ts';

const ends = ['approval', 'denial', 'cancellation', 'objection'] as const;
const mostLooks = 40;
let tickets = 0;

/** One round of a client: the help desk and an auditor with a user whose device was lost. */
export async function staffRound(target: Target, staff: Staff): Promise<void> {
  const user = await createUser(target);
  await enrol(target, user);
  await audit(target, staff, user);
  const id = await request(target, staff, user);
  if (id !== undefined) await decide(target, staff, user, id);
  await removeUser(target, user);
}

async function audit(target: Target, staff: Staff, { name }: User): Promise<void> {
  const kim = await staff.sessionOf('kim');
  await target.send('list-users', kim, { target: '/v1/users' });
  await target.send('list-user-mfa-devices', kim, { target: `/v1/users/${name}/mfa-devices` });
}

/** Every other one comes from the ticketing system, with a person for each ticket, as persons have limits. */
async function request(target: Target, staff: Staff, { name }: User): Promise<string | undefined> {
  tickets += 1;
  const [id, wanted] = [`INC${tickets}`, { userName: name, reason: 'lost' }];
  if (tickets % 2 === 0) {
    const body = jiraSigner.body({ ticket: { id }, requestedBy: `ann${tickets}`, ...wanted }, Date.now());
    const signature = jiraSigner.sign(body, 'local-ticketing-secret', Date.now());
    const headers = { 'Content-Type': 'application/json', ...signature };
    const sending = { method: 'POST', target: '/v1/ticketing/jira', body, headers };
    return idOf(await target.send('receive-ticket', undefined, sending));
  }
  const body = { ticket: { system: 'servicenow', id }, ...wanted };
  const agent = await staff.sessionOf(tickets % 4 === 1 ? 'ann' : 'abe');
  const sending = { method: 'POST', target: '/v1/recoveries', body };
  return idOf(await target.send('request-recovery', agent, sending));
}

const idOf = ({ json }: Outcome): string | undefined => json.id ?? json.recoveryId;

async function decide(target: Target, staff: Staff, user: User, id: string): Promise<void> {
  const pat = await staff.sessionOf('pat');
  const path = `/v1/recoveries/${id}`;
  const put = (operation: string, keys: SigningKeys, at: string) =>
    target.send(operation, keys, { method: 'PUT', target: at });
  await target.send('list-recoveries', pat, { target: '/v1/recoveries?state=requested' });
  await target.send('get-recovery', pat, { target: path });
  await target.send('list-my-recoveries', user.keys, { target: '/v1/me/recoveries' });
  const end = ends[Math.floor(Math.random() * ends.length)];
  if (end === 'denial') await put('deny-recovery', pat, `${path}/denial`);
  else if (end === 'cancellation') await put('cancel-recovery', pat, `${path}/cancellation`);
  else if (end === 'objection')
    await put('object-to-recovery', user.keys, `/v1/me/recoveries/${id}/objection`);
  else {
    const { status } = await put('approve-recovery', pat, `${path}/approval`);
    if (status === 200) await enrolAgain(target, pat, user, path);
  }
}

/** Waits until the recovery is executed, and hands over a pass. */
async function enrolAgain(target: Target, pat: SigningKeys, user: User, path: string): Promise<void> {
  for (let looks = 0; looks < mostLooks; looks += 1) {
    const { json } = await target.send('get-recovery', pat, { target: path });
    if (json.state === 'executed') break;
    await sleep(250);
  }
  const sending = { method: 'POST', target: `${path}/enrolment-pass` };
  const { status, json } = await target.send('issue-enrolment-pass', pat, sending);
  if (status === 201) await enrol(target, user, json.enrolmentPass);
}
