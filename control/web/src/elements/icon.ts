// Line icons on a 24-unit grid, drawn in the colour of the text around them. Hidden from screen readers:
// the control that carries one is named by its own text or label.
import { html, svg, type TemplateResult } from "lit";

const SHAPES = {
  mic: svg`<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/>`,
  "mic-off": svg`<path d="M15 9.5V6a3 3 0 0 0-5.8-1M9 9.5V11a3 3 0 0 0 4.2 2.75M5.5 11.5a6.5 6.5 0 0 0 9.8 5.6M18.5 11.5c0 1-.2 1.9-.6 2.7M12 18v3M4 3.5l16 17"/>`,
  screen: svg`<rect x="3" y="4.5" width="18" height="12" rx="2"/><path d="M9 20h6M12 7.5v5.5M9.5 9.8 12 7.3l2.5 2.5"/>`,
  pause: svg`<path d="M9 6v12M15 6v12"/>`,
  play: svg`<path d="M8 5.5v13l10.5-6.5z"/>`,
  stop: svg`<rect x="6.5" y="6.5" width="11" height="11" rx="2"/>`,
  agent: svg`<circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4"/>`,
  "agent-off": svg`<path d="M9.2 9.2a4 4 0 0 0 5.6 5.6M15.9 12.8A4 4 0 0 0 11.2 8.1M12 3v2M12 19v2M3 12h2M19 12h2M17 7l1.4-1.4M5.6 18.4 7 17M4 3.5l16 17"/>`,
  link: svg`<path d="M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12 17"/>`,
  leave: svg`<path d="M10 4H6.5A2.5 2.5 0 0 0 4 6.5v11A2.5 2.5 0 0 0 6.5 20H10M15 8l4 4-4 4M19 12H9.5"/>`,
  send: svg`<path d="M12 19V5M6 11l6-6 6 6"/>`,
  close: svg`<path d="M6 6l12 12M18 6 6 18"/>`,
  copy: svg`<rect x="8.5" y="8.5" width="11.5" height="11.5" rx="2.5"/><path d="M15.5 5.5A2 2 0 0 0 13.5 4h-7A2.5 2.5 0 0 0 4 6.5v7a2 2 0 0 0 1.5 2"/>`,
  check: svg`<path d="M5 12.5l4.5 4.5L19 7.5"/>`,
  thread: svg`<path d="M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-4.5 4v-4A2.5 2.5 0 0 1 4 13.5z"/>`,
  transcript: svg`<path d="M6 3.5h8l4 4V18a2.5 2.5 0 0 1-2.5 2.5h-7A2.5 2.5 0 0 1 6 18zM9.5 11h5M9.5 14.5h5"/>`,
  sun: svg`<circle cx="12" cy="12" r="4"/><path d="M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.600l1.1 1.100M17.3 17.300l1.1 1.100M5.6 18.400l1.1-1.100M17.3 6.700l1.1-1.1"/>`,
  moon: svg`<path d="M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z"/>`,
  auto: svg`<circle cx="12" cy="12" r="8"/><path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor"/>`,
  info: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 8h.01"/>`,
  alert: svg`<path d="M12 4 3.5 19h17zM12 10v4M12 16.5h.01"/>`,
  volume: svg`<path d="M4 10v4h3.5L12 18V6L7.5 10zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11"/>`,
  download: svg`<path d="M12 4v11M7 10.5l5 5 5-5M5 20h14"/>`,
  shield: svg`<path d="M12 3.5 5 6v5.5c0 4.3 2.9 7.5 7 9 4.1-1.5 7-4.7 7-9V6z"/>`,
  door: svg`<path d="M6.5 20.5V5a1.5 1.5 0 0 1 1.5-1.5h8A1.5 1.5 0 0 1 17.5 5v15.5M4 20.5h16M14 12v1"/>`,
  people: svg`<circle cx="9" cy="8.5" r="3.5"/><path d="M3 19.5c.4-3.3 2.9-5 6-5s5.6 1.7 6 5M15.5 5.3a3.5 3.5 0 0 1 0 6.4M18 15.2c1.7.8 2.7 2.2 3 4.3"/>`,
  key: svg`<circle cx="8" cy="15" r="4"/><path d="M11 12l8.5-8.5M16 7l3 3M13.5 9.5l1.5 1.5"/>`,
  person: svg`<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.5-4 3.6-6 7.5-6s7 2 7.5 6"/>`,
  plus: svg`<path d="M12 5v14M5 12h14"/>`,
  chevron: svg`<path d="M7 10l5 5 5-5"/>`,
  back: svg`<path d="M19 12H5M11 6l-6 6 6 6"/>`,
  mail: svg`<rect x="3.5" y="5.5" width="17" height="13" rx="2.5"/><path d="M4.5 7.5 12 13l7.5-5.5"/>`,
  phone: svg`<rect x="7" y="3" width="10" height="18" rx="2.5"/><path d="M11 18h2"/>`,
  passkey: svg`<circle cx="9.5" cy="8" r="3.8"/><path d="M3.5 20c.4-3.6 2.7-5.5 6-5.5.9 0 1.7.1 2.4.4M17.5 17v4l1.5-1.3M17.5 17a2.8 2.8 0 1 1 .02 0z"/>`,
  device: svg`<rect x="3.5" y="5" width="17" height="11" rx="2"/><path d="M2 19.5h20"/>`,
  document: svg`<path d="M6 3.5h8l4 4V18a2.5 2.5 0 0 1-2.5 2.5h-7A2.5 2.5 0 0 1 6 18zM13.5 3.5V8H18"/>`,
  arrow: svg`<path d="M5 12h14M13 6l6 6-6 6"/>`,
} as const;

export type IconName = keyof typeof SHAPES;

export function icon(name: IconName, sizePx = 20): TemplateResult {
  return html`<svg width=${sizePx} height=${sizePx} viewBox="0 0 24 24" fill="none" stroke="currentColor"
    stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${SHAPES[name]}</svg>`;
}
