/** A type that is `T` where all of it is plain JSON, and holds `never` where it is not: a `Map` or a `Date` becomes something else on its way through a history. */
export type PlainJson<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Member)[]
    ? readonly PlainJson<Member>[]
    : T extends Map<unknown, unknown> | Set<unknown> | Date | ArrayBufferView | ((...args: never) => unknown)
      ? never
      : { [Key in keyof T]: PlainJson<T[Key]> };
