import {
  type Device,
  type DeviceSummary,
  isProblem,
  type ResyncedDevice,
} from '../../typescript/src/index.ts';
import type { Account } from './account.ts';
import { codePair } from './codes.ts';
import { openDialog } from './dialog.ts';
import { button, type Child, h } from './dom.ts';
import { type Field, field } from './field.ts';
import { type FormOptions, form } from './form.ts';
import { isTagText, labelField, wrongTagValue } from './tag-text.ts';
import { joined, say, type Words, wholeMinute } from './words.ts';

/** A device as shown; only virtual ones have a label and tags. */
export type ShownDevice = DeviceSummary & Partial<Pick<Device, 'label' | 'expiresAt' | 'tags'>>;

export const shownName = ({ label, name }: ShownDevice): string => label ?? name;

/** A change to one device. */
export interface Change {
  readonly account: Account;
  readonly device: ShownDevice;
  /** The number of the user's active devices. */
  readonly active: number;
  readonly done: (news: Words) => Promise<void>;
  readonly replace: () => void;
  readonly signInAgain: (why: Words) => void;
}

type DialogOptions<T> = Pick<FormOptions, 'fields' | 'submit' | 'danger' | 'failed' | 'others'> & {
  readonly title: Words;
  readonly content: readonly Child[];
  readonly work: () => Promise<T>;
  readonly news: (result: T) => Words;
};

/** A dialog with a form that makes the change and then closes. */
function changeDialog<T>({ account, done, signInAgain }: Change, options: DialogOptions<T>): void {
  const { title, work, news, ...rest } = options;
  const dialog = openDialog(title, [
    form({
      ...rest,
      cancel: () => dialog.close(),
      run: async () => {
        const result = await account.change(work);
        dialog.close();
        await done(news(result));
      },
      signInAgain,
    }),
  ]);
  const controls = [...dialog.querySelectorAll<HTMLElement>('input, button')];
  // In a dangerous dialog, an accidental key press must only cancel.
  (rest.danger ? controls.at(-1) : controls[0])?.focus();
}

export function resync(change: Change): void {
  const { account, device, active } = change;
  const { client, options } = account;
  const codes = codePair(account.now);
  const name = shownName(device);
  changeDialog(change, {
    title: say('resync.title', { name }),
    content: [h('p', {}, say('resync.intro')), codes.element],
    fields: [codes],
    submit: say('device.resync'),
    work: (): Promise<ResyncedDevice> => {
      const input = { deviceId: device.id, ...codes.value() };
      // A user whose only device is out of sync cannot step up.
      return active === 1
        ? client.resyncOnlyMfaDevice(input, options)
        : client.resyncMfaDevice(input, options);
    },
    failed: (error) => {
      if (isProblem(error, 'invalid-authentication-code')) codes.clear();
      return undefined;
    },
    news: ({ changesAllowedFrom }) => {
      const done = say('resync.done', { name });
      if (changesAllowedFrom === undefined) return done;
      return joined(done, say('resync.changesFrom', { time: wholeMinute(Date.parse(changesAllowedFrom)) }));
    },
  });
}

export function rename(change: Change): void {
  const { account, device } = change;
  const label = labelField(device.label ?? '', { label: say('rename.label'), hint: say('rename.hint') });
  changeDialog(change, {
    title: say('rename.title', { name: shownName(device) }),
    content: [label.element],
    fields: [label],
    submit: say('action.save'),
    work: () =>
      account.client.updateMfaDevice({ deviceId: device.id, label: label.value() || null }, account.options),
    news: () => say('rename.done'),
  });
}

export function remove(change: Change): void {
  const { account, device, active } = change;
  const name = shownName(device);
  const last = active === 1 && device.status === 'active';
  const replaceable = last && device.kind === 'virtual';
  changeDialog(change, {
    title: say('remove.title', { name }),
    content: [
      h('p', {}, say(last ? 'remove.last' : device.kind === 'virtual' ? 'remove.intro' : 'remove.keptByAws')),
    ],
    fields: [],
    submit: say(last ? 'remove.anyway' : 'device.remove'),
    danger: true,
    others: [replaceable && button(say('remove.replaceInstead'), () => replaceInstead(change))],
    work: () => account.client.deleteMfaDevice({ deviceId: device.id }, account.options),
    news: () => say('remove.done', { name }),
  });
}

function replaceInstead({ replace }: Change): void {
  document.querySelector('dialog')?.close();
  replace();
}

interface Row {
  readonly element: HTMLElement;
  readonly key: Field;
  readonly value: Field;
}

export function editTags(change: Change): void {
  const { account, device } = change;
  const before = device.tags ?? {};
  const rows = new Set<Row>();
  const list = h('div', { class: 'rows' });
  const add = (key = '', value = ''): Row => {
    const row = tagRow(key, value, rows, () => adder.focus());
    rows.add(row);
    list.append(row.element);
    return row;
  };
  const adder = button(say('tags.add'), () => add().key.input.focus());
  for (const [key, value] of Object.entries(before)) add(key, value);
  changeDialog(change, {
    title: say('tags.title', { name: shownName(device) }),
    content: [list, h('p', {}, adder)],
    fields: [{ check: () => firstWrong(rows) }],
    submit: say('action.save'),
    work: () => saveTags(account, device.id, before, new Map([...rows].map(entryOf))),
    news: () => say('tags.done'),
  });
}

const entryOf = ({ key, value }: Row): readonly [string, string] => [key.value(), value.value()];

const firstWrong = (rows: ReadonlySet<Row>): HTMLElement | undefined =>
  [...rows].flatMap(({ key, value }) => [key.check(), value.check()]).find((wrong) => wrong !== undefined);

function tagRow(key: string, value: string, rows: Set<Row>, removed: () => void): Row {
  const sameKey = (text: string) => [...rows].filter((other) => other.key.value() === text).length > 1;
  const keyField = field({
    label: say('tags.key'),
    attributes: { value: key, autocomplete: 'off' },
    check: (text) => {
      if (text === '') return say('tags.noKey');
      if (sameKey(text)) return say('tags.twice');
      const fits = isTagText(text, 128) && !/^(aws:|mfa-self-service:)/i.test(text);
      return fits ? undefined : say('tags.malformedKey');
    },
  });
  const valueField = field({
    label: say('tags.value'),
    attributes: { value, autocomplete: 'off' },
    check: wrongTagValue,
  });
  const takeOff = button(
    say('tags.delete'),
    () => {
      rows.delete(row);
      row.element.remove();
      removed();
    },
    { class: 'take-off' },
  );
  const element = h('div', { class: 'row' }, keyField.element, valueField.element, takeOff);
  const row = { element, key: keyField, value: valueField };
  return row;
}

/** Removes deleted tags and sets new or changed ones. */
async function saveTags(
  { client, options }: Account,
  deviceId: string,
  before: Readonly<Record<string, string>>,
  after: ReadonlyMap<string, string>,
): Promise<void> {
  const gone = Object.keys(before).filter((key) => !after.has(key));
  const changed = [...after].filter(([key, value]) => before[key] !== value);
  if (gone.length > 0) await client.untagMfaDevice({ deviceId, key: gone }, options);
  if (changed.length > 0) await client.tagMfaDevice({ deviceId, tags: Object.fromEntries(changed) }, options);
}
