import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadOperations } from '../../infra/operations.ts';
import { useApi } from '../support/e2e.ts';
import { createFirst, enrolFirst, stepUp } from '../support/e2e-flows.ts';
import { type GeneratedRequest, requestsTo } from '../support/generators.ts';

// A failure prints the seed and the path that repeat it. Each answer is held against docs/openapi.json by `api`.

const api = useApi();
const operations = await loadOperations();
const callers = ['alice', 'bob'];

/** All that is not the callers' own. */
const ofOthers = () =>
  JSON.stringify(
    api.stack.account.devices
      .records()
      .filter(
        ({ serialNumber }) => !callers.some((name) => serialNumber.includes(`:mfa/self-service/${name}/`)),
      ),
  );

describe('every route, whatever is sent to it', () => {
  it.each(operations)(
    '$name answers as documented, never with 5xx, and touches nothing of others',
    async (operation) => {
      await createFirst(api, 'carol');
      await enrolFirst(api, 'alice', 'tablet');
      const keys = [stepUp(api, 'bob'), 'bob', stepUp(api, 'alice'), 'alice'];
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
        // A failure is shrunk for some seconds at most.
        interruptAfterTimeLimit: 20_000,
        markInterruptAsFailure: true,
      });

      expect(ofOthers()).toBe(before);
      expect([...statuses].some((status) => status !== 403)).toBe(true);
    },
  );
});
