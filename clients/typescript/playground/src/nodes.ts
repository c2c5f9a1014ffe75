/** Where a request goes: the node's number is counted from 1, and undefined if there is only one node. */
export interface Target {
  url: string;
  node?: number;
}

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

  /** The address of the first, for a client that knows of one. */
  get first(): string {
    return this.urls[0] as string;
  }

  /** The same request at the node whose turn it is. */
  next(url: string): Target {
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

/** What to add to a text about something that these nodes did, one after the other; nothing of those that are not known. */
export function nodeText(before: string, nodes: readonly (number | undefined)[]): string {
  const known = nodes.filter((node) => node !== undefined);
  return known.length === 0 ? '' : ` ${before} node ${known.join(', then node ')}`;
}
