import { html, type TemplateResult } from "lit";

const icon = (path: string): TemplateResult =>
  html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${path} /></svg>`;

export const icons = {
  attach: icon("M19 11l-7.500 7.500a4.500 4.500 0 0 1-6.400-6.400l8-8a3 3 0 0 1 4.300 4.300l-8 8"),
  camera: icon("M4 8h3l2-3h6l2 3h3v11H4zM12 16.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7z"),
  close: icon("M6 6l12 12M18 6L6 18"),
  edit: icon("M4 20l1-4L16 5l3 3L8 19z"),
  file: icon("M6 3h8l4 4v14H6zM14 3v4h4"),
  leaf: icon("M5 19c0-9 5-14 14-14 0 9-5 14-14 14zm0 0c3-5 6-8 9-9.500"),
  more: icon("M5 12h.01M12 12h.01M19 12h.01"),
  send: icon("M12 19V5M5.500 11.500L12 5l6.500 6.500"),
};
