/** Names with an @ in what people write. Pure. */
import type { ItemDetail, Note } from "@/api/airlock";

const NAME = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?";
const NAMED = new RegExp(`(?<![\\w@.])(@${NAME})`, "g");
const WHOLE = new RegExp(`^${NAME}$`);
const TYPED = /(?<![\w@.])@([A-Za-z0-9._-]{0,64})$/;

/** Everybody who has to do with an item, besides the one who writes. */
export function peopleOf(detail: Pick<ItemDetail, "item" | "decisions">, notes: readonly Note[], me: string): string[] {
  const { item } = detail;
  const found = [
    item.requested_by,
    item.assigned_to,
    item.claim?.by,
    ...item.stage.any_of,
    ...detail.decisions.map((one) => one.decided_by),
    ...notes.flatMap((note) => [note.author, ...note.mentions, ...note.replies.flatMap((reply) => [reply.author, ...reply.mentions])]),
  ];
  return [...new Set(found)].filter((name): name is string => !!name && name !== me && WHOLE.test(name)).sort();
}

/** What is typed of a name just before the caret; null when none is. */
export const typedName = (text: string, caret: number): string | null => TYPED.exec(text.slice(0, caret))?.[1] ?? null;

/** The text with the name that is typed before the caret written out, and where the caret is then. */
export function completed(text: string, caret: number, name: string): { text: string; caret: number } {
  const before = text.slice(0, caret).replace(TYPED, `@${name} `);
  return { text: before + text.slice(caret).replace(/^ /, ""), caret: before.length };
}

/** A text in pieces: every second one is a name with its @. */
export const piecesOf = (text: string): string[] => text.split(NAMED);
