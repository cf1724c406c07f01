import { type Command, InvalidArgumentError, Option } from 'commander';
import { recoveryIdPattern } from '../../../shared/contract/patterns.ts';
// Not from its index, which loads the whole client.
import { recoveryStates, requestedReasons } from '../../typescript/src/models.ts';
import { examples, type Run } from './command.ts';

const load = () => import('./commands/recovery.ts');

/** Policies let no other through, and would seem to be the reason of the refusal. */
function recoveryId(text: string): string {
  if (recoveryIdPattern.test(text)) return text;
  throw new InvalidArgumentError(
    'It must be 26 letters a to z and digits 2 to 7: see "iam-mfa recovery list".',
  );
}

/** Recoveries: what help desk, approvers and the user himself do about a lost device. */
export function addRecoveryCommands(program: Command, run: Run): void {
  const recovery = program
    .command('recovery')
    .description('ask for, decide on and object to recoveries of lost devices');
  addRequest(recovery, run);
  recovery
    .command('list')
    .description('list recoveries, the latest first')
    .addOption(
      new Option('--state <state>', 'those in this state; requested by default').choices(recoveryStates),
    )
    .option('--mine', 'those of your own devices, in every state')
    .addHelpText('after', examples('recovery list', 'recovery list --state executed', 'recovery list --mine'))
    .action(async (options, command: Command) =>
      run(command, async (context) => (await load()).list(context, options)),
    );
  addApprove(recovery, run);
  addChange(recovery, run, 'show', 'show a recovery');
  addChange(recovery, run, 'deny', 'deny a recovery, which ends it');
  addChange(recovery, run, 'cancel', 'cancel a recovery that is not needed any more');
  addChange(recovery, run, 'object', 'object to a recovery of your own devices');
  recovery
    .command('pass')
    .argument('<id>', 'id of an executed recovery', recoveryId)
    .description('print the pass with which the user enrols again')
    .addHelpText('after', examples('recovery pass ID'))
    .action(async (id: string, _, command: Command) =>
      run(command, async (context) => (await load()).pass(context, id)),
    );
}

function addRequest(recovery: Command, run: Run): void {
  recovery
    .command('request')
    .argument('<user>', 'name of the user who lost his device')
    .description('ask for a recovery; somebody else has to approve it')
    .requiredOption('--ticket <system:id>', 'ticket of the help desk')
    .addOption(
      new Option('--reason <reason>', 'what became of the device')
        .choices(requestedReasons)
        .makeOptionMandatory(),
    )
    .option('--ticket-url <url>', 'where the ticket can be read')
    .option('--device <ids...>', 'only these of his devices')
    .option('--evidence <text>', 'how you made sure who the user is')
    .addHelpText('after', examples('recovery request bob --ticket servicenow:INC0012345 --reason stolen'))
    .action(async (user: string, options, command: Command) =>
      run(command, async (context) => (await load()).request(context, user, options)),
    );
}

function addApprove(recovery: Command, run: Run): void {
  recovery
    .command('approve')
    .argument('<id>', 'id of a recovery', recoveryId)
    .description("approve a recovery, which removes the user's devices")
    .option('-y, --yes', 'do not show it and ask first')
    .addHelpText('after', examples('recovery approve ID', 'recovery approve ID --yes'))
    .action(async (id: string, options, command: Command) =>
      run(command, async (context) => (await load()).approve(context, id, options)),
    );
}

type Change = 'show' | 'deny' | 'cancel' | 'object';

function addChange(recovery: Command, run: Run, name: Change, description: string): void {
  recovery
    .command(name)
    .argument('<id>', 'id of a recovery', recoveryId)
    .description(description)
    .addHelpText('after', examples(`recovery ${name} ID`))
    .action(async (id: string, _, command: Command) =>
      run(command, async (context) => (await load()).change(context, name, id)),
    );
}
