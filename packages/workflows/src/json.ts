/** What survives the trip through a history: a `Map` or a `Date` becomes something else on the way. */
export type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json };

/** A type that is `T` where all of it is plain JSON, and an error at compile time where it is not. */
export type PlainJson<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Member)[]
    ? readonly PlainJson<Member>[]
    : T extends Map<unknown, unknown> | Set<unknown> | Date | ((...args: never) => unknown)
      ? never
      : { [Key in keyof T]: PlainJson<T[Key]> };
