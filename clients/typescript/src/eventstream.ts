/** One server-sent event. */
export interface StreamEvent {
  type: string;
  data: string;
}

/**
 * Parses server-sent events (HTML standard, section 9.2.6) from pieces that may be cut anywhere. The id is left to the
 * data, which has the cursor too. An event that was cut off is not complete, and never returned.
 */
export class EventParser {
  private rest = '';
  private type = '';
  private data: string[] = [];

  /** The events that are complete with this piece. */
  push(piece: string): StreamEvent[] {
    const lines = piece.split('\n');
    lines[0] = this.rest + (lines[0] as string);
    this.rest = lines.pop() as string;
    const events: StreamEvent[] = [];
    for (const line of lines) {
      const event = this.line(line.endsWith('\r') ? line.slice(0, -1) : line);
      if (event) {
        events.push(event);
      }
    }
    return events;
  }

  private line(line: string): StreamEvent | undefined {
    if (line === '') {
      const event = { type: this.type, data: this.data.join('\n') };
      this.type = '';
      this.data = [];
      return event.type ? event : undefined;
    }
    const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line) as unknown as [string, string, string];
    if (name === 'event') {
      this.type = value;
    } else if (name === 'data') {
      this.data.push(value);
    }
    return undefined;
  }
}
