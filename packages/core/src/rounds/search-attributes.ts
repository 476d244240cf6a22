/** What Temporal can filter campaigns by: name and Temporal's type. Its SQL stores allow ten Keywords and three of each number type. */
export const SEARCH_ATTRIBUTES = {
  ProbityDataset: 'Keyword',
  ProbityTask: 'Keyword',
  ProbityStage: 'Keyword',
  ProbityRound: 'Int',
  ProbityAccepted: 'Int',
  ProbityScore: 'Double',
} as const;

export type SearchAttributeName = keyof typeof SEARCH_ATTRIBUTES;
