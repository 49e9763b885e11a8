import type { CSSProperties, ReactNode } from "react";
import { Scroll } from "./Scroll";

/** What a table says of each row, and how. */
export interface Column<Row> {
  /** Empty over buttons, which say themselves what they do. */
  head: string;
  /** What the head means, where a word is too short for it. */
  says?: string;
  /** Numbers end at the same edge, digit under digit. */
  right?: boolean;
  /** This one has the room that the others leave, and at least that much; long words break or are cut. */
  room?: string;
  cut?: boolean;
  dim?: boolean;
  cell: (row: Row) => ReactNode;
}

interface Props<Row> {
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  id: (row: Row) => string | number;
}

/** Rows under heads. Where the screen is too narrow for it, each row is a card: its first column is the title of it. */
export function Table<Row>({ label, rows, columns, id }: Props<Row>) {
  return (
    <Scroll label={label}>
      <table className="table cards">
        <thead>
          <tr>{columns.map((one) => (one.head ? <th key={one.head} className={one.right ? "right" : undefined} title={one.says}>{one.head}</th> : <td key={one.head} />))}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={id(row)}>
              {columns.map((one) => (
                <td key={one.head} data-head={one.head} className={looks(one)} style={one.room ? ({ "--room": one.room } as CSSProperties) : undefined}>
                  <div className={one.cut ? "cell clip" : "cell"}>{one.cell(row)}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

const looks = (column: Pick<Column<unknown>, "right" | "room" | "dim">): string =>
  [column.right && "right num", column.room && "wide", column.dim && "dim"].filter(Boolean).join(" ");
