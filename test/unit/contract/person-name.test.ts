import { describe, expect, it } from 'vitest';
import { personName } from '../../../shared/contract/recovery-schemas.ts';

const faultsOf = (name: string) =>
  personName.safeParse(name).error?.issues.map(({ message }) => message) ?? [];

describe('the name of a person', () => {
  it.each([
    'ann',
    'j.doe',
    'first.last@example.com',
    'Ann Smith',
    ' BOB ',
    'J. R. Smith-Jones',
    'J.R. Smith',
    'María del Carmen',
    'Ирина',
    'Νίκος',
    'محمد',
    '山田 太郎',
    'Ken 山田',
    'カナ Kim',
    'Kim 김',
    '5b10a2844c20165700ede21g',
    '557058:f58131cb-b67d-43c7-b30d-6b58d40bd077',
  ])('can be %j', (name) => {
    expect(faultsOf(name)).toEqual([]);
  });

  it.each([
    ['a Cyrillic letter among Latin ones', 'p\u0430t'],
    ['a Greek letter among Latin ones', '\u03b1lice'],
    ['a Cyrillic word beside a Latin one', '\u0430\u0441\u0435 Smith'],
    ['letters of a script that nobody uses', '\u{10400}\u{10401}'],
    ['full-width letters beside Cyrillic ones', '\uff41\u0430'],
    ['an Arabic digit among Latin letters', 'ann\u0661'],
  ])('cannot have %s', (_what, name) => {
    expect(faultsOf(name)).toEqual(['must be of one script: look-alikes could pass for another person']);
  });

  it.each([
    'Your bank. www.evil-login.com: sign in',
    'www.evil-login.com',
    'WWW.evil.example',
    'Your bank evil-login.com sign in',
    'sign in at evil-login.com',
    'mailto:eve@example.com',
    'tel:15550100',
    'go to xn.xn--p1ai now',
    'Ann Smith ann@example.com',
  ])('cannot be %j, which mail programs may make a link of', (name) => {
    expect(faultsOf(name)).toEqual(['must not look like an address of the web']);
  });

  it.each([
    ['nothing', ''],
    ['too long', 'a'.repeat(129)],
    ['a zero-width space', 'a\u200bnn'],
    ['a joiner', 'a\u200dnn'],
    ['a letter that is invisible', 'ann\u3164'],
    ['a mark that turns the text', 'a\u202enn'],
    ['a line break', 'ann\nadmin'],
    ['a line separator', 'ann\u2028admin'],
    ['a control character', 'ann\u0007'],
    ['a slash', 'https://evil.example'],
    ['an angle bracket', '<a>'],
    ['an ideographic full stop, which some take for a dot', 'evil\u3002com'],
  ])('cannot be, or have in it, %s', (_what, name) => {
    expect(faultsOf(name)).toEqual(['must be 1 to 128 letters, digits, spaces or any of _ + = , . @ : -']);
  });
});
