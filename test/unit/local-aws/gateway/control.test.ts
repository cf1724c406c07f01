import { createServer, type Server } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { Faults } from '../../../../local-aws/aws/faults.ts';
import { LocalClock } from '../../../../local-aws/clock.ts';
import { type ControlOptions, createControl } from '../../../../local-aws/control.ts';
import { close, listen } from '../../../../local-aws/servers.ts';
import { rawFetch } from '../../../support/http.ts';

let server: Server;
afterEach(() => close(server));

async function serve(options: Partial<ControlOptions>) {
  const control = createControl({
    clock: new LocalClock(),
    faults: new Faults(),
    setListLag: () => undefined,
    healthy: () => true,
    keepTime: async () => undefined,
    reset: async () => undefined,
    run: async () => undefined,
    recordedEvents: () => ({}),
    inspect: async () => ({}),
    settled: async () => undefined,
    ...options,
  });
  server = createServer((request, response) => void control(request, response));
  return listen(server, 0);
}

it.each([
  [true, 200],
  [false, 503],
])('health is told while all ports serve (%s): %d', async (healthy, status) => {
  const url = await serve({ healthy: () => healthy });
  expect((await rawFetch(url, 'GET', '/_local/health')).status).toBe(status);
});

it('a reset that fails is not taken for one', async () => {
  const url = await serve({ reset: () => Promise.reject(new Error('the table is gone')) });
  const answer = await rawFetch(url, 'POST', '/_local/reset');
  expect(answer).toMatchObject({ status: 500 });
  expect(answer.json()).toEqual({ error: 'the table is gone' });
});
