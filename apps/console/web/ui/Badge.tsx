const TONES: Record<string, 'good' | 'bad' | 'busy' | 'plain'> = {
  running: 'busy',
  completed: 'good',
  done: 'good',
  failed: 'bad',
  'timed-out': 'bad',
  terminated: 'bad',
  waiting: 'plain',
  cancelled: 'plain',
};

/** A state in one word. */
export function Badge({ word }: { word: string }) {
  return <span className={`badge badge-${TONES[word] ?? 'plain'}`}>{word}</span>;
}
