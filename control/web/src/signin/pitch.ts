// What Parley is, beside the form of somebody who comes in.
import { html } from "lit";
import "../elements/orb.ts";

export const pitch = html`
  <div class="pitch">
    <parley-orb state="listening"></parley-orb>
    <h1>A teammate in the room.</h1>
    <p>Parley listens, reads what you type and looks at the screen you share. It answers by voice and in writing, and keeps one transcript of it all.</p>
  </div>
`;
