/** One measured time. */
export interface Sample {
  /** When it ended, in milliseconds of the epoch. */
  at: number;
  millis: number;
}

/** The latest samples of a kind, and what is said of them. */
export class Latency {
  private static readonly KEPT = 500;
  readonly samples: Sample[] = [];

  add(sample: Sample): void {
    this.samples.push(sample);
    this.samples.splice(0, this.samples.length - Latency.KEPT);
  }

  /** The value that this part of the samples does not exceed; undefined without samples. */
  quantile(part: number): number | undefined {
    const sorted = this.samples.map(({ millis }) => millis).sort((one, other) => one - other);
    return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
  }
}

/** A tick of an axis: where it is, from 0 to 1, and what it says. */
export interface Tick {
  part: number;
  text: string;
}

/** A logarithmic axis of milliseconds that has room for all samples. */
export class MillisAxis {
  private readonly top: number;

  constructor(samples: readonly Sample[]) {
    const longest = Math.max(10, ...samples.map(({ millis }) => millis));
    this.top = Math.ceil(Math.log10(longest));
  }

  /** From 0 at the bottom, a millisecond or less, to 1 at the top. */
  part(millis: number): number {
    return Math.log10(Math.max(1, millis)) / this.top;
  }

  ticks(): Tick[] {
    return Array.from({ length: this.top + 1 }, (_, exponent) => ({
      part: exponent / this.top,
      text: exponent < 3 ? `${10 ** exponent} ms` : `${10 ** (exponent - 3)} s`,
    }));
  }
}
