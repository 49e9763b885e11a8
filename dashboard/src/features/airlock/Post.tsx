import { text, words } from "@/components/format";

/** The post as it will go out. */
export function Post({ content }: { content: Record<string, unknown> }) {
  const tags = Array.isArray(content.hashtags) ? content.hashtags.map(String) : [];
  const platforms = Array.isArray(content.platforms) ? content.platforms.map((one) => words(String(one))) : [];
  return (
    <section aria-label="The post">
      <h2>The post</h2>
      <p><strong>{text(content.title)}</strong></p>
      <p>{text(content.caption)}</p>
      {tags.length > 0 && <p className="dim">{tags.join(" ")}</p>}
      <p className="faint sm">
        To {platforms.join(", ")}, {text(content.visibility)}{content.account ? `, as ${text(content.account)}` : ""}, in {text(content.language)}
      </p>
    </section>
  );
}
