import { describe, expect, it } from 'vitest';
import { nearestWord } from './nearest-word.js';

describe('nearestWord()', () => {
  it.each([
    ['lerningRate', 'learningRate'],
    ['batchsize', 'batchSize'],
    ['step', 'steps'],
    ['bacth', 'batch'],
  ])('takes "%s" for "%s"', (misspelt, word) => {
    expect(nearestWord(misspelt, ['learningRate', 'batchSize', 'steps', 'batch'])).toBe(word);
  });

  it('suggests nothing where nothing is near, and nothing from nothing', () => {
    expect(nearestWord('colour', ['steps', 'folds'])).toBeUndefined();
    expect(nearestWord('colour', [])).toBeUndefined();
  });

  it('takes the first on a tie', () => {
    expect(nearestWord('mix', ['min', 'max'])).toBe('min');
  });
});
