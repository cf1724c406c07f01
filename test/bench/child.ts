import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface ChildOptions {
  /** Passed as the process's only argument, as JSON. */
  readonly input?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly execArgv?: readonly string[];
}

export interface Child<Told> {
  /** The first message from the process. */
  readonly told: Told;
  end(): Promise<void>;
}

/**
 * Starts a module of `processes/` in its own process and waits for its first message. Its output is discarded, as
 * a function's logging costs only the write.
 */
export async function startChild<Told>(
  module: string,
  { input, env = {}, execArgv = [] }: ChildOptions = {},
): Promise<Child<Told>> {
  const child = fork(
    fileURLToPath(new URL(`./processes/${module}`, import.meta.url)),
    [JSON.stringify(input ?? null)],
    {
      env: { ...env },
      execArgv: [...execArgv],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
  const text = await Promise.race([firstMessage(child), failure(module, child)]);
  return { told: JSON.parse(text), end: () => endProcess(child) };
}

/** The same for a process that is done after its first message. */
export async function askChild<Told>(module: string, options?: ChildOptions): Promise<Told> {
  const { told, end } = await startChild<Told>(module, options);
  await end();
  return told;
}

async function firstMessage(child: ChildProcess): Promise<string> {
  const [message] = await once(child, 'message');
  return String(message);
}

async function failure(module: string, child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`${module} ended with ${code} before it told anything`);
}

/** Asks a process to exit, and waits until it has. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill();
  await exited;
}
