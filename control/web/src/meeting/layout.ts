// The meeting's grid, from a phone's 360 pixels upwards.
import { css } from "lit";

export const layout = css`
  :host { display: block; }
  .meeting {
    display: grid; height: 100svh; overflow: hidden; background: var(--bg);
    grid-template: "header" auto "banners" auto "stage" minmax(13rem, 1fr) "controls" auto / minmax(0, 1fr);
  }
  .meeting.with-thread { grid-template: "header" auto "banners" auto "stage" minmax(12rem, 34svh) "thread" minmax(0, 1fr) "controls" auto / minmax(0, 1fr); }
  .meeting.with-thread.with-screen { grid-template-rows: auto auto minmax(15rem, 46svh) minmax(0, 1fr) auto; }
  header { grid-area: header; display: flex; align-items: center; gap: 0.75rem; padding: 0.5rem 0.75rem; min-width: 0; }
  .room { display: flex; align-items: center; gap: 0.6rem; min-width: 0; flex: 1; padding-left: 0.75rem; border-left: 1px solid var(--line); }
  .room h1 { font-size: var(--text-m); font-weight: 560; letter-spacing: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .actions { display: flex; align-items: center; gap: 0.15rem; }
  .actions .button { padding: 0 0.6rem; }
  .actions .button span { display: none; }
  .banners { grid-area: banners; display: grid; gap: 0.5rem; padding: 0 0.75rem; }
  .banners:has(parley-banner) { padding-bottom: 0.5rem; }
  parley-stage { grid-area: stage; min-height: 0; margin: 0 0.75rem; }
  parley-thread { grid-area: thread; min-height: 0; margin: 0.75rem 0.75rem 0; }
  parley-controls { grid-area: controls; }
  @media (max-width: 30rem) { .mark { display: none; } }
  @media (min-width: 56rem) {
    .meeting { grid-template: "header header" auto "banners banners" auto "stage stage" minmax(0, 1fr) "controls controls" auto / minmax(0, 1fr) auto; }
    .meeting.with-thread {
      grid-template: "header header" auto "banners banners" auto "stage thread" minmax(0, 1fr) "controls controls" auto / minmax(0, 1fr) clamp(21rem, 30vw, 27rem);
    }
    .meeting.with-thread.with-screen { grid-template-rows: auto auto minmax(0, 1fr) auto; }
    header { padding: 0.65rem 1rem; }
    .actions .button span { display: inline; }
    .banners { padding: 0 1rem; }
    parley-stage { margin: 0 0 0 1rem; }
    .meeting:not(.with-thread) parley-stage { margin-right: 1rem; }
    parley-thread { margin: 0 1rem; }
  }
`;
