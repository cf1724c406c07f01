import { type Language, languages, type MessageKey, messages } from './messages.ts';

/** Text in the current language. */
export type Words = () => string;

type Values = Readonly<Record<string, string | number | Words>>;

let current: Language = preferred(navigator.languages);

function preferred(wanted: readonly string[]): Language {
  const known = wanted.map((tag) => languages.find((language) => tag.toLowerCase().startsWith(language)));
  return known.find((language) => language !== undefined) ?? 'en';
}

export const language = (): Language => current;

/** Sets the language of all words. */
export function setLanguage(to: Language): void {
  current = to;
}

/** A message with its placeholders filled in. */
export function say(key: MessageKey, values: Values = {}): Words {
  return () =>
    messages[key][current].replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name] ?? '';
      return typeof value === 'function' ? value() : String(value);
    });
}

/** Text that is the same in every language, such as a name. */
export const plain =
  (text: string): Words =>
  () =>
    text;

export const joined =
  (...parts: readonly Words[]): Words =>
  () =>
    parts.map((part) => part()).join(' ');

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** A time relative to now, such as “2 hours ago”; both in milliseconds. */
export const relative =
  (time: number, now: number): Words =>
  () => {
    const seconds = (time - now) / 1000;
    if (Math.abs(seconds) < 60) return say('time.now')();
    const [unit, length] = units.find(([, least]) => Math.abs(seconds) >= least) ?? ['minute', 60];
    const format = new Intl.RelativeTimeFormat(current, { numeric: 'auto' });
    return format.format(Math.round(seconds / length), unit);
  };

/** The first full minute from a time on, which is in milliseconds. */
export const wholeMinute = (time: number): Words => dateAndTime(Math.ceil(time / 60_000) * 60_000);

/** Full date and time; `time` is in milliseconds. */
export const dateAndTime =
  (time: number): Words =>
  () =>
    new Intl.DateTimeFormat(current, { dateStyle: 'long', timeStyle: 'short' }).format(time);
