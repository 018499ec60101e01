import type { Spread } from '../statistics';

export type Cell = string | number | Spread;

/** A part of the results; a row's keys are its columns. */
export interface Chapter {
  title: string;
  explanation: string;
  rows: Record<string, Cell>[];
}
