/** RFC 4180: lines end in CR LF nowhere we know of, so LF; a cell with comma, quote or line break is quoted. */
export function csvText(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, string | number | undefined>>[],
): string {
  const cell = (value: string | number | undefined) => {
    const text = value === undefined ? '' : String(value);
    return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns.map(cell), ...rows.map((row) => columns.map((column) => cell(row[column])))];
  return `${lines.map((cells) => cells.join(',')).join('\n')}\n`;
}
