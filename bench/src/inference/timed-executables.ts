import type { Executable } from '@probity/training/engine/engine';

/** Compiled graphs by name, and what one run of each takes. */
export class TimedExecutables {
  readonly #executables = new Map<string, Executable>();

  add(name: string, executable: Executable): void {
    this.#executables.set(name, executable);
  }

  /** As a process answers it: {milliseconds} of one batch. */
  async time(name: string, images: Float32Array): Promise<{ milliseconds: number }> {
    const executable = this.#executables.get(name);
    if (!executable) throw new Error(`Bug: "${name}" was not loaded`);
    const began = performance.now();
    await executable.run({ images });
    return { milliseconds: performance.now() - began };
  }
}
