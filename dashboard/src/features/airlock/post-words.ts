/** The words of a post that may be put right with an approval. Pure. */
import { text } from "@/components/format";

export interface PostWords {
  title: string;
  caption: string;
  hashtags: string[];
}

export const postWords = (content: Record<string, unknown>): PostWords => ({
  title: text(content.title),
  caption: text(content.caption),
  hashtags: Array.isArray(content.hashtags) ? content.hashtags.map(String) : [],
});

/** `"#tides moon, #sea"` → `["#tides", "#moon", "#sea"]`: each once, in the order they were written. */
export const hashtagsIn = (written: string): string[] => [
  ...new Set(written.split(/[\s,]+/).filter((tag) => tag.replaceAll("#", "")).map((tag) => `#${tag.replace(/^#+/, "")}`)),
];

/** What of the words is other than what is held; null where nothing is. */
export function reworded(held: PostWords, now: PostWords): Partial<PostWords> | null {
  const changed: Partial<PostWords> = {};
  if (now.title !== held.title) changed.title = now.title;
  if (now.caption !== held.caption) changed.caption = now.caption;
  if (now.hashtags.join(" ") !== held.hashtags.join(" ")) changed.hashtags = now.hashtags;
  return Object.keys(changed).length ? changed : null;
}
