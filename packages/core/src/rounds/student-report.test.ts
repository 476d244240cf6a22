import { describe, expect, it } from 'vitest';
import type { CalibrationError } from '../schemas/round-artifacts.js';
import { compareStudent, type Compared } from './student-report.js';

const interval = (value: number) => ({ value, low: value - 0.1, high: value + 0.1, level: 0.95 });
const error = (value: number): CalibrationError => ({
  ece: interval(value),
  brier: interval(value),
  nll: interval(value),
  bins: [],
});
const evaluation = (at: number, metrics: Compared['metrics'], classCount = 1): Compared => ({
  score: interval(at),
  metrics,
  calibrationAfter: Array.from({ length: classCount }, (_, c) => error(at + c)),
});

describe('compareStudent()', () => {
  it('sets each class of the student below that of the ensemble, with the probabilities that each is used with', () => {
    const ensemble = evaluation(0.2, { 'dice:cyst': interval(0.8), 'iou:cyst': interval(0.1) }, 2);
    const student = evaluation(0.3, { 'dice:cyst': interval(0.7), 'dice:stone': interval(0.6) }, 2);
    const rows = compareStudent({ classes: ['background', 'cyst', 'stone'], ensemble, student });
    expect(rows).toEqual([
      { className: 'cyst', model: 'ensemble', dice: interval(0.8), error: error(0.2) },
      { className: 'cyst', model: 'student', dice: interval(0.7), error: error(0.3) },
      { className: 'stone', model: 'ensemble', error: error(1.2) },
      { className: 'stone', model: 'student', dice: interval(0.6), error: error(1.3) },
    ]);
  });

  it('knows no Dice of a classification', () => {
    const whole = evaluation(0.9, { accuracy: interval(0.9) });
    const rows = compareStudent({ classes: ['no', 'yes'], ensemble: whole, student: whole });
    expect(rows.map(({ className, dice }) => [className, dice])).toEqual([
      ['yes', undefined],
      ['yes', undefined],
    ]);
  });
});
