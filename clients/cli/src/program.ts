import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { deviceNamePattern } from '../../../shared/contract/patterns.ts';
import { examples, type Run } from './command.ts';
import { exitCodes, usageFailure } from './failure.ts';
import type { Host } from './host.ts';
import { addRecoveryCommands } from './recovery-program.ts';
import { harmlessLines } from './text.ts';

export const version = '0.1.0';

const overview = `
Examples:
  $ iam-mfa status                     show who you are and your devices
  $ iam-mfa add phone                  add your first or another device
  $ eval "$(iam-mfa session)"          get MFA credentials for this shell
  $ iam-mfa replace phone new-phone    replace a device with a new one

Credentials come from the same places as for the AWS CLI; the API's URL from --api, IAM_MFA_API_URL, iam_mfa_api_url of
the profile in ~/.aws/config, or ~/.config/iam-mfa/config.
Exit codes: ${exitCodes.done} done, ${exitCodes.refused} refused, ${exitCodes.usage} wrong usage or settings, \
${exitCodes.network} API not reached, ${exitCodes.interrupted} Ctrl-C.`;

/** The command line: its commands, arguments and options. */
export function buildProgram(run: Run, { stdout, stderr }: Pick<Host, 'stdout' | 'stderr'>): Command {
  const program = new Command('iam-mfa')
    .description('Manages your MFA devices in AWS IAM.')
    .version(version)
    .option('--profile <name>', "profile in the AWS CLI's files (or AWS_PROFILE)")
    .option('--api <url>', 'URL of the API (or IAM_MFA_API_URL)')
    .option('--region <region>', 'Region of the API, if its URL does not include it')
    .addOption(
      new Option('--output <format>', 'format of results').choices(['table', 'json']).default('table'),
    )
    .option('-q, --quiet', 'print only results, prompts and errors')
    .option('--no-cache', 'do not use or save sessions on disk')
    .addHelpText('after', overview)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(harmlessLines(text)),
      getOutHelpWidth: () => stdout.columns ?? 100,
    })
    .showHelpAfterError('(use --help for more information)')
    .exitOverride();
  addDeviceCommands(program, run);
  addTagCommands(program, run);
  addSession(program, run);
  addRecoveryCommands(program, run);
  addCoverage(program, run);
  addCompletion(program);
  return program;
}

function addDeviceCommands(program: Command, run: Run): void {
  program
    .command('status')
    .description('show who you are and your devices')
    .addHelpText('after', examples('status', 'status --output json --profile work'))
    .action(async (_, command: Command) =>
      run(command, async (context) => (await import('./commands/status.ts')).status(context)),
    );
  withSeedOptions(program.command('add'))
    .argument('<name>', newName, deviceName)
    .description('add a device: show its QR code, ask for two codes, enable it')
    .option('--pass [pass]', `enrolment pass from your help desk, for a first device; ${passHelp}`)
    .addHelpText('after', examples('add phone', 'add tablet --label "The old tablet"', 'add laptop --seed'))
    .action(async (name: string, options, command: Command) =>
      run(command, async (context) => (await import('./commands/enrol.ts')).add(context, name, options)),
    );
  program
    .command('enable')
    .argument('[name]', 'a pending device; can be omitted if there is only one')
    .argument('[codes...]', 'two consecutive codes; prompted for if omitted')
    .description('enable a device that was added but not enabled, or a hardware token')
    .option('--pass [pass]', `the enrolment pass used to add the device; ${passHelp}`)
    .option('--replaces <device>', 'a device to remove once this one is active')
    .option('--hardware', 'treat the name as the serial number of a hardware token')
    .addHelpText(
      'after',
      examples('enable phone', 'enable phone 123456 654321', 'enable GAHT12345678 --hardware'),
    )
    .action(async (name: string | undefined, codes: string[], options, command: Command) =>
      run(command, async (context) =>
        (await import('./commands/enrol.ts')).enablePending(context, name, codes, options),
      ),
    );
  withSeedOptions(program.command('replace'))
    .argument('<old>', 'the device to replace')
    .argument('<new>', newName, deviceName)
    .description('replace a device with a new one')
    .option('-y, --yes', 'do not ask for confirmation if the new device is already active')
    .addHelpText('after', examples('replace phone new-phone'))
    .action(async (old: string, name: string, options, command: Command) =>
      run(command, async (context) =>
        (await import('./commands/enrol.ts')).replace(context, old, name, options),
      ),
    );
  addUpkeepCommands(program, run);
}

function addUpkeepCommands(program: Command, run: Run): void {
  program
    .command('resync')
    .argument('[device]', 'one of your devices; can be omitted if you have only one')
    .argument('[codes...]', 'two consecutive codes; prompted for if omitted')
    .description('resynchronise a device whose clock has drifted')
    .addHelpText('after', examples('resync', 'resync phone 123456 654321'))
    .action(async (device: string | undefined, codes: string[], _, command: Command) =>
      run(command, async (context) => (await import('./commands/resync.ts')).resync(context, device, codes)),
    );
  program
    .command('remove')
    .argument('<device>', 'one of your devices')
    .description('remove a device, but never your last active one')
    .option('-y, --yes', 'do not ask for confirmation')
    .addHelpText('after', examples('remove tablet', 'remove tablet --yes'))
    .action(async (device: string, options, command: Command) =>
      run(command, async (context) =>
        (await import('./commands/remove.ts')).remove(context, device, options),
      ),
    );
}

/** Process listings show command lines. */
const passHelp = 'omit the value to be prompted, since other users of this machine can see command lines';

