/** Up to 128 letters, digits and marks of names: nothing invisible, and nothing that ends a line or turns its text. */
export const personCharacters = /^(?:(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{N}_+=,.@: -]){1,128}$/u;

/** Scripts that are written together. Source: Unicode UTS #39, 5.2, highly restrictive. */
const togetherWithLatin = ['Hani Hira Kana', 'Hani Bopo', 'Hani Hang'];

/** Scripts in everyday use. Source: Unicode UAX #31, table 5. */
const everyday =
  'Arab Armn Beng Bopo Cyrl Deva Ethi Geor Grek Gujr Guru Hang Hani Hebr Hira Kana Khmr Knda Laoo Latn Mlym Mymr ' +
  'Orya Sinh Taml Telu Thaa Thai Tibt';

/** Digits and punctuation belong to every script. */
const writtenIn = (scripts: string): string =>
  `[${`Zyyy Zinh ${scripts}`.replaceAll(/(\w+) ?/g, String.raw`\p{scx=$1}`)}]+`;

const allScripts = (): readonly string[] => [
  ...everyday.split(' '),
  ...togetherWithLatin.map((others) => `Latn ${others}`),
];

let oneScript: RegExp | undefined;

/** Whether all letters are of one script, or of scripts that are written together: Cyrillic `а` is no Latin `a`. */
export function isOfOneScript(name: string): boolean {
  // Made when needed: it is large, and most functions judge no names.
  oneScript ??= new RegExp(`^(?:${allScripts().map(writtenIn).join('|')})$`, 'u');
  return oneScript.test(name.normalize('NFKC'));
}

/**
 * Whether nothing in a name would be taken for the address of a page. A single word may have dots, as logins and e-mail
 * addresses do: `first.last@example.com`.
 */
export function isNoLink(name: string): boolean {
  const text = name.normalize('NFKC').trim();
  if (/(?<![\p{L}\p{N}])www\./iu.test(text)) return false;
  // A scheme, such as mailto: – but not the number with which Atlassian's account ids begin.
  if (/\p{L}[\p{L}\p{N}+.-]*:\S/u.test(text)) return false;
  return !text.includes(' ') || !/\.\p{L}{2}/u.test(text);
}
