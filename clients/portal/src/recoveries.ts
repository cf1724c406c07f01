import type { OwnRecovery } from '../../typescript/src/index.ts';
import type { Account } from './account.ts';
import { h } from './dom.ts';
import { form } from './form.ts';
import { relative, say, type Words } from './words.ts';

/** A recovery, with a button to object for as long as that has an effect. */
export function recoveryNotice(
  account: Account,
  recovery: OwnRecovery,
  done: () => Promise<void>,
  signInAgain: (why: Words) => void,
): HTMLElement {
  const { id, state, requestedBy, requestedAt, ticket, reason, devices } = recovery;
  const { client, options, now } = account;
  const text = say('recovery.text', {
    who: requestedBy,
    when: relative(Date.parse(requestedAt), now()),
    ticket: `${ticket.system} ${ticket.id}`,
    reason: say(`recovery.reason.${reason}`),
    devices: devices.map(({ name }) => name).join(', ') || '–',
  });
  const object = form({
    content: [h('p', {}, say('recovery.notYou'))],
    fields: [],
    submit: say('recovery.object'),
    danger: true,
    run: async () => {
      await client.objectToRecovery({ recoveryId: id }, options);
      await done();
    },
    signInAgain,
  });
  const known = state === 'objected' ? 'recovery.objected' : 'recovery.approved';
  return h(
    'section',
    { class: 'warning' },
    h('h2', {}, say('recovery.title')),
    h('p', {}, text),
    ...(state === 'requested' ? [] : [h('p', {}, say(known))]),
    // Until it is executed, an objection still asks for one more approval.
    ...(state === 'requested' || state === 'approved' ? [object] : []),
  );
}
