const whitespace = ' \t\r\n';

/**
 * Splits a command as a POSIX shell does, expanding nothing: words at white space, quotes and backslashes as there.
 * Undefined where a quote is not closed. Source: Python's shlex, with which the AWS CLI splits.
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

/** Within double quotes a backslash stands for itself but before a quote or another one; within single quotes always. */
const escapes = (quote: string, next: string): boolean =>
  quote === '' || (quote === '"' && (next === '"' || next === '\\'));
