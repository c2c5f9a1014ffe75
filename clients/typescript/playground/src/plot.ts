import { drawn, element, millisText } from './dom.js';
import { MillisAxis, type Latency } from './latency.js';

/** A kind of latency with its name. */
export interface Series {
  name: string;
  className: 'message' | 'call';
  latency: Latency;
}

const LEFT = 60;
const TOP = 12;
const BOTTOM = 195;
const HEIGHT = 220;

/** Draws the latencies over time, and says them in words and in a table. */
export function drawLatencies(plot: SVGElement, caption: HTMLElement, table: HTMLElement, series: readonly Series[]): void {
  // In the pixels of the page, so that its text has one size in windows of all widths.
  const width = plot.clientWidth || 800;
  plot.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
  const right = width - 10;
  const samples = series.flatMap(({ latency }) => latency.samples);
  const axis = new MillisAxis(samples);
  const height = (millis: number): number => BOTTOM - axis.part(millis) * (BOTTOM - TOP);
  const first = Math.min(...samples.map(({ at }) => at));
  const last = Math.max(...samples.map(({ at }) => at));
  const along = (at: number): number => (last === first ? right - 6 : LEFT + 6 + ((at - first) / (last - first)) * (right - LEFT - 12));
  const lines = axis.ticks().flatMap(({ part, text }) => {
    const y = BOTTOM - part * (BOTTOM - TOP);
    return [
      drawn('line', { x1: LEFT, x2: right, y1: y, y2: y }),
      drawn('text', { x: LEFT - 8, y: y + 4, 'text-anchor': 'end' }, text),
    ];
  });
  const points = series.flatMap(({ latency, className }) =>
    latency.samples.map(({ at, millis }) => point(className, along(at), height(millis))),
  );
  const legend = [
    point('message', LEFT + 8, BOTTOM + 17),
    drawn('text', { x: LEFT + 18, y: BOTTOM + 21 }, 'webhook to app'),
    point('call', LEFT + 138, BOTTOM + 17),
    drawn('text', { x: LEFT + 148, y: BOTTOM + 21 }, 'call to answer'),
  ];
  plot.replaceChildren(...lines, ...points, ...legend);
  caption.textContent =
    samples.length === 0
      ? 'Nothing was measured yet.'
      : `Latency over time, logarithmic: ${series.map(inWords).join('; ')}.`;
  table.replaceChildren(...series.map(row));
}

function point(className: Series['className'], x: number, y: number): SVGElement {
  return className === 'message'
    ? drawn('circle', { class: className, cx: x, cy: y, r: 4 })
    : drawn('path', { class: className, d: `M${x} ${y - 5}L${x + 5} ${y}L${x} ${y + 5}L${x - 5} ${y}Z` });
}

function inWords({ name, latency }: Series): string {
  const median = latency.quantile(0.5);
  return `${name}: ${latency.samples.length} measured${median === undefined ? '' : `, median ${millisText(median)}`}`;
}

function row({ name, latency }: Series): HTMLElement {
  const head = element('th', '', name);
  head.setAttribute('scope', 'row');
  const cells = [0.5, 0.95, 1].map((part) => {
    const value = latency.quantile(part);
    return element('td', '', value === undefined ? '–' : millisText(value));
  });
  return element('tr', '', head, element('td', '', `${latency.samples.length}`), ...cells);
}
