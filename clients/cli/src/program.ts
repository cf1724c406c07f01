import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { deviceNamePattern } from '../../../shared/contract/patterns.ts';
import { examples, type Run } from './command.ts';
import { exitCodes } from './failure.ts';
import type { Host } from './host.ts';
import { addRecoveryCommands } from './recovery-program.ts';
import { harmlessLines } from './text.ts';

export const version = '0.1.0';

const overview = `
Examples:
  $ iam-mfa status                     who you are, and your devices
  $ iam-mfa add phone                  your first device, or a further one
  $ eval "$(iam-mfa session)"          credentials with MFA for this shell
  $ iam-mfa replace phone new-phone    a new device in the place of an old one

Credentials are found as by the AWS CLI. The API is named by --api, IAM_MFA_API_URL or ~/.config/iam-mfa/config.
Exit codes: ${exitCodes.done} done, ${exitCodes.refused} refused, ${exitCodes.usage} wrong usage or settings, \
${exitCodes.network} API not reached, ${exitCodes.interrupted} Ctrl-C.`;

/** The command line: what there is, and what it is called with. */
export function buildProgram(run: Run, { stdout, stderr }: Pick<Host, 'stdout' | 'stderr'>): Command {
  const program = new Command('iam-mfa')
    .description('Looks after your MFA devices in AWS IAM.')
    .version(version)
    .option('--profile <name>', "profile of the AWS CLI's files (or AWS_PROFILE)")
    .option('--api <url>', 'URL of the API (or IAM_MFA_API_URL)')
    .option('--region <region>', 'Region of the API, where its URL does not tell')
    .addOption(
      new Option('--output <format>', 'how results are printed').choices(['table', 'json']).default('table'),
    )
    .option('-q, --quiet', 'print results, questions and failures only')
    .option('--no-cache', 'neither use nor keep sessions on disk')
    .addHelpText('after', overview)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(harmlessLines(text)),
      getOutHelpWidth: () => stdout.columns ?? 100,
    })
    .showHelpAfterError('(--help tells more)')
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
    .description('add a device: show its QR code, take two codes, enable it')
    .option('--pass [pass]', `enrolment pass from your help desk, for a first device; ${passHelp}`)
    .addHelpText('after', examples('add phone', 'add tablet --label "The old tablet"', 'add laptop --seed'))
    .action(async (name: string, options, command: Command) =>
      run(command, async (context) => (await import('./commands/enrol.ts')).add(context, name, options)),
    );
  program
    .command('enable')
    .argument('[name]', 'a device that waits for it; may be left out if there is one only')
    .argument('[codes...]', 'two consecutive codes; asked for if left out')
    .description('enable a device that was added but not enabled, or a hardware token')
    .option('--pass [pass]', `the enrolment pass that the device was added with; ${passHelp}`)
    .option('--replaces <device>', 'a device that goes when this one is active')
    .option('--hardware', 'name is the serial number of a hardware token')
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
    .argument('<old>', 'a device of yours')
    .argument('<new>', newName, deviceName)
    .description('put a new device in the place of an old one')
    .option('-y, --yes', 'do not ask where the new device is active already')
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
    .argument('[device]', 'may be left out if you have one only')
    .argument('[codes...]', 'two consecutive codes; asked for if left out')
    .description('resynchronise a device whose clock has drifted')
    .addHelpText('after', examples('resync', 'resync phone 123456 654321'))
    .action(async (device: string | undefined, codes: string[], _, command: Command) =>
      run(command, async (context) => (await import('./commands/resync.ts')).resync(context, device, codes)),
    );
  program
    .command('remove')
    .argument('<device>', 'a device of yours')
    .description('remove a device, but never your last active one')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', examples('remove tablet', 'remove tablet --yes'))
    .action(async (device: string, options, command: Command) =>
      run(command, async (context) =>
        (await import('./commands/remove.ts')).remove(context, device, options),
      ),
    );
}

/** Command lines are in the list of processes. */
const passHelp = 'without a value it is asked for, since others on this machine see what stands here';

