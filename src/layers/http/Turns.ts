/** A queue in an array that never grows: nothing has to be compacted, and the end of it is known. */
class Lane<A> {
  readonly #ring: Array<A | null>;
  #first = 0;
  #count = 0;

  constructor(most: number) {
    this.#ring = Array.from({ length: most }, () => null);
  }

  get size(): number {
    return this.#count;
  }

  /** @returns whether there was room. */
  put(job: A): boolean {
    if (this.#count === this.#ring.length) return false;
    this.#ring[(this.#first + this.#count) % this.#ring.length] = job;
    this.#count += 1;
    return true;
  }

  take(): A | null {
    const job = this.#ring[this.#first] ?? null;
    if (job === null) return null;
    this.#ring[this.#first] = null;
    this.#first = (this.#first + 1) % this.#ring.length;
    this.#count -= 1;
    return job;
  }
}

interface Options<A> {
  readonly run: (job: A) => void;
  /** Milliseconds for which jobs are run before everything else in the process has its turn. */
  readonly turnMs: number;
  /** So many jobs wait at most, in each of the two lanes. */
  readonly most: number;
  /** Milliseconds that only go forward. */
  readonly now?: () => number;
}

/**
 * Runs jobs one after the other, in turns between which the event loop gets on with the rest: a rush of web requests, each
 * of them synchronous down to the database, does not keep an interaction waiting that Discord wants acknowledged.
 */
export class Turns<A> {
  readonly #urgent: Lane<A>;
  readonly #usual: Lane<A>;
  readonly #now: () => number;
  #planned = false;

  constructor(private readonly options: Options<A>) {
    this.#urgent = new Lane(options.most);
    this.#usual = new Lane(options.most);
    this.#now = options.now ?? (() => performance.now());
  }

  /** @returns whether there was room; urgent jobs go before all others. */
  offer(job: A, urgent: boolean): boolean {
    const taken = (urgent ? this.#urgent : this.#usual).put(job);
    if (taken) this.#plan();
    return taken;
  }

  /** Runs everything that waits, at once. */
  drain(): void {
    while (this.#next());
  }

  #plan(): void {
    if (this.#planned) return;
    this.#planned = true;
    setImmediate(() => this.#turn());
  }

  /**
   * What a job has begun goes on in microtasks, before anything else in the process; so the clock is looked at behind
   * those, or a turn would only count how long it takes to begin.
   */
  #turn(): void {
    const until = this.#now() + this.options.turnMs;
    const step = (): void => {
      let goesOn = false;
      try {
        goesOn = this.#next() && this.#now() < until;
      } finally {
        if (goesOn) queueMicrotask(step);
        else this.#rest();
      }
    };
    step();
  }

  #rest(): void {
    this.#planned = false;
    if (this.#urgent.size + this.#usual.size > 0) this.#plan();
  }

  #next(): boolean {
    const job = this.#urgent.take() ?? this.#usual.take();
    if (job === null) return false;
    this.options.run(job);
    return true;
  }
}
