/**
 * The button's look. What the page's own rules could reach is marked important: inside a shadow
 * root that wins even over the page's important rules.
 */
export const css = `
:host {
  all: initial !important;
  position: fixed !important;
  z-index: 2147483000 !important;
  inset-block-end: var(--firstline-inset-block, 20px) !important;
  inset-inline-end: var(--firstline-inset-inline, 20px) !important;
  --a: var(--firstline-accent, #17573d);
  --o: var(--firstline-on-accent, #fff);
}
:host([dir="ltr"]) { direction: ltr !important; }
:host([dir="rtl"]) { direction: rtl !important; }
:host([data-position="start"]) {
  inset-inline: var(--firstline-inset-inline, 20px) auto !important;
}
:host([data-dark="true"]) {
  --a: var(--firstline-accent, #8fd3a4);
  --o: var(--firstline-on-accent, #0c2015);
}
button {
  position: relative;
  inline-size: 60px;
  block-size: 60px;
  padding: 0;
  border: 2px solid transparent;
  border-radius: 62% 12% 62% 62%;
  background: var(--a);
  color: var(--o);
  cursor: pointer;
  box-shadow: 0 6px 20px rgb(10 30 20 / .3);
  transition: scale .15s;
}
button[aria-busy="true"] svg { opacity: .4; }
span:not(:empty) {
  position: absolute;
  inset-block-end: 72px;
  inset-inline-end: 0;
  inline-size: 180px;
  padding: 10px 14px;
  border-radius: 18px 18px 4px 18px;
  background: #fff2d8;
  color: #5a3b00;
  font: 15px/1.4 system-ui, sans-serif;
}
:host([data-position="start"]) span { inset-inline: 0 auto; }
button:hover { scale: 1.05; }
button:focus-visible { outline: 3px solid var(--a); outline-offset: 3px; }
svg {
  inline-size: 30px;
  fill: none;
  stroke: currentColor;
  stroke-width: 1.7;
  stroke-linecap: round;
  stroke-linejoin: round;
  vertical-align: middle;
}
b {
  position: absolute;
  inset-block-start: -6px;
  inset-inline-end: -6px;
  min-inline-size: 22px;
  box-sizing: border-box;
  padding: 0 5px;
  border-radius: 11px;
  background: #b3261e;
  color: #fff;
  font: 600 13px/22px system-ui, sans-serif;
}
b[hidden] { display: none; }
@media (prefers-reduced-motion: reduce) { button { transition: none; } }
@media print { :host { display: none !important; } }
`;
