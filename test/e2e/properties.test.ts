import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import { useApi, type Who } from '../support/e2e.ts';
import { createFirst, enrolFirst, stepUp } from '../support/e2e-flows.ts';
import { type GeneratedRequest, requestsTo } from '../support/generators.ts';
import { staffSession } from '../support/staff.ts';

// A failure prints the seed and path that reproduce it. `api` checks every answer against docs/openapi.json.

const api = useApi();
const operations = await loadOperations();
const callers = ['alice', 'bob'];

/** The state that does not belong to the callers. */
const ofOthers = () =>
  JSON.stringify(
    api.stack.account.devices
      .records()
      .filter(
        ({ serialNumber }) => !callers.some((name) => serialNumber.includes(`:mfa/self-service/${name}/`)),
      ),
  );

/** Callers who may call the operation, and some who may not. */
async function callersOf({ audience }: Operation): Promise<readonly Who[]> {
  const users = [stepUp(api, 'bob'), 'bob', stepUp(api, 'alice'), 'alice'];
  if (audience.includes('self-service') || audience.includes('anyone')) return users;
  const staff = await Promise.all(['ann', 'pat', 'kim'].map((name) => staffSession(api.stack, name)));
  return [...staff, stepUp(api, 'admin'), stepUp(api, 'bob')];
}

describe('every route, whatever is sent to it', () => {
  it.each(operations)(
    '$name answers as documented, never with 5xx, and touches nothing of others',
    async (operation) => {
      await createFirst(api, 'carol');
      await enrolFirst(api, 'alice', 'tablet');
      const keys = await callersOf(operation);
      const before = ofOthers();
      const statuses = new Set<number>();

      const send = async (request: GeneratedRequest, who: number) => {
        const { method, target, headers, body } = request;
        const answer = await api.fetch(keys[who] ?? 'bob', method, target, body, headers);
        statuses.add(answer.status);
        expect(answer.status, answer.text).toBeLessThan(500);
      };
      await fc.assert(fc.asyncProperty(requestsTo(operation), fc.nat({ max: keys.length - 1 }), send), {
        numRuns: 40,
        // Caps the time spent shrinking a failure.
        interruptAfterTimeLimit: 20_000,
        markInterruptAsFailure: true,
      });

      expect(ofOthers()).toBe(before);
      expect([...statuses].some((status) => status !== 403)).toBe(true);
    },
  );
});
