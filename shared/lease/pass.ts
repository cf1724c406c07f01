import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { base32 } from '../lib/base32.ts';
import { clock } from '../lib/clock.ts';
import type { Guard, StoredPass } from './ports.ts';

/** 120 bits: 24 characters without padding. */
const passBytes = 15;
const passMillis = 3_600_000;
/** Wrong attempts after which the pass is void. */
const mostWrong = 5;

/** A new enrolment pass, valid for an hour: what the user gets, once, and what the table keeps. */
export function newPass(recoveryId: string): { readonly pass: string; readonly stored: StoredPass } {
  const pass = base32(randomBytes(passBytes)).replace(/.{4}(?=.)/g, '$&-');
  const hash = digest(pass).toString('base64url');
  return { pass, stored: { recoveryId, hash, expiresAt: clock.now() + passMillis, wrong: 0 } };
}

/** Whether a pass can still be used. Under a guard, only a pass of the guard's own recovery can. */
export const isUsable = (stored: StoredPass, guard: Guard | undefined): boolean =>
  stored.wrong < mostWrong &&
  clock.now() < stored.expiresAt &&
  (guard === undefined || guard.recoveryId === stored.recoveryId);

/** Whether what was sent is the pass. Compares in constant time. */
export function isPass(sent: string, { hash }: StoredPass): boolean {
  const expected = Buffer.from(hash, 'base64url');
  const actual = digest(sent);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

const digest = (pass: string): Buffer => createHash('sha256').update(pass).digest();
