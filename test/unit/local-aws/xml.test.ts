import { describe, expect, it } from 'vitest';
import { element, type XmlValue } from '../../../local-aws/aws/xml.ts';

describe('element', () => {
  it.each<[string, XmlValue, string]>([
    ['markup', `<a b="c">&'`, '<x>&lt;a b=&quot;c&quot;&gt;&amp;&apos;</x>'],
    ['a carriage return, which parsers would drop', 'a\r\nb\tc', '<x>a&#xD;\nb\tc</x>'],
    ['characters that XML cannot hold', 'a\u0000\u001Fb\uFFFEc\uD800', '<x>a\uFFFD\uFFFDb\uFFFDc\uFFFD</x>'],
    ['other languages', 'Zürich 東京 😀', '<x>Zürich 東京 😀</x>'],
    ['numbers and truth values', { a: 1, b: false }, '<x><a>1</a><b>false</b></x>'],
    ['nothing', undefined, ''],
    ['missing members', { a: undefined, b: '' }, '<x><b></b></x>'],
    ['lists', ['a', { b: 'c' }], '<x><member>a</member><member><b>c</b></member></x>'],
    ['maps', new Map([['k', 1]]), '<x><entry><key>k</key><value>1</value></entry></x>'],
    ['times in whole seconds', new Date(1_700_000_000_999), '<x>2023-11-14T22:13:20Z</x>'],
    ['bytes', Buffer.from('seed'), '<x>c2VlZA==</x>'],
  ])('writes %s', (_what, value, xml) => {
    expect(element('x', value)).toBe(xml);
  });
});
