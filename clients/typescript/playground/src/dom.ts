/** The element with this id, which the page has. */
export function byId<T extends Element = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) {
    throw new Error(`the page has no element ${id}`);
  }
  return element as unknown as T;
}

/** A new element with a class and children; texts are never read as HTML. */
export function element(name: string, className: string, ...children: (Node | string)[]): HTMLElement {
  const created = document.createElement(name);
  if (className) {
    created.className = className;
  }
  created.append(...children);
  return created;
}

/** A new element of an image with attributes. */
export function drawn(name: string, attributes: Record<string, string | number>, text = ''): SVGElement {
  const created = document.createElementNS('http://www.w3.org/2000/svg', name);
  Object.entries(attributes).forEach(([key, value]) => created.setAttribute(key, `${value}`));
  created.textContent = text;
  return created;
}

/** A time of day with milliseconds. */
export function timeText(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => `${value}`.padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${`${date.getMilliseconds()}`.padStart(3, '0')}`;
}

/** What went wrong. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : `${error}`;
}

/** A duration. */
export function millisText(millis: number): string {
  return millis < 10_000 ? `${Math.round(millis)} ms` : `${(millis / 1000).toFixed(1)} s`;
}
