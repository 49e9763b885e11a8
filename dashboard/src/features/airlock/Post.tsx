import { useState } from "react";
import { Button } from "@/components/Button";
import { text, words } from "@/components/format";
import { hashtagsIn, postWords, type PostWords, reworded } from "./post-words";

interface Props {
  content: Record<string, unknown>;
  /** Is told what is other than what is held, and null when nothing is any more. */
  edit?: (changed: Partial<PostWords> | null) => void;
}

/** The post as it will go out; its words can be put right with an approval. */
export function Post({ content, edit }: Props) {
  const held = postWords(content);
  const [now, setNow] = useState<PostWords | null>(null);
  const shown = now ?? held;
  const platforms = Array.isArray(content.platforms) ? content.platforms.map((one) => words(String(one))) : [];
  const change = (next: PostWords | null) => {
    setNow(next);
    edit?.(next && reworded(held, next));
  };
  return (
    <section aria-label="The post">
      <h2>The post</h2>
      {now ? <Fields now={now} change={change} leave={() => change(null)} /> : (
        <>
          <p><strong>{shown.title}</strong></p>
          <p>{shown.caption}</p>
          {shown.hashtags.length > 0 && <p className="dim">{shown.hashtags.join(" ")}</p>}
          {edit && <Button size="small" tone="quiet" onClick={() => setNow(held)}>Change its words</Button>}
        </>
      )}
      <p className="faint sm">
        To {platforms.join(", ")}, {text(content.visibility)}{content.account ? `, as ${text(content.account)}` : ""}, in {text(content.language)}
      </p>
    </section>
  );
}

function Fields({ now, change, leave }: { now: PostWords; change: (next: PostWords) => void; leave: () => void }) {
  const [tags, setTags] = useState(now.hashtags.join(" "));
  return (
    <div className="held-words">
      <div className="field">
        <label htmlFor="post-title">Title</label>
        <input id="post-title" className="input" maxLength={200} value={now.title} onChange={(event) => change({ ...now, title: event.target.value })} />
      </div>
      <div className="field">
        <label htmlFor="post-caption">Caption</label>
        <textarea id="post-caption" className="input" rows={4} maxLength={2200} value={now.caption} onChange={(event) => change({ ...now, caption: event.target.value })} />
      </div>
      <div className="field">
        <label htmlFor="post-tags">Hashtags</label>
        <input id="post-tags" className="input" value={tags} onChange={(event) => (setTags(event.target.value), change({ ...now, hashtags: hashtagsIn(event.target.value) }))} />
        <span className="hint">What you change here is approved as you wrote it.</span>
      </div>
      <div><Button size="small" tone="quiet" onClick={leave}>Leave it as it was</Button></div>
    </div>
  );
}
