// Cards and the two-column welcome that sign-in, guest entrance and lobby share.
import { css } from "lit";

export const cards = css`
  .card {
    width: 100%; max-width: 26rem; padding: clamp(1.25rem, 4vw, 2rem); border: 1px solid var(--line); border-radius: var(--radius-l);
    background: var(--surface); box-shadow: var(--shadow-2);
  }
  .stack { display: grid; gap: 1.1rem; }
  .card header { display: grid; gap: 0.35rem; margin-bottom: 1.4rem; }
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
