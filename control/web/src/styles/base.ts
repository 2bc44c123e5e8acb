// What every shadow root starts from; document styles do not reach inside.
import { css } from "lit";

export const base = css`
  :host { box-sizing: border-box; }
  :host([hidden]), [hidden] { display: none !important; }
  *, *::before, *::after { box-sizing: border-box; }
  h1, h2, h3, p, ul, ol, figure { margin: 0; padding: 0; }
  ul, ol { list-style: none; }
  h1, h2, h3 { font-weight: 620; letter-spacing: -0.011em; line-height: 1.2; text-wrap: balance; }
  h1 { font-size: var(--text-2xl); letter-spacing: -0.022em; }
  h2 { font-size: var(--text-l); }
  p { text-wrap: pretty; }
  a { color: var(--accent); text-underline-offset: 0.18em; }
  :focus-visible { outline: var(--focus); outline-offset: 2px; }
  .muted { color: var(--ink-2); }
  .small { font-size: var(--text-s); }
  .visually-hidden {
    position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { animation-duration: 0.01ms !important; animation-iteration-count: 1 !important; transition-duration: 0.01ms !important; }
  }
`;
