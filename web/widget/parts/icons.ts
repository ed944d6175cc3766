import { svg, type TemplateResult } from "lit";

const icon = (path: string): TemplateResult =>
  svg`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${path} /></svg>` as TemplateResult;

export const icons = {
  close: icon("M6 6l12 12M18 6L6 18"),
  send: icon("M12 19V5M5.5 11.5L12 5l6.5 6.5"),
  leaf: icon("M5 19c0-9 5-14 14-14 0 9-5 14-14 14zm0 0c3-5 6-8 9-9.500"),
  edit: icon("M4 20l1-4L16 5l3 3L8 19z"),
};