const newName = 'name for the new device: letters, digits, dots, underscores and hyphens';

/** The API checks this too, but for a further device only after a code. */
function deviceName(text: string): string {
  if (deviceNamePattern.test(text)) return text;
  throw new InvalidArgumentError('It must be 1 to 64 letters, digits, dots, underscores or hyphens.');
}

const withSeedOptions = (command: Command): Command =>
  command
    .option('--label <text>', 'what you call the device')
    .addOption(new Option('--png <file>', 'write the QR code to a new PNG file').conflicts(['svg', 'seed']))
    .addOption(new Option('--svg <file>', 'write it to a new SVG file').conflicts(['png', 'seed']))
    .addOption(new Option('--seed', 'show the key as text, not as a QR code').conflicts(['png', 'svg']));

function addTagCommands(program: Command, run: Run): void {
  const load = () => import('./commands/tags.ts');
  program
    .command('tags')
    .argument('<device>', 'one of your devices')
    .description('show the tags of a device')
    .addHelpText('after', examples('tags phone'))
    .action(async (device: string, _, command: Command) =>
      run(command, async (context) => (await load()).listTags(context, device)),
    );
  program
    .command('tag')
    .argument('<device>', 'one of your devices')
    .argument('<tags...>', 'KEY=VALUE')
    .description('tag a device')
    .addHelpText('after', examples('tag phone team=blue "cost centre=4711"'))
    .action(async (device: string, tags: string[], _, command: Command) =>
      run(command, async (context) => (await load()).tag(context, device, tags)),
    );
  program
    .command('untag')
    .argument('<device>', 'one of your devices')
    .argument('<keys...>', 'keys of the tags to remove')
    .description('remove tags from a device')
    .addHelpText('after', examples('untag phone team'))
    .action(async (device: string, keys: string[], _, command: Command) =>
      run(command, async (context) => (await load()).untag(context, device, keys)),
    );
}

/** Seconds. Source: STS API Reference, GetSessionToken. */
const shortest = 900;
const longest = 129_600;

/** Parses `3600`, `90m` or `12h` to seconds. */
export function parseDuration(text: string): number {
  const [, count = '', unit = 's'] = /^(\d{1,6})([smh]?)$/.exec(text) ?? [];
  const seconds = Number(count) * ({ s: 1, m: 60, h: 3600 }[unit] ?? 1);
  if (count !== '' && seconds >= shortest && seconds <= longest) return seconds;
  throw new InvalidArgumentError('It must be from 15m to 36h, or the equivalent in seconds.');
}

/** Goes between the brackets of a section heading. */
function profileName(text: string): string {
  if (/^[^[\]\p{Cc}]+$/u.test(text)) return text;
  throw new InvalidArgumentError('It cannot contain brackets or line breaks.');
}

function addSession(program: Command, run: Run): void {
  const formats = ['env', 'profile', 'credential-process'];
  program
    .command('session')
    .description('print session credentials with MFA for other programs')
    .addOption(
      new Option('--format <format>', 'what to print; "profile" is a new section for ~/.aws/credentials')
        .choices(formats)
        .default('env'),
    )
    .option('--duration <time>', 'how long it lasts at most; 12h by default', parseDuration)
    .option('--name <profile>', 'name of the printed profile', profileName)
    .option('--renew', 'get a new session even if one is saved')
    .option('--forget', 'delete saved sessions and print nothing')
    .addHelpText(
      'after',
      `${examples('session --duration 1h', 'session --renew')}\n  $ eval "$(iam-mfa session)"\n
To give the AWS CLI and SDKs a profile with MFA that renews itself, add to ~/.aws/config:\n
  [profile mfa]\n  credential_process = iam-mfa session --profile default --format credential-process`,
    )
    .action(async (options, command: Command) =>
      run(command, async (context) => (await import('./commands/session.ts')).session(context, options)),
    );
}

function addCoverage(program: Command, run: Run): void {
  program
    .command('coverage')
    .description('show which users have MFA (for auditors)')
    .addOption(
      new Option('--mfa <which>', 'users without MFA (none), with MFA (some) or all users (any)').choices([
        'none',
        'some',
        'any',
      ]),
    )
    .option('--csv', 'print CSV')
    .option('--accounts <file>', 'ask the APIs of all accounts in this JSON file')
    .option('--state <file>', 'with --accounts: keep what is done, for the next run to continue')
    .addHelpText(
      'after',
      examples(
        'coverage --mfa none',
        'coverage --csv > coverage.csv',
        'coverage --accounts accounts.json --mfa none',
      ),
    )
    .action(async ({ accounts, state, ...options }, command: Command) =>
      run(command, async (context) => {
        if (accounts !== undefined) {
          const { organisationCoverage } = await import('./commands/organisation-coverage.ts');
          return organisationCoverage(context, { ...options, accounts, state });
        }
        if (state !== undefined) throw usageFailure('--state is only for --accounts.');
        await (await import('./commands/coverage.ts')).coverage(context, options);
      }),
    );
}

function addCompletion(program: Command): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
    .description('print a completion script for your shell')
    .addHelpText(
      'after',
      `\nExamples:
  $ iam-mfa completion bash >> ~/.bashrc
  $ iam-mfa completion zsh >> ~/.zshrc      (after compinit)
  $ iam-mfa completion fish > ~/.config/fish/completions/iam-mfa.fish`,
    )
    .action(async (shell: 'bash' | 'zsh' | 'fish', _, command: Command) => {
      const { completionScript } = await import('./commands/completion.ts');
      command.configureOutput().writeOut?.(`${completionScript(program, shell)}\n`);
    });
}
