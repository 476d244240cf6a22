import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';

/**
 * A rival in a process of its own that answers one JSON line to each JSON line: it is started and warmed once, so runs
 * of ours and of theirs can alternate on the same machine within the same minutes.
 */
export class RivalProcess {
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  #waiting: { resolve: (value: Record<string, unknown>) => void; reject: (reason: Error) => void } | undefined;

  constructor(command: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...environment } });
    this.#lines = createInterface({ input: this.#child.stdout! });
    this.#lines.on('line', (line) => {
      this.#waiting?.resolve(JSON.parse(line) as Record<string, unknown>);
      this.#waiting = undefined;
    });
    this.#child.on('exit', (code, signal) => {
      this.#waiting?.reject(new Error(`The rival "${args.join(' ')}" ended with ${code ?? signal} before it answered`));
      this.#waiting = undefined;
    });
  }

  /** Its number, for what the system says of it; absent where it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** One request at a time. */
  ask(request: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    if (this.#waiting) throw new Error('Bug: the rival is still busy');
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#child.stdin!.write(`${JSON.stringify(request)}\n`);
    });
  }

  /** What a command that answers `{milliseconds}` took, by the answering process's own clock. */
  async time(command: string): Promise<number> {
    return Number((await this.ask({ command }))['milliseconds']);
  }

  async peakBytes(): Promise<number> {
    return Number((await this.ask({ command: 'memory' }))['peakBytes']);
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.stdin!.end();
    await ended;
  }
}
