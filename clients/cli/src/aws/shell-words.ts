const whitespace = ' \t\r\n';

/**
 * Splits a command at white space like a POSIX shell, honouring quotes and backslashes but expanding nothing.
 * Returns undefined if a quote is not closed. Source: Python's shlex, which the AWS CLI uses.
 */
export function shellWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    const next = text.charAt(at + 1);
    if (char === quote) quote = '';
    else if (char === '\\' && escapes(quote, next)) {
      if (next === '') return undefined;
      word = (word ?? '') + next;
      at += 1;
    } else if (quote === '' && (char === "'" || char === '"')) {
      quote = char;
      word ??= '';
    } else if (quote === '' && whitespace.includes(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  if (quote !== '') return undefined;
  return word === undefined ? words : [...words, word];
}

/** In double quotes a backslash escapes only a quote or a backslash; in single quotes, nothing. */
const escapes = (quote: string, next: string): boolean =>
  quote === '' || (quote === '"' && (next === '"' || next === '\\'));
