/** How long at least one call was under way: calls that overlap count once. */
export class BusyClock {
  #running = 0;
  #began = 0;
  #milliseconds = 0;

  get busyMilliseconds(): number {
    return this.#milliseconds + (this.#running > 0 ? performance.now() - this.#began : 0);
  }

  async during<Result>(call: () => Promise<Result>): Promise<Result> {
    if (this.#running++ === 0) this.#began = performance.now();
    try {
      return await call();
    } finally {
      if (--this.#running === 0) this.#milliseconds += performance.now() - this.#began;
    }
  }
}
