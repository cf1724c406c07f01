import { type DetailType, noticeEvents, outcomeEvents } from '../contract/events/detail-types.ts';

export const listenerNames = ['notify-subject', 'report-outcome'] as const;

/** A function that acts on events. */
export type Listener = (typeof listenerNames)[number];

/**
 * What each of them is invoked with. They hear no bus: anybody in the account may put an event of any source on the
 * default one.
 */
const heardBy: Readonly<Record<Listener, readonly DetailType[]>> = {
  'notify-subject': noticeEvents,
  'report-outcome': outcomeEvents,
};

/** The functions to invoke with events of this type. */
export const listenersOf = (type: DetailType): readonly Listener[] =>
  listenerNames.filter((name) => heardBy[name].includes(type));
