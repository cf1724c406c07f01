import { type Command, InvalidArgumentError, Option } from 'commander';
import { recoveryIdPattern } from '../../../shared/contract/patterns.ts';
// Not from index.ts, which loads the whole client.
import { recoveryStates, requestedReasons } from '../../typescript/src/models.ts';
import { examples, type Run } from './command.ts';

const load = () => import('./commands/recovery.ts');

/** Policies deny any other id, so a typo would look like missing permissions. */
function recoveryId(text: string): string {
  if (recoveryIdPattern.test(text)) return text;
  throw new InvalidArgumentError(
    'It must be 26 characters, letters a to z and digits 2 to 7: see "iam-mfa recovery list".',
  );
}

/** Recoveries of lost devices, for the help desk, approvers and the users themselves. */
export function addRecoveryCommands(program: Command, run: Run): void {
  const recovery = program
    .command('recovery')
    .description('request, approve, deny or object to recoveries of lost devices');
  addRequest(recovery, run);
  recovery
    .command('list')
    .description('list recoveries, latest first')
    .addOption(
      new Option('--state <state>', 'only recoveries in this state; by default requested').choices(
        recoveryStates,
      ),
    )
    .option('--mine', 'recoveries of your own devices, in any state')
    .addHelpText('after', examples('recovery list', 'recovery list --state executed', 'recovery list --mine'))
    .action(async (options, command: Command) =>
      run(command, async (context) => (await load()).list(context, options)),
    );
  addApprove(recovery, run);
  addChange(recovery, run, 'show', 'show a recovery');
  addChange(recovery, run, 'deny', 'deny a recovery for good');
  addChange(recovery, run, 'cancel', 'cancel a recovery that is no longer needed');
  addChange(recovery, run, 'object', 'object to a recovery of your own devices');
  recovery
    .command('pass')
    .argument('<id>', 'id of an executed recovery', recoveryId)
    .description('print the pass the user needs to enrol again')
    .addHelpText('after', examples('recovery pass ID'))
    .action(async (id: string, _, command: Command) =>
      run(command, async (context) => (await load()).pass(context, id)),
    );
}

function addRequest(recovery: Command, run: Run): void {
  recovery
    .command('request')
    .argument('<user>', 'name of the user who lost their device')
    .description('request a recovery, which another person must approve')
    .requiredOption('--ticket <system:id>', 'the help desk ticket')
    .addOption(
      new Option('--reason <reason>', 'what happened to the device')
        .choices(requestedReasons)
        .makeOptionMandatory(),
    )
    .option('--ticket-url <url>', 'link to the ticket')
    .option('--device <ids...>', "remove only these of the user's devices")
    .option('--evidence <text>', "how you verified the user's identity")
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
    .option('-y, --yes', 'approve without showing it or asking for confirmation')
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
