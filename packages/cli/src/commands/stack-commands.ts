import type { Command } from 'commander';
import { answering, type CommandContext } from '../answer.js';
import { EXIT } from '../exit-codes.js';
import { describeFindings } from '../print/findings.js';
import { describeServices } from '../print/services.js';
import { doctor, doctorExitCode } from '../stack/doctor.js';
import { readStack } from '../stack/read-stack.js';
import { startStack } from '../stack/start-stack.js';
import { stopStack } from '../stack/stop-stack.js';
import { say, settingsOf } from '../terminal.js';

/** `up`, `down`, `doctor`: the embedded stack of the home folder. */
export function addStackCommands(program: Command, context: CommandContext): void {
  addUp(program, context);
  addDown(program, context);
  addDoctor(program, context);
}

function addUp(program: Command, context: CommandContext): void {
  const { terminal } = context;
  program
    .command('up')
    .description('Start what does not run yet: Temporal, the workers, the console. It stays up until "probity down".')
    .option('--host <address>', 'address to listen at; without it nothing is open to the network', '127.0.0.1')
    .addHelpText(
      'after',
      '\nExamples:\n  $ probity up\n  $ PROBITY_HOME=/data/probity probity up\n  $ TEMPORAL_ADDRESS=cluster:7233 probity up      workers and console only',
    )
    .action(
      answering(context, async ({ host }: { host: string }) => {
        const { home } = settingsOf(terminal);
        await startStack({ home, host, environment: terminal.environment, onProgress: (line) => say(terminal, line) });
        const services = await readStack(home);
        return { json: { home, services }, text: describeServices(home, services) };
      }),
    );
}

function addDown(program: Command, context: CommandContext): void {
  const { terminal } = context;
  program
    .command('down')
    .description(
      'Stop what "up", "demo" or "campaign start" started. Nothing is lost: campaigns go on with the next "up".',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ probity down\n  $ PROBITY_HOME=.probity/demo probity down       the stack of the demo',
    )
    .action(
      answering(context, async () => {
        const { home } = settingsOf(terminal);
        const stopped = await stopStack({ home, onProgress: (line) => say(terminal, line) });
        const killed = stopped.filter(({ end }) => end === 'killed').map(({ name }) => name);
        const note = killed.length === 0 ? '' : `; ${killed.join(', ')} did not end by itself and was killed`;
        const text =
          stopped.length === 0
            ? `Nothing runs from "${home}"`
            : `Stopped ${stopped.map(({ name }) => name).join(', ')}${note}`;
        return { json: { home, stopped }, text };
      }),
    );
}

function addDoctor(program: Command, context: CommandContext): void {
  const { terminal } = context;
  program
    .command('doctor')
    .description(
      'Look at everything a campaign needs and say what to do about what is missing. Exit code 1 for a fault.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ probity doctor\n  $ probity doctor --json | jq \'.[] | select(.state != "ok")\'',
    )
    .action(
      answering(context, async () => {
        const findings = await doctor(terminal.environment);
        return {
          json: findings,
          text: describeFindings(findings),
          exitCode: doctorExitCode(findings) === 0 ? EXIT.ok : EXIT.failed,
        };
      }),
    );
}
