import { pendingRecoveries } from '../../common/pending-recoveries.ts';
import { type DeviceSummary, isProblem, paginate } from '../../typescript/src/index.ts';
import type { Account } from './account.ts';
import { type Enrolment, showCodes } from './activate.ts';
import { type Change, editTags, remove, rename, resync, type ShownDevice, shownName } from './changes.ts';
import { button, type Child, h, newId } from './dom.ts';
import { showEnrolment } from './enrol.ts';
import { explain, isGivenUp, needsNewSignIn } from './problems.ts';
import { recoveryNotice } from './recoveries.ts';
import type { Shell } from './shell.ts';
import { dateAndTime, relative, say, type Words } from './words.ts';

/** The list of devices, from which all other views start. */
export interface DevicesView {
  /** Loads and shows the devices, announcing `news`. With none, goes straight to setting up the first. */
  open(news?: Words): Promise<void>;
  /** Reloads the list to show changes from other tabs, unless the user is entering something. */
  renew(): Promise<void>;
}

type Loaded = Awaited<ReturnType<typeof load>>;

/** The most devices a user can have. Source: IAM quotas. */
const most = 8;

/** Milliseconds before loading is announced. */
const noticeDelayMs = 400;

export function devicesView(shell: Shell, account: Account, signInAgain: (why: Words) => void): DevicesView {
  let shown: HTMLElement | undefined;

  const enrolment = (loaded: Loaded, rest: Partial<Enrolment> = {}): Enrolment => ({
    shell,
    account,
    first: loaded.active.length === 0,
    taken: loaded.devices.map(({ name }) => name),
    done: open,
    signInAgain,
    ...rest,
  });
  const show = (loaded: Loaded) => {
    const { devices, recoveries } = loaded;
    const { userName, accountId } = account.me();
    const cards = devices.map((device) => card(loaded, device));
    shown = h('ul', { class: 'devices' }, ...cards);
    shell.show(
      say('devices.title'),
      h('p', { class: 'intro' }, say('devices.of', { userName, accountId })),
      ...recoveries.map((recovery) => recoveryNotice(account, recovery, open, signInAgain)),
      shown,
      loaded.active.length === 1 && h('p', { class: 'tip' }, say('devices.only')),
      loaded.active.length >= most && h('p', { class: 'tip' }, say('devices.full')),
      h(
        'div',
        { class: 'actions' },
        loaded.active.length < most &&
          button(say('devices.add'), () => showEnrolment(enrolment(loaded)), { class: 'primary' }),
        button(say('devices.refresh'), () => void open(say('devices.refreshed'))),
      ),
    );
  };
  const card = (loaded: Loaded, device: ShownDevice): HTMLElement => {
    const { name, label } = device;
    const change: Change = {
      account,
      device,
      active: loaded.active.length,
      done: open,
      replace: () =>
        showEnrolment(
          enrolment(loaded, {
            replaces: { id: device.id, name: shownName(device) },
            label,
          }),
        ),
      signInAgain,
    };
    const actions =
      device.status === 'active'
        ? activeActions(change)
        : [
            button(say('device.enterCodes'), () => showCodes(enrolment(loaded), device)),
            button(say('device.startAgain'), () => showEnrolment(enrolment(loaded, { name, label }))),
            // Removing needs a step-up, and so an active device; otherwise pending devices just expire.
            loaded.active.length > 0 && button(say('device.remove'), () => remove(change)),
          ];
    return deviceCard(device, account.now(), actions);
  };

  async function open(news?: Words): Promise<void> {
    const waited = shell.view();
    const timer = setTimeout(() => waited() && shell.announce(say('devices.loading')), noticeDelayMs);
    try {
      const loaded = await load(account).finally(() => clearTimeout(timer));
      // Do not pull back a user who has moved on.
      if (waited()) showAll(loaded);
      if (news !== undefined) shell.announce(news);
    } catch (error) {
      if (!isGivenUp(error) && waited()) showFailure(error);
    }
  }
  const showAll = (loaded: Loaded) => {
    const empty = loaded.devices.length === 0 && loaded.recoveries.length === 0;
    if (empty) showEnrolment(enrolment(loaded));
    else show(loaded);
  };
  const showFailure = (error: unknown) => {
    if (needsNewSignIn(error)) return signInAgain(explain(error));
    const again = button(say('action.tryAgain'), () => void open(), { class: 'primary' });
    shell.show(say('devices.title'), h('p', { role: 'alert', class: 'alert' }, explain(error)), again);
  };
  return {
    open,
    renew: async () => {
      if (shown?.isConnected && document.querySelector('dialog') === null) await open();
    },
  };
}

async function load(account: Account) {
  await account.refresh();
  const summaries: DeviceSummary[] = [];
  for await (const device of paginate(account.client.listMfaDevices, {}, account.options))
    summaries.push(device);
  const [devices, recoveries] = await Promise.all([
    Promise.all(summaries.map((summary) => inFull(account, summary))),
    pendingRecoveries(account.client, account.options),
  ]);
  const { labels } = account;
  for (const { id, label } of devices) {
    if (label === undefined) labels.delete(id);
    else labels.set(id, label);
  }
  return { devices, recoveries, active: devices.filter(({ status }) => status === 'active') };
}

/** Adds label and tags, unless the device is already gone. */
async function inFull({ client, options }: Account, summary: DeviceSummary): Promise<ShownDevice> {
  if (summary.kind !== 'virtual') return summary;
  try {
    return await client.getMfaDevice({ deviceId: summary.id }, options);
  } catch (error) {
    if (isProblem(error, 'device-not-found')) return summary;
    throw error;
  }
}

function activeActions(change: Change): readonly Child[] {
  const { kind } = change.device;
  return [
    kind === 'virtual' && button(say('device.replace'), change.replace),
    kind !== 'fido' && button(say('device.resync'), () => resync(change)),
    kind === 'virtual' && button(say('device.rename'), () => rename(change)),
    kind === 'virtual' && button(say('device.editTags'), () => editTags(change)),
    button(say('device.remove'), () => remove(change)),
  ];
}

function deviceCard(device: ShownDevice, now: number, actions: readonly Child[]): HTMLElement {
  const { status, kind, name, label, enabledAt, expiresAt, tags = {} } = device;
  const id = newId();
  const tagList = Object.entries(tags).map(([key, value]) =>
    h('li', {}, value === '' ? key : `${key}: ${value}`),
  );
  return h(
    'li',
    { class: 'card' },
    h(
      'div',
      { class: 'headline' },
      h('h2', { id }, shownName(device)),
      h('span', { class: `state ${status}` }, say(`device.${status}`)),
    ),
    h(
      'p',
      { class: 'facts' },
      h('span', {}, say(`device.kind.${kind}`)),
      label !== undefined && h('span', {}, say('device.name', { name })),
      enabledAt !== undefined && time('device.enabled', enabledAt, now),
      status === 'pending' && expiresAt !== undefined && time('device.expires', expiresAt, now),
    ),
    tagList.length > 0 && h('ul', { class: 'tags', 'aria-label': { words: say('device.tags') } }, ...tagList),
    h(
      'div',
      {
        class: 'actions',
        role: 'group',
        'aria-label': { words: say('device.actions', { name: shownName(device) }) },
      },
      ...actions,
    ),
  );
}

function time(key: 'device.enabled' | 'device.expires', at: string, now: number): HTMLElement {
  const when = Date.parse(at);
  const title = { words: dateAndTime(when) };
  return h('time', { datetime: at, title }, say(key, { when: relative(when, now) }));
}
