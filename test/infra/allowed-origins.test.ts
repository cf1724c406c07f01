import { describe, expect, it } from 'vitest';
import { parseAllowedOrigins } from '../../infra/template/allowed-origins.ts';

describe('the allowed origins', () => {
  it.each([
    ['', []],
    ['https://portal.example.com', ['https://portal.example.com']],
    [
      'https://portal.example.com:8443,http://localhost:5173,http://127.0.0.1:4000',
      ['https://portal.example.com:8443', 'http://localhost:5173', 'http://127.0.0.1:4000'],
    ],
  ])('from "%s" are %j', (list, origins) => {
    expect(parseAllowedOrigins(list)).toEqual(origins);
  });

  it.each([
    ['every origin', '*'],
    ['the origin of sandboxed pages and files', 'null'],
    ['a wildcard', 'https://*.example.com'],
    ['a path', 'https://portal.example.com/'],
    ['a user', 'https://user@portal.example.com'],
    ['no scheme', 'portal.example.com'],
    ['another scheme', 'file://portal'],
    ["the scheme's own port", 'https://portal.example.com:443'],
    ['capitals', 'https://Portal.example.com'],
    ['a quote, which would end a string of the template', 'https://portal.example.com"||true||"'],
    ['an apostrophe', "https://portal.example.com'"],
    ['a reference of the template', 'https://$context.identity'],
    ['plain HTTP', 'http://portal.example.com'],
    ['a host that begins like the own machine', 'http://localhost.example.com'],
    ['spaces', 'https://a.example.com, https://b.example.com'],
    ['an empty one', 'https://a.example.com,'],
    ['one twice', 'https://a.example.com,https://a.example.com'],
  ])('are refused with %s', (_, list) => {
    expect(() => parseAllowedOrigins(list)).toThrow('allowedOrigins');
  });

  it('are refused when preflights cannot name them all', () => {
    const list = Array.from({ length: 21 }, (_, index) => `https://p${index}.example.com`).join(',');
    expect(() => parseAllowedOrigins(list)).toThrow('at most');
  });
});
