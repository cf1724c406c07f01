import { type Client, type Credentials, createClient, type GetMeOutput } from '../../typescript/src/index.ts';
import { StepUpPrompt } from './step-up.ts';

/** The signed-in user, kept in memory only. */
export interface Account {
  readonly client: Client;
  /** For every call: aborts it when the user leaves. */
  readonly options: { readonly signal: AbortSignal };
  /** As of the last `refresh`. */
  readonly me: () => GetMeOutput;
  /** Device labels by id, for prompts that know only names. */
  readonly labels: Map<string, string>;
  /** Milliseconds since the epoch, by the service's clock. */
  readonly now: () => number;
  refresh(): Promise<void>;
  /** Runs a change, then closes any open prompt for a code. */
  change<T>(work: () => Promise<T>): Promise<T>;
  leave(): void;
}

/** The API has the same origin and stage or base path as the page. */
const apiUrl = (): string => location.origin + location.pathname.replace(/\/+$/, '');

const region = (): string | undefined =>
  document.querySelector<HTMLMetaElement>('meta[name=region]')?.content || undefined;

/** Signs in by asking the API whose credentials these are. Throws what the client throws. */
export async function signIn(credentials: Credentials): Promise<Account> {
  const controller = new AbortController();
  const options = { signal: controller.signal };
  const labels = new Map<string, string>();
  const prompt = new StepUpPrompt(
    ({ id, name }) => labels.get(id) ?? name,
    () => client.forgetSession(),
  );
  const client: Client = createClient({
    url: apiUrl(),
    region: region(),
    credentials,
    code: prompt.ask,
    onSession: () => prompt.close(),
    waitForDevice: true,
  });
  let known = await identify(client, options);
  return {
    client,
    options,
    me: () => known.me,
    labels,
    now: () => Date.now() + known.ahead,
    refresh: async () => {
      known = await identify(client, options);
    },
    change: async (work) => {
      try {
        return await work();
      } finally {
        prompt.close();
      }
    },
    leave: () => {
      controller.abort();
      client.forgetSession();
    },
  };
}

async function identify(client: Client, options: Account['options']) {
  const asked = Date.now();
  const me = await client.getMe(options);
  // Assumes that request and answer took equally long, which is good enough for a countdown.
  const ahead = Date.parse(me.serverTime) - (asked + Date.now()) / 2;
  return { me, ahead };
}
