import { element, millisText } from './dom.js';
import { PLACES, type Hop, type Place, type Way } from './ways.js';

const SHOWN = 12;

/** Draws the newest ways, each as a sequence diagram that is a list of its arrows to those who do not see it. */
export function drawWays(list: HTMLElement, ways: readonly Way[]): void {
  list.replaceChildren(...ways.slice(0, SHOWN).map(drawWay));
}

function drawWay(way: Way): HTMLElement {
  const names = PLACES.map((place) => nameOf(place, way));
  const places = element('div', 'places', ...names.map((name) => element('span', '', name)));
  places.setAttribute('aria-hidden', 'true');
  const total = way.total === undefined ? '' : `${millisText(way.total)} ${way.kind === 'message' ? 'to the app' : 'to the answer'}`;
  const title = element('h3', 'way-title', element('code', '', way.title), element('span', 'quiet', total));
  const hops = element('ol', 'hops', ...way.hops.map((hop) => drawHop(hop, way)));
  const item = element('li', '', title, places, hops);
  item.dataset['kind'] = way.kind;
  item.dataset['id'] = way.id;
  return item;
}

function drawHop(hop: Hop, way: Way): HTMLElement {
  const from = PLACES.indexOf(hop.from);
  const to = PLACES.indexOf(hop.to);
  const direction = element('span', 'hidden', `${nameOf(hop.from, way)} to ${nameOf(hop.to, way)}: `);
  const after = hop.after === undefined ? [] : [' ', element('span', 'after', `+${millisText(hop.after)}`)];
  const what = element('div', 'what', element('span', '', direction, hop.what, ...after));
  const arrow = element('span', 'arrow');
  arrow.setAttribute('aria-hidden', 'true');
  return element('li', `hop at${Math.min(from, to)} ${to > from ? 'right' : 'left'}${hop.isBad ? ' isbad' : ''}`, what, arrow);
}

function nameOf(place: Place, way: Way): string {
  switch (place) {
    case 'fireblocks':
      return 'Fireblocks';
    case 'service':
      return way.kind === 'message' ? 'ingress' : 'rpc';
    case 'kafka':
      return 'Kafka';
    default:
      return place;
  }
}
