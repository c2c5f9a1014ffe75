/** The nodes of delivery-service, of which the phone uses one until that fails, or one after the other. */
export class Nodes {
  private turn = 0;

  /**
   * @param urls their addresses
   * @param takeTurns whether each request goes to the next node
   */
  constructor(
    private readonly urls: readonly string[],
    private readonly takeTurns: () => boolean,
  ) {}

  get count(): number {
    return this.urls.length;
  }

  /** The same request at the node whose turn it is, and the node's number, counted from 1; of a single node there is none. */
  next(url: string): { url: string; node?: number } {
    if (this.count < 2) {
      return { url };
    }
    const node = (this.turn % this.count) + 1;
    if (this.takeTurns()) {
      this.turn++;
    }
    const target = new URL(url);
    target.host = new URL(this.urls[node - 1] as string).host;
    return { url: target.href, node };
  }

  /** A node did not answer. */
  failed(node: number | undefined): void {
    if (node !== undefined && (this.turn % this.count) + 1 === node) {
      this.turn++;
    }
  }
}

/** What to add to a text about something that these nodes did, one after the other. */
export function nodeText(before: string, nodes: number[]): string {
  return nodes.length === 0 ? '' : ` ${before} node ${nodes.join(', then node ')}`;
}
