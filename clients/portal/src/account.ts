import { type Client, type Credentials, createClient, type GetMeOutput } from '../../typescript/src/index.ts';
import { StepUpPrompt } from './step-up.ts';

/** Who is signed in. Nothing of it is kept anywhere but in memory. */
export interface Account {
  readonly client: Client;
  /** For every call: ends it when the user leaves. */
  readonly options: { readonly signal: AbortSignal };
  /** The state at the last `refresh`. */
  readonly me: () => GetMeOutput;
  /** What the user calls his devices, by their ids, for prompts that know only their names. */
  readonly labels: Map<string, string>;
  /** Milliseconds since the epoch, by the clock of the service. */
  readonly now: () => number;
  refresh(): Promise<void>;
  /** Runs a change, and closes the prompt for a code when it has ended. */
  change<T>(work: () => Promise<T>): Promise<T>;
  leave(): void;
}

/** The API is where the page is, with its stage or base path. */
const apiUrl = (): string => location.origin + location.pathname.replace(/\/+$/, '');

const region = (): string | undefined =>
  document.querySelector<HTMLMetaElement>('meta[name=region]')?.content || undefined;

/** Signs in by asking who the credentials are of. Throws what the client throws. */
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
  // Half of the time that the answer took is a guess, and good enough for a countdown.
  const ahead = Date.parse(me.serverTime) - (asked + Date.now()) / 2;
  return { me, ahead };
}
