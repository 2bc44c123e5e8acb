// One field with its button beside it; the button keeps beside the field when a note stands below.
import { css } from "lit";

export const line = css`
  .line { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0.6rem; align-items: start; }
  .line > .button { min-height: 2.75rem; margin-top: 1.6rem; min-width: 5.5rem; }
`;
