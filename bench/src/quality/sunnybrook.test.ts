import { expect, it } from 'vitest';
import { parseManifest } from './sunnybrook.js';

it('reads the columns by name and refuses a short line', () => {
  expect(parseManifest('id,image,mask,x,patient\na,images/a.png,masks/a.png,9,p\n', '/data')).toEqual([
    { id: 'a', group: 'p', image: '/data/images/a.png', mask: '/data/masks/a.png' },
  ]);
  expect(() => parseManifest('id,image,mask,patient\na,b,c', '/data')).toThrow('line "a,b,c" has no patient');
});
