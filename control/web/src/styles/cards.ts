// Cards and the two-column welcome that sign-in, guest entrance and lobby share.
import { css } from "lit";

export const cards = css`
  .card {
    width: 100%; max-width: 26rem; padding: clamp(1.25rem, 4vw, 2rem); border: 1px solid var(--line); border-radius: var(--radius-l);
    background: var(--surface); box-shadow: var(--shadow-2);
  }
  .stack { display: grid; gap: 1.1rem; }
  .card header { display: grid; gap: 0.35rem; margin-bottom: 1.4rem; }
  .card .foot { margin-top: 1.4rem; text-align: center; color: var(--ink-2); }
  .card :is(h1, h2) { font-size: var(--text-xl); letter-spacing: -0.016em; }
  .card :is(h1, h2):focus { outline: 0; }
  .with-link { position: relative; }
  .with-link > a { position: absolute; right: 0; top: 0; }
  .ways { display: grid; gap: 0.6rem; }
  .or { display: grid; grid-template-columns: 1fr auto 1fr; align-items: center; gap: 0.8rem; color: var(--ink-3); font-size: var(--text-s); line-height: 1; }
  .or::before, .or::after { content: ""; border-top: 1px solid var(--line); }
  .plain { padding: 0; border: 0; background: none; color: var(--accent); font: inherit; text-decoration: underline; text-underline-offset: 0.18em; cursor: pointer; }
  .seal { display: grid; place-content: center; width: 3rem; height: 3rem; border-radius: 50%; background: var(--accent-soft); color: var(--accent); margin-bottom: 0.4rem; }
  .welcome { display: grid; gap: clamp(2rem, 6vw, 6rem); align-items: center; justify-items: center; width: 100%; max-width: 62rem; }
  .pitch { display: none; }
  @media (min-width: 56rem) {
    .welcome { grid-template-columns: 1fr 26rem; justify-items: stretch; }
    .pitch { display: grid; gap: 1.75rem; }
    .pitch parley-orb { margin: 0 0 -0.5rem -1.7rem; }
    .pitch h1 { font-size: clamp(2.25rem, 1rem + 2.8vw, 3.1rem); line-height: 1.06; letter-spacing: -0.035em; max-width: 13ch; }
    .pitch p { max-width: 38ch; font-size: var(--text-l); color: var(--ink-2); }
  }
`;
