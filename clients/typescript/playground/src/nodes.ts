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

  /** The same request at the node whose turn it is, and the node's number, counted from 1; undefined if there is only one node. */
  next(url: string): { url: string; node?: number } {
    if (this.count < 2) {
      return { url };
    }
    const node = (this.turn % this.count) + 1;
    if (this.takeTurns()) {
      this.turn++;
    }
    const target = new URL(url);
    const { hostname, port } = new URL(this.urls[node - 1] as string);
    target.hostname = hostname;
    target.port = port;
    return { url: target.href, node };
  }

  /** A connection to this node failed. */
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