const newName = 'name of the new device: letters, digits, dots, underscores and hyphens';

/** The API says the same, but to further devices only after a code. */
function deviceName(text: string): string {
  if (deviceNamePattern.test(text)) return text;
  throw new InvalidArgumentError('It must be 1 to 64 letters, digits, dots, underscores and hyphens.');
}

const withSeedOptions = (command: Command): Command =>
  command
    .option('--label <text>', 'what you call the device')
    .addOption(new Option('--png <file>', 'write the QR code into a new file').conflicts(['svg', 'seed']))
    .addOption(new Option('--svg <file>', 'the same as SVG').conflicts(['png', 'seed']))
    .addOption(new Option('--seed', 'show the key to type instead of the QR code').conflicts(['png', 'svg']));

function addTagCommands(program: Command, run: Run): void {
  const load = () => import('./commands/tags.ts');
  program
    .command('tags')
    .argument('<device>', 'a device of yours')
    .description('show the tags of a device')
    .addHelpText('after', examples('tags phone'))
    .action(async (device: string, _, command: Command) =>
      run(command, async (context) => (await load()).listTags(context, device)),
    );
  program
    .command('tag')
    .argument('<device>', 'a device of yours')
    .argument('<tags...>', 'KEY=VALUE')
    .description('tag a device')
    .addHelpText('after', examples('tag phone team=blue "cost centre=4711"'))
    .action(async (device: string, tags: string[], _, command: Command) =>
      run(command, async (context) => (await load()).tag(context, device, tags)),
    );
  program
    .command('untag')
    .argument('<device>', 'a device of yours')
    .argument('<keys...>', 'keys of the tags that go')
    .description('take tags off a device')
    .addHelpText('after', examples('untag phone team'))
    .action(async (device: string, keys: string[], _, command: Command) =>
      run(command, async (context) => (await load()).untag(context, device, keys)),
    );
}

/** Seconds. Source: STS API reference, GetSessionToken. */
const shortest = 900;
const longest = 129_600;

/** `3600`, `90m` or `12h`, in seconds. */
export function parseDuration(text: string): number {
  const [, count = '', unit = 's'] = /^(\d{1,6})([smh]?)$/.exec(text) ?? [];
  const seconds = Number(count) * ({ s: 1, m: 60, h: 3600 }[unit] ?? 1);
  if (count !== '' && seconds >= shortest && seconds <= longest) return seconds;
  throw new InvalidArgumentError('It must be 15m to 36h, or that in seconds.');
}

/** What stands between the brackets of a heading. */
function profileName(text: string): string {
  if (/^[^[\]\p{Cc}]+$/u.test(text)) return text;
  throw new InvalidArgumentError('It must have no brackets and line breaks.');
}

function addSession(program: Command, run: Run): void {
  const formats = ['env', 'profile', 'credential-process'];
  program
    .command('session')
    .description('print a session with MFA for other programs')
    .addOption(
      new Option('--format <format>', 'what to print: "profile" is a new section of ~/.aws/credentials')
        .choices(formats)
        .default('env'),
    )
    .option('--duration <time>', 'how long it lasts, and not longer; 12h by default', parseDuration)
    .option('--name <profile>', 'name of the profile that is printed', profileName)
    .option('--renew', 'get a new one though one is kept')
    .option('--forget', 'delete what is kept on disk, and print nothing')
    .addHelpText(
      'after',
      `${examples('session --duration 1h', 'session --renew')}\n  $ eval "$(iam-mfa session)"\n
In ~/.aws/config, for a profile that the AWS CLI and any SDK use with MFA, and that renews itself:\n
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
    .addOption(new Option('--mfa <which>', 'only these users').choices(['none', 'some', 'any']))
    .option('--csv', 'print it as CSV')
    .addHelpText('after', examples('coverage --mfa none', 'coverage --csv > coverage.csv'))
    .action(async (options, command: Command) =>
      run(command, async (context) => (await import('./commands/coverage.ts')).coverage(context, options)),
    );
}

function addCompletion(program: Command): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
    .description('print what makes your shell complete this command')
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
