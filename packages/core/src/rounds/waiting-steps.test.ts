import { expect, it } from 'vitest';
import { waitingSentence, waitsForSlot } from './waiting-steps.js';

const running = { state: 'running', attempt: 1 } as const;
const waiting = { state: 'waiting', attempt: 1 } as const;
const triedAgain = { state: 'waiting', attempt: 2 } as const;

it('tells steps that wait for a slot from those under way or in trouble', () => {
  expect([running, waiting, triedAgain].map(waitsForSlot)).toEqual([false, true, false]);
});

it('counts them', () => {
  expect(waitingSentence([running, triedAgain])).toBeUndefined();
  expect(waitingSentence([running, waiting])).toBe('1 more waits for a free slot');
  expect(waitingSentence([waiting, waiting, waiting])).toBe('3 more wait for a free slot');
});
